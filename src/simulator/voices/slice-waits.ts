/** What the operator counts of its writes, cumulative since it began: how many, and how long each waited. */
export type SliceWaits = {
  /**
   * `generations`: those of all slices together; what has been added since the last time waited for so many seconds.
   * Slices that were deleted take theirs with them: what was counted stays counted.
   */
  count(generations: number, seconds: number): { writes: number; waits: ReadonlyMap<number, number> };
};

export function createSliceWaits(): SliceWaits {
  const waits = new Map<number, number>();
  let writes = 0;
  let last = 0;
  return {
    count(generations, seconds) {
      const more = Math.max(0, generations - last);
      last = generations;
      writes += more;
      if (more > 0) waits.set(seconds, (waits.get(seconds) ?? 0) + more);
      return { writes, waits };
    },
  };
}
