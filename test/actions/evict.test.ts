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
