/** Of a tail that overlaps with itself: which rows were told before. */
export type ToldRows = {
  /** A new answer: copies of a row are counted within one. */
  begin(): void;
  /**
   * new: never seen · again: read once more, because answers overlap · duplicate: the service holds this row twice.
   * `at` is when it was ingested, to 100 ns.
   */
  see(key: string, at: string): 'new' | 'again' | 'duplicate';
  /** What was ingested before this moment comes no more from overlaps; late copies are known for as long as memory allows. */
  forget(before: string): void;
};

/** Keys kept at most, besides those an overlap may still bring. */
const mostKept = 200_000;

export function createToldRows(): ToldRows {
  const first = new Map<string, string>();
  const copies = new Map<string, string>();
  let within = new Map<string, number>();
  return {
    begin() {
      within = new Map();
    },
    see(key, at) {
      const known = first.get(key);
      if (known === undefined) {
        first.set(key, at);
        within.set(`${key} ${at}`, 1);
        return 'new';
      }
      const id = `${key} ${at}`;
      const count = (within.get(id) ?? 0) + 1;
      within.set(id, count);
      if (known === at && count === 1) return 'again';
      const copy = `${id} ${count}`;
      if (copies.has(copy)) return 'again';
      copies.set(copy, at);
      return 'duplicate';
    },
    forget(before) {
      for (const kept of [first, copies])
        for (const [key, at] of kept) {
          // In order of ingestion: the first that is to stay is followed by others that are.
          if (kept.size <= mostKept || at >= before) break;
          kept.delete(key);
        }
    },
  };
}
