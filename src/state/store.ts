import type { Change } from '../model/change.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** The one mutable place: what we know now, and who wants to hear when it changes. */
export type Store = {
  /** The published snapshot. The same object until the next publication. */
  get(): Snapshot;
  /** Calls back after each publication; returns how to stop. */
  subscribe(listener: () => void): () => void;
  /** Queues changes; they show with the next publication, in order. */
  push(changes: readonly Change[]): void;
  /** Publishes what is queued now. */
  flush(): void;
  /** Forgets the listeners and stops the clock. */
  close(): void;
};

export type StoreOptions = {
  now?: () => number;
  /** Between two publications of rows while changes keep coming, ms. */
  busyMs?: number;
  /** Between any two publications, ms: one frame. */
  frameMs?: number;
  /** While nothing comes, the snapshot is brought up to date with the clock this often, ms. */
  tickMs?: number;
};

/**
 * Changes are applied when they are published, not when they arrive: the tables are changed in place, and a screen
 * drawn between the two would show rows that its snapshot's versions deny.
 *
 * The first change after a calm moment publishes at once. While changes keep coming, rows wait up to `busyMs`; what
 * tells whether the rows can be believed (a link's phase, the judgement, another cluster) waits one frame at most.
 */
export function createSnapshotStore(
  initial: Snapshot,
  apply: (snapshot: Snapshot, changes: readonly Change[], now: number) => Snapshot,
  options: StoreOptions = {},
): Store {
  const { now = Date.now, busyMs = 100, frameMs = 33, tickMs = 1_000 } = options;
  const listeners = new Set<() => void>();
  let snapshot = initial;
  let queue: Change[] = [];
  let published = 0;
  let timer: NodeJS.Timeout | undefined;
  let due = 0;

  function publish(): void {
    clearTimeout(timer);
    timer = undefined;
    const changes = queue;
    queue = [];
    published = now();
    snapshot = apply(snapshot, changes, published);
    for (const listener of [...listeners]) listener();
  }

  function schedule(at: number): void {
    if (timer !== undefined && due <= at) return;
    clearTimeout(timer);
    due = at;
    timer = setTimeout(publish, Math.max(0, at - now()));
  }

  /** A clock that was set back must not stop the screen. */
  function sincePublished(): number {
    published = Math.min(published, now());
    return now() - published;
  }

  // Rates roll on and what has changed fades although nothing comes.
  const clock = setInterval(() => {
    if (timer === undefined && sincePublished() >= tickMs) publish();
  }, tickMs);
  clock.unref();

  return {
    get: () => snapshot,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    push(changes) {
      if (changes.length === 0) return;
      for (const change of changes) queue.push(change);
      const wait = changes.some((change) => isUrgent(change, snapshot)) ? frameMs : busyMs;
      if (sincePublished() >= wait) publish();
      else schedule(published + wait);
    },
    flush: publish,
    close() {
      clearTimeout(timer);
      clearInterval(clock);
      listeners.clear();
    },
  };
}

function isUrgent(change: Change, snapshot: Snapshot): boolean {
  switch (change.type) {
    case 'reset':
    case 'judgement':
    case 'jobs':
    case 'clear':
      return true;
    case 'link':
      return snapshot.links.get(change.source)?.phase !== change.link.phase;
    default:
      return false;
  }
}
