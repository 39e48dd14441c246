/** How long changes waited before the operator wrote them, as its histogram counts it: cumulative since it began. */
export type SliceWaits = {
  /** `writes` so far; those since the last time waited for so many seconds. Returns each wait with its count. */
  count(writes: number, seconds: number): ReadonlyMap<number, number>;
};

export function createSliceWaits(): SliceWaits {
  const counts = new Map<number, number>();
  let counted = 0;
  return {
    count(writes, seconds) {
      // Slices that were deleted took their writes with them.
      const more = Math.max(0, writes - counted);
      counted = Math.max(counted, writes);
      if (more > 0) counts.set(seconds, (counts.get(seconds) ?? 0) + more);
      return counts;
    },
  };
}
