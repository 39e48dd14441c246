/** What one can read and a frame can hold: deeper or larger objects would stop the screen for seconds. */
const DEEPEST = 60;
const MOST = 20_000;

/** The value cut to 60 levels and 20,000 values, and whether anything was. */
export function bounded(value: unknown): { value: unknown; cut: boolean } {
  let left = MOST;
  let cut = false;
  const copy = (inner: unknown, depth: number): unknown => {
    left -= 1;
    if (typeof inner !== 'object' || inner === null) return inner;
    if (depth >= DEEPEST) {
      cut = true;
      return '…';
    }
    if (Array.isArray(inner)) return take(inner, (item) => copy(item, depth + 1));
    return Object.fromEntries(take(Object.entries(inner), ([key, one]) => [key, copy(one, depth + 1)] as const));
  };
  function take<T, U>(items: readonly T[], each: (item: T) => U): U[] {
    const taken: U[] = [];
    for (const item of items) {
      if (left <= 0) {
        cut = true;
        break;
      }
      taken.push(each(item));
    }
    return taken;
  }
  return { value: copy(value, 0), cut };
}
