/**
 * The JSON in what a command printed; undefined where there is none. Warnings may stand before it and after it, and
 * Go writes a list of nothing as null.
 */
export function saidJson(output: string): unknown {
  const whole = parsed(output);
  if (whole !== undefined) return whole;
  const begin = /^[ \t]*[[{]/m.exec(output)?.index;
  if (begin === undefined) return undefined;
  const end = Math.max(output.lastIndexOf('}'), output.lastIndexOf(']'));
  return parsed(output.slice(begin, end + 1));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
