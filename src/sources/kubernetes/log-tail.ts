/**
 * The lines of a log between the one who reads the socket and the one who shows them. However fast they come and
 * however slowly they are fetched, it stays small: the oldest are dropped and counted, and a line without an end is
 * cut. Bytes are decoded only when they are fetched.
 */
export type LogTail = {
  push(chunk: Buffer): void;
  /** The end of the stream: what has no line break yet is a line too. */
  finish(): void;
  /** The stream broke and begins anew: half a line is forgotten, and `restarted` stands between old and new lines. */
  restart(): void;
  /** What has come since the last time; `dropped` lines are missing before it. */
  take(): { lines: Buffer[]; dropped: number };
};

/** No line: from here on lines come from another connection, and may repeat. */
export const restarted = Buffer.from('restarted');

const mostLines = 5_000;
const mostBytes = 2 * 1_048_576;
const longestLine = 16_384;

export function createLogTail(): LogTail {
  let lines: Buffer[] = [];
  let first = 0;
  let bytes = 0;
  let dropped = 0;
  let lostRestart = false;
  let open: Buffer[] = [];
  let openBytes = 0;

  function keep(line: Buffer): void {
    lines.push(line);
    bytes += line.length;
    while (lines.length - first > mostLines || bytes > mostBytes) {
      bytes -= lines[first]?.length ?? 0;
      if (lines[first] === restarted) lostRestart = true;
      else dropped += 1;
      first += 1;
    }
    if (first > mostLines) {
      lines = lines.slice(first);
      first = 0;
    }
  }

  function openWith(part: Buffer): void {
    if (openBytes < longestLine) open.push(Buffer.from(part.subarray(0, longestLine - openBytes)));
    openBytes += part.length;
  }

  function endLine(): void {
    const cut = openBytes > longestLine ? [Buffer.from(` …+${openBytes - longestLine} bytes`)] : [];
    keep(Buffer.concat([...open, ...cut]));
    open = [];
    openBytes = 0;
  }

  return {
    push(chunk) {
      let start = 0;
      for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
        const line = chunk.subarray(start, end);
        if (openBytes === 0 && line.length <= longestLine) keep(line);
        else {
          openWith(line);
          endLine();
        }
        start = end + 1;
      }
      if (start < chunk.length) openWith(chunk.subarray(start));
    },
    finish() {
      if (openBytes > 0) endLine();
    },
    restart() {
      open = [];
      openBytes = 0;
      keep(restarted);
    },
    take() {
      const taken = { lines: [...(lostRestart ? [restarted] : []), ...lines.slice(first)], dropped };
      lostRestart = false;
      lines = [];
      first = 0;
      bytes = 0;
      dropped = 0;
      return taken;
    },
  };
}
