// What was done stays, whatever becomes of the step after it: a change of several steps is never told as refused then.
import { expect, it } from 'vitest';
import type { Action, Plan, RunWorld } from '../../src/actions/action.ts';
import { captureFlows } from '../../src/actions/capture-flows.ts';
import { drain } from '../../src/actions/drain.ts';
import { restartOperator } from '../../src/actions/restart-operator.ts';
import { emptySnapshot } from '../../src/model/snapshot.ts';
import { noTimeline } from '../../src/model/timeline-fold.ts';
import type { WriteAnswer } from '../../src/model/writes.ts';

const done: WriteAnswer = { outcome: 'done', object: { metadata: { uid: 'u' } }, late: false };
const forbidden: WriteAnswer = { outcome: 'refused', kind: 'forbidden', what: 'You may not.', hint: 'Ask.' };
const lost: WriteAnswer = { outcome: 'unknown', what: 'No answer came.', hint: '' };

it.each<[Action<never>, WriteAnswer, RegExp]>([
  [restartOperator, forbidden, /^1 pod of the operator was deleted, then second: You may not\.$/],
  [restartOperator, lost, /^1 pod of the operator was deleted, then second: No answer came\.$/],
  [captureFlows, forbidden, /^The capture goes on, .* could not be deleted: You may not\.$/],
  [captureFlows, lost, /^The capture was made, and whether it has ended is not known: No answer came\.$/],
])('$id, whose second request ends badly', async (action, second, words) => {
  const request = { name: 'first', body: {}, preconditions: {} };
  // biome-ignore lint/suspicious/noThenProperty: a list of requests, nobody awaits a plan
  const plan = { object: { name: 'first' }, request, then: [{ ...request, name: 'second' }] } as unknown as Plan;
  const answers = [done, second];
  const world: RunWorld = {
    snapshot: () => emptySnapshot(0, noTimeline),
    send: async () => answers.shift() ?? forbidden,
    until: async () => true,
    progress() {},
    stop: new AbortController().signal,
    object: async () => ({}),
    operate: async () => forbidden,
  };
  const answer = await action.run(plan, world);
  expect(answer).toMatchObject({ outcome: 'partly', what: expect.stringMatching(words) });
});

it('the end of a capture is asked for again while nobody answers', async () => {
  const request = { name: 'first', body: {}, preconditions: {} };
  // biome-ignore lint/suspicious/noThenProperty: a list of requests, nobody awaits a plan
  const plan = { object: { name: 'first' }, request, then: [request] } as unknown as Plan;
  const away: WriteAnswer = { outcome: 'refused', kind: 'unreachable', what: 'Nobody listens.', hint: '' };
  const answers = [done, away, { ...away, kind: 'throttled' as const, retryAfterMs: 20_000 }, done];
  const waits: number[] = [];
  const told: string[] = [];
  const answer = await captureFlows.run(plan, {
    snapshot: () => emptySnapshot(0, noTimeline),
    send: async () => answers.shift() ?? forbidden,
    async until(_, limitMs) {
      waits.push(limitMs);
      return false;
    },
    progress: (text) => told.push(text),
    stop: new AbortController().signal,
    object: async () => ({}),
    operate: async () => forbidden,
  });
  expect(answer).toMatchObject({ outcome: 'done' });
  expect(waits.slice(-2)).toEqual([10_000, 20_000]);
  expect(told.at(-1)).toBe('its end waits: Nobody listens.');
});

it.each<[WriteAnswer, object]>([
  [lost, { outcome: 'unknown', what: expect.stringMatching(/^0 of 1 pods evicted\. .* No answer came\./) }],
  [forbidden, { outcome: 'refused', kind: 'refused', hint: expect.stringMatching(/refused again/) }],
])('a drain of a cordoned node of which no pod went says why: %j', async (second, told) => {
  const request = { subresource: 'eviction', namespace: 'shop', name: 'db', preconditions: { uid: 'u' } };
  const plan = { object: { name: 'node' }, request } as unknown as Plan;
  const answer = await drain.run(plan, {
    snapshot: () => emptySnapshot(0, noTimeline),
    send: async () => second,
    until: async () => false,
    progress() {},
    stop: new AbortController().signal,
    object: async () => ({}),
    operate: async () => forbidden,
  });
  expect(answer).toMatchObject(told);
});
