/** For `sort`: by code point, the same everywhere. A locale's order costs a hundred times as much, and reads no better. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
