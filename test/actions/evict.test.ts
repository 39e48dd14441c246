import { expect, it } from 'vitest';
import type { RunWorld } from '../../src/actions/action.ts';
import { evict } from '../../src/actions/evict.ts';
import type { Link, SourceId } from '../../src/model/link.ts';
import { emptySnapshot, type Snapshot } from '../../src/model/snapshot.ts';
import { noTimeline } from '../../src/model/timeline-fold.ts';
import type { WriteAnswer, WriteRequest } from '../../src/model/writes.ts';

const eviction: WriteRequest = {
  verb: 'create',
  resource: { group: '', version: 'v1', plural: 'pods', kind: 'Pod' },
  ...{ namespace: 'shop', name: 'db', subresource: 'eviction', preconditions: { uid: 'u' } },
};
const refused: WriteAnswer = { outcome: 'refused', kind: 'forbidden', what: 'You may not.', hint: '' };

it.each<[string, Partial<Link>, boolean]>([
  ['every namespace is watched', { phase: 'live' }, true],
  ['its namespace is watched', { phase: 'live', only: 'shop' }, true],
  ['another namespace is watched', { phase: 'live', only: 'dev' }, false],
  ['pods may not be listed', { phase: 'forbidden' }, false],
])('a pod that no row shows is gone only where it would be seen: %s', async (_, link, gone) => {
  const links = new Map<SourceId, Link>([['pods', { heard: 0, ...link } as Link]]);
  const snapshot: Snapshot = { ...emptySnapshot(0, noTimeline), links };
  const world: RunWorld = {
    snapshot: () => snapshot,
    send: async () => refused,
    until: async (holds) => holds(snapshot),
    progress() {},
    stop: new AbortController().signal,
    object: async () => ({}),
    operate: async () => refused,
  };
  const { done, stayed } = await evict([eviction], world, 0);
  expect({ done, stayed }).toEqual(gone ? { done: 1, stayed: [] } : { done: 0, stayed: ['shop/db: You may not.'] });
});

const conflict: WriteAnswer = { outcome: 'refused', kind: 'conflict', what: 'Somebody was faster.', hint: '' };

it.each<[string, object | undefined, string[]]>([
  ['is the one that was meant and stays', { uid: 'u' }, ['conflict', 'conflict']],
  ['is ending already', { uid: 'u', deletionTimestamp: '2026-03-04T12:00:00Z' }, ['conflict']],
  ['is another one by now', { uid: 'other' }, ['conflict']],
])('a conflict is no eviction where the pod %s', async (_, metadata, asked) => {
  const stop = new AbortController();
  const sent: string[] = [];
  const world: RunWorld = {
    snapshot: () => emptySnapshot(0, noTimeline),
    async send() {
      sent.push('conflict');
      return conflict;
    },
    // Asked twice is enough to see that it is asked again.
    async until() {
      if (sent.length === 2) stop.abort();
      return false;
    },
    progress() {},
    stop: stop.signal,
    object: async () => ({ metadata }),
    operate: async () => refused,
  };
  const { done, stayed } = await evict([eviction], world, 0);
  expect(sent).toEqual(asked);
  expect({ done, stayed }).toEqual(
    asked.length === 1 ? { done: 1, stayed: [] } : { done: 0, stayed: ['shop/db: Somebody was faster.'] },
  );
});
