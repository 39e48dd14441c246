import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import type { Link, SourceId } from '../../src/model/link.ts';
import { emptySnapshot } from '../../src/model/snapshot.ts';
import { type Running, runRunbook } from '../../src/runbooks/run.ts';
import type { Cause, Confidence, Looked, LookStep, Runbook, Step } from '../../src/runbooks/runbook.ts';
import { noAsks } from '../panes/fixtures/frame.tsx';
import { resultOf } from './result-of.ts';

const cause = (id: string, confidence: Confidence): Cause => ({ id, text: id, confidence, objects: [], next: '' });
const look = (id: string, looked: () => Looked | Promise<Looked>, more: Partial<LookStep> = {}): LookStep => ({
  ...{ type: 'look', id, title: id, look: async () => looked() },
  ...more,
});
const found = (...causes: Cause[]) => ({ evidence: [{ speaks: 'for', text: 'x', source: 'x' }] as const, causes });
const nothing = (): Looked => ({ evidence: [{ speaks: 'against', text: 'x', source: 'x' }] });
const refuses = (): Looked => {
  throw new UserError('No permission: list pods.');
};
const news = (steps: readonly Step[], more: Partial<Running> = {}) => {
  const runbook: Runbook = { id: 'one', title: 'One', says: '', from: [], steps };
  const snapshot = emptySnapshot(0);
  const asks = noAsks as unknown as Running['asks'];
  const signal = new AbortController().signal;
  return runRunbook(runbook, [], { snapshot: () => snapshot, now: () => 0, asks, signal, ...more });
};
const run = async (steps: readonly Step[], more: Partial<Running> = {}, answer?: string) =>
  resultOf(news(steps, more), answer);

it('a runbook whose cluster was left is over: nothing is said of either', async () => {
  let snapshot = emptySnapshot(0);
  const leaves = look('a', () => {
    snapshot = { ...snapshot, epoch: snapshot.epoch + 1 };
    return found(cause('one', 'certain'));
  });
  await expect(run([leaves], { snapshot: () => snapshot })).rejects.toThrow('Another cluster is watched by now');
});

describe('a runbook ends', () => {
  it.each<[string, readonly Step[], object]>([
    [
      'with the likeliest cause, the others beside it',
      [look('a', () => found(cause('one', 'possible'), cause('two', 'certain')))],
      { outcome: 'cause', cause: { id: 'two' }, others: [{ id: 'one' }] },
    ],
    [
      'with the more certain of two tellings of one cause',
      [look('a', () => found(cause('one', 'likely'))), look('b', () => found(cause('one', 'certain')))],
      { cause: { id: 'one', confidence: 'certain' }, others: [] },
    ],
    [
      'without what another step rules out',
      [look('a', () => found(cause('one', 'certain'))), look('b', () => ({ evidence: [], ruledOut: ['one'] }))],
      { outcome: 'not-this', cause: undefined },
    ],
    [
      'with "not this" where every step that decides could look',
      [look('a', nothing, { decides: true }), look('b', refuses)],
      { outcome: 'not-this', notLookedAt: [{ id: 'b', reason: 'No permission: list pods.' }] },
    ],
    [
      'with "unknown" where one that decides could not look',
      [look('a', refuses, { decides: true }), look('b', nothing)],
      { outcome: 'unknown' },
    ],
    [
      'with "unknown" where one that decides missed a part',
      [look('a', () => ({ ...nothing(), missed: 'two nodes' }), { decides: true })],
      { outcome: 'unknown', notLookedAt: [{ id: 'a', reason: 'two nodes' }] },
    ],
    [
      'with a cause all the same where something decisive could not look',
      [look('a', refuses, { decides: true }), look('b', () => found(cause('one', 'likely')))],
      { outcome: 'cause' },
    ],
    [
      'with "not this" where what decides was not worth looking at',
      [look('a', refuses, { decides: true, skip: () => 'no need' })],
      { outcome: 'not-this', notLookedAt: [] },
    ],
  ])('%s', async (_title, steps, expected) => {
    expect(await run(steps)).toMatchObject(expected);
  });
});

it('takes what is not asked for by its default, and says that nobody was asked', async () => {
  const choices = () => [
    { key: 'y', title: 'yes' },
    { key: 'n', title: 'no' },
  ];
  const ask: Step = { type: 'ask', id: 'sure', title: 'Sure?', choices, otherwise: 'n' };
  const seen = look('after', nothing, { skip: ({ answers }) => (answers.get('sure') === 'n' ? 'not sure' : '') });
  expect((await run([ask, seen])).steps).toMatchObject([
    { result: 'answered', text: 'nobody was asked: no' },
    { result: 'skipped', text: 'not sure' },
  ]);
  expect((await run([ask, seen], {}, 'y')).steps).toMatchObject([{ text: 'yes' }, { result: 'against' }]);
});

it('gives up a look that takes too long, and goes on', async () => {
  const never = look('slow', () => new Promise(() => {}), { decides: true, limitMs: 20 });
  const ended = await run([never, look('b', nothing)]);
  expect(ended).toMatchObject({ outcome: 'unknown', notLookedAt: [{ id: 'slow', reason: 'no answer within 0.02s' }] });
  expect(ended.steps.map(({ result }) => result)).toEqual(['not-looked', 'against']);
});

it('when the time is up ends what is left as not looked at; when it is aborted rejects', async () => {
  const timeUp = AbortSignal.timeout(20);
  const steps = [look('slow', () => new Promise(() => {})), look('b', nothing, { decides: true })];
  expect((await run(steps, { timeUp })).notLookedAt.map(({ reason }) => reason)).toEqual([
    'the time was up',
    'the time was up',
  ]);
  const signal = AbortSignal.timeout(20);
  await expect(run(steps, { signal })).rejects.toThrow();
});

it('tells each step as it begins and as it ends', async () => {
  const told: string[] = [];
  for await (const one of news([
    look('a', nothing),
    { type: 'tell', id: 'b', title: 'b', text: () => ['one', 'two'] },
  ])) {
    if (one.type === 'begins') told.push(`${one.step} begins`);
    if (one.type === 'step') told.push(`${one.result.id} ${one.result.result} ${one.result.text}`.trim());
  }
  expect(told).toEqual(['a begins', 'a against', 'b begins', 'b told one\ntwo']);
});

it('knows nothing for certain of a cluster that is not heard of any more, and rules nothing out', async () => {
  const link: Link = { phase: 'stale', heard: 1_000, problem: 'https://x refuses connections.' };
  const links = new Map<SourceId, Link>([['nodes', link]]);
  const snapshot = { ...emptySnapshot(0), links };
  const stale = { snapshot: () => snapshot, now: () => 61_000 };
  const now = { id: 'now', reason: 'what is known of the cluster is 60s old: https://x refuses connections.' };
  expect(await run([look('a', () => found(cause('one', 'certain')))], stale)).toMatchObject({
    ...{ outcome: 'cause', cause: { id: 'one', confidence: 'likely' }, notLookedAt: [now] },
  });
  expect(await run([look('a', nothing, { decides: true })], stale)).toMatchObject({
    ...{ outcome: 'unknown', notLookedAt: [now] },
  });
});
