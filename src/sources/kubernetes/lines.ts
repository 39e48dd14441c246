/** A line longer than this is no line of ours, bytes: the connection is given up rather than the memory. */
const longestLine = 64 * 1_048_576;

/** Cuts chunks into lines; what is left without a line break at the end is never handed out. */
export function createLineSplitter(onLine: (line: string) => void): (chunk: Buffer) => void {
  let rest: Buffer[] = [];
  let restBytes = 0;
  return (chunk) => {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      if (restBytes === 0) {
        if (end > start) onLine(chunk.toString('utf8', start, end));
      } else {
        // Bytes are joined before they are decoded: a character may be cut in two.
        const line = Buffer.concat([...rest, chunk.subarray(start, end)]).toString('utf8');
        rest = [];
        restBytes = 0;
        onLine(line);
      }
      start = end + 1;
    }
    if (start === chunk.length) return;
    rest.push(start === 0 ? chunk : chunk.subarray(start));
    restBytes += chunk.length - start;
    if (restBytes > longestLine) throw new Error('a line of more than 64 MB');
  };
}

const fieldsStart = '"managedFields":[{';
/** Custom resources come with sorted keys: `name` is next. In built-in kinds managedFields is the last of metadata. */
const sortedNext = '}],"name":"';
const lastOfMetadata = '}]},"spec":{';

/**
 * Leaves out metadata.managedFields, a third of the bytes that JSON.parse would read for nothing. managedFields holds
 * no other array, so the first `}]` is its end, or stands in a string, where no unescaped quote can follow. Anything
 * unexpected: the text stays as it is.
 */
export function withoutManagedFields(json: string): string {
  let kept = '';
  let done = 0;
  for (let from = json.indexOf(fieldsStart); from !== -1; from = json.indexOf(fieldsStart, done)) {
    const to = json.indexOf('}]', from);
    if (to === -1) return json;
    if (json.startsWith(sortedNext, to)) {
      kept += json.slice(done, from);
      done = to + 3;
    } else if (json.startsWith(lastOfMetadata, to) && json[from - 1] === ',') {
      kept += json.slice(done, from - 1);
      done = to + 2;
    } else return json;
  }
  return done === 0 ? json : kept + json.slice(done);
}
