import type { Change } from '../../model/change.ts';
import type { KindId } from '../../model/kinds.ts';
import type { Row } from '../../model/objects/row.ts';

/** Where changes enter, one by one; they leave in batches, in the same order. */
export type ChangeSink = {
  put(kind: KindId, row: Row): void;
  remove(kind: KindId, uids: readonly string[]): void;
  change(change: Change): void;
  /** Hands over what is there now. */
  flush(): void;
  /** From here on nothing leaves: what still arrives belongs to a cluster we have left. */
  close(): void;
};

/**
 * After a calm moment a change leaves within the same turn of the event loop; otherwise after at most `everyMs`. Changes
 * are dated by `now`, the server's clock.
 */
export function createChangeBatch(deliver: (changes: Change[]) => void, now: () => number, everyMs = 50): ChangeSink {
  let batch: Change[] = [];
  let puts: { kind: KindId; rows: Row[] } | undefined;
  let left = 0;
  let timer: NodeJS.Timeout | undefined;
  let turn: NodeJS.Immediate | undefined;
  let closed = false;

  function flush(): void {
    clearTimeout(timer);
    clearImmediate(turn);
    timer = undefined;
    turn = undefined;
    puts = undefined;
    if (batch.length === 0 || closed) return;
    const changes = batch;
    batch = [];
    left = Date.now();
    deliver(changes);
  }

  function schedule(): void {
    if (timer !== undefined || turn !== undefined) return;
    // A clock that was set back must not hold anything up.
    const wait = Math.min(everyMs, left + everyMs - Date.now());
    if (wait <= 0) turn = setImmediate(flush);
    else timer = setTimeout(flush, wait);
  }

  function change(one: Change): void {
    if (closed) return;
    puts = undefined;
    batch.push(one);
    schedule();
  }

  return {
    put(kind, row) {
      if (closed) return;
      if (puts?.kind === kind) {
        puts.rows.push(row);
        return;
      }
      const rows: Row[] = [row];
      // The row was made by the projection of this very kind.
      batch.push({ type: 'put', kind, rows, at: now() } as unknown as Change);
      puts = { kind, rows };
      schedule();
    },
    remove: (kind, uids) => change({ type: 'remove', kind, uids, at: now() }),
    change,
    flush,
    close() {
      closed = true;
      batch = [];
      clearTimeout(timer);
      clearImmediate(turn);
    },
  };
}
