/**
 * What one can read, and what the screen's thread can write as YAML in a tenth of a second. The largest objects people
 * look at (Cilium's CustomResourceDefinitions, slices of a hundred endpoints) have 2,000 to 4,500 values.
 */
export const bounds = { levels: 60, values: 6_000 } as const;

/** The value cut to these bounds, and whether anything was. */
export function bounded(value: unknown): { value: unknown; cut: boolean } {
  let left: number = bounds.values;
  let cut = false;
  const copy = (inner: unknown, depth: number): unknown => {
    left -= 1;
    if (typeof inner !== 'object' || inner === null) return inner;
    if (depth >= bounds.levels) {
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
