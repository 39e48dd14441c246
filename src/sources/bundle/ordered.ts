/**
 * What `work` makes of each item, in the order of the items, with at most `atOnce` under way. Whoever reads slowly slows
 * the work. `work` never rejects.
 */
export async function* ordered<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = [];
  let next = 0;
  while (next < items.length || running.length > 0) {
    while (next < items.length && running.length < atOnce) {
      running.push(work(items[next] as T));
      next += 1;
    }
    const first = running.shift();
    if (first !== undefined) yield await first;
  }
}
