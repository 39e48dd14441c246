// Moments of the service as text, to 100 ns: a Date would lose four of their seven digits.

const FORM = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?Z?$/;

/** With all seven digits, so that texts compare as moments do; '' for anything else. */
export function moment(value: unknown): string {
  const found = typeof value === 'string' ? FORM.exec(value) : null;
  return found ? `${found[1]}.${(found[2] ?? '').padEnd(7, '0')}Z` : '';
}

/** Milliseconds since 1970; 0 for what is no moment. */
export function milliseconds(text: string): number {
  return Date.parse(text.replace(/\d{4}Z$/, 'Z')) || 0;
}

/** So much earlier, ms. */
export function before(text: string, ms: number): string {
  const at = milliseconds(text);
  return `${new Date(at - ms).toISOString().slice(0, -1)}${text.slice(-5)}`;
}

export function momentOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -1)}0000Z`;
}

export function earlier(a: string, b: string): string {
  return a < b ? a : b;
}

export function later(a: string, b: string): string {
  return a > b ? a : b;
}
