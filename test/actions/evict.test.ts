import { afterEach, expect, it, vi } from 'vitest';
import type { RunWorld } from '../../src/actions/action.ts';
import { evict, patienceMs } from '../../src/actions/evict.ts';
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

afterEach(() => vi.useRealTimers());

/** Time passes only while it is waited; every pod is answered by `answerOf`, told how long it has been at it. */
async function evicted(answerOf: (name: string, passedMs: number) => WriteAnswer, names: readonly string[]) {
  vi.useFakeTimers({ toFake: ['performance'] });
  let passed = 0;
  const asked: string[] = [];
  const waits: number[] = [];
  const world: RunWorld = {
    snapshot: () => emptySnapshot(0, noTimeline),
    async send({ name }) {
      asked.push(name);
      return answerOf(name, passed);
    },
    async until(_, limitMs) {
      waits.push(limitMs);
      passed += limitMs;
      vi.advanceTimersByTime(limitMs);
      return false;
    },
    progress() {},
    stop: new AbortController().signal,
    object: async () => ({}),
    operate: async () => refused,
  };
  const requests = names.map((name) => ({ ...eviction, name, preconditions: { uid: name } }));
  return { ...(await evict(requests, world, 0)), asked, waits };
}

const budget: WriteAnswer = {
  outcome: 'refused',
  kind: 'budget',
  what: 'Its disruption budget is in the way (429).',
  hint: '',
};
const gone: WriteAnswer = { outcome: 'done', object: undefined, late: false };

it('is given up ten minutes after the last pod could go, not after the first was asked', async () => {
  const minutes = 60_000;
  const never = await evicted(() => budget, ['db']);
  expect(never).toMatchObject({
    done: 0,
    of: 1,
    ended: 'late',
    stayed: ['shop/db: Its disruption budget is in the way (429).'],
  });
  const sum = (waits: readonly number[]) => waits.reduce((all, one) => all + one, 0);
  expect(sum(never.waits) / minutes).toBeGreaterThan(patienceMs / minutes);
  expect(sum(never.waits) / minutes).toBeLessThan(patienceMs / minutes + 0.2);
  // The other pod went after nine minutes: they begin anew.
  const late = await evicted((name, ms) => (name === 'web' && ms > 9 * minutes ? gone : budget), ['db', 'web']);
  expect(late).toMatchObject({ ended: 'late', done: 1, stayed: [expect.stringMatching(/^shop\/db/)] });
  expect(sum(late.waits) / minutes).toBeGreaterThan(19);
  // And one that goes in the last of them is not left behind.
  const last = await evicted((_, ms) => (ms > 9.9 * minutes ? gone : budget), ['db']);
  expect(last).toMatchObject({ done: 1, ended: 'asked', stayed: [] });
});

it('a server that asks to slow down is not asked for the next pod, nor before its time', async () => {
  const slow: WriteAnswer = { ...budget, kind: 'throttled', retryAfterMs: 10_000 };
  const told = await evicted((_, ms) => (ms < 10_000 ? slow : gone), ['db', 'web']);
  expect(told).toMatchObject({ done: 2, asked: ['db', 'db', 'web'] });
  expect(told.waits[0]).toBe(10_000);
});

it('what is refused for good is not asked for again', async () => {
  const many: WriteAnswer = { ...budget, kind: 'refused', what: 'More than one disruption budget is about it.' };
  const told = await evicted((name) => (name === 'db' ? many : gone), ['db', 'web']);
  expect(told).toMatchObject({
    asked: ['db', 'web'],
    ended: 'asked',
    stayed: ['shop/db: More than one disruption budget is about it.'],
  });
});
