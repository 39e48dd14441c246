import { afterEach, expect, it } from 'vitest';
import type { Change } from '../../../src/model/change.ts';
import type { Finding } from '../../../src/model/finding.ts';
import { LintScreen } from '../../../src/panes/policies/LintScreen.tsx';
import { minutes, now } from '../fixtures/cluster.ts';
import { draw, frameOf } from '../fixtures/frame.tsx';
import { type Mounted, mount } from '../fixtures/mount.tsx';
import { missingPort, policiesOf, policy } from './given.ts';

let app: Mounted | undefined;
afterEach(() => app?.close());

const refused: Finding = {
  id: 'policies/rejected',
  severity: 'error',
  title: '1 policy not in force: CCNP metadata',
  objects: [{ kind: 'CiliumClusterwideNetworkPolicy', name: 'metadata' }],
  evidence: ['CCNP metadata: egress[0]: toPorts needs L4', 'seen by 12 agents'],
  reach: '',
  next: 'Mend what is named and apply the policy again.',
};
const judged = (findings: readonly Finding[], notLookedAt: { id: string; reason: string }[] = []): Change => ({
  type: 'judgement',
  judgement: { findings, notLookedAt, notAsked: [], looked: 34, of: 34, waiting: [], cleared: [], since: 0, at: now },
});
const lines = (...changes: Change[]) =>
  draw(LintScreen, policiesOf({ changes }), frameOf(100, 30)).map((line) => line.trimEnd());

it('tells lint by lint, the worst first: why it matters, how to mend it, each policy with its place', () => {
  const text = lines(judged([missingPort, refused])).join('\n');
  expect(text).toMatch(
    new RegExp(
      [
        '✖ 1 policy not in force: CCNP metadata',
        ' {5}The API server or Cilium refuses .*',
        '[\\s\\S]* {5}Mend: Mend what is named and apply the policy again\\.',
        ' {5}CCNP metadata',
        ' {9}egress\\[0\\]: toPorts needs L4',
        ' {7}seen by 12 agents',
        '',
        ' ▲ 1 policy names a port that no pod has: CNP shop/db',
      ].join('\\n'),
    ),
  );
});

it('tells what could not be looked at, and why', () => {
  const reason = 'pods may not be listed';
  const not = ['policies/dns-not-allowed', 'policies/duplicate'].map((id) => ({ id, reason }));
  const text = lines(judged([], not)).join('\n');
  expect(text).toMatch(/○ \d+ of \d+ lints looked/);
  expect(text).toMatch(/Not looked at · 2: .*\n {3}○ pods may not be listed\n {7}dns-not-allowed, duplicate/);
});

it('says that nothing is wrong only when all have looked', () => {
  expect(lines(judged([])).join('\n')).toMatch(/● (\d+) of \1 lints looked[\s\S]*Nothing is wrong with any policy/);
  const early: Change = {
    type: 'judgement',
    judgement: {
      findings: [],
      notLookedAt: [],
      notAsked: [],
      looked: 0,
      of: 0,
      waiting: [],
      cleared: [],
      since: 0,
      at: 0,
    },
  };
  expect(lines(early).join('\n')).toMatch(/nothing judged yet[\s\S]*The lints look as soon as/);
});

it('says what was not looked at: edits shortly before this console watched, and all that went before', () => {
  expect(lines(judged([])).join('\n').replace(/\s+/g, ' ')).toMatch(
    /Nothing is wrong with any policy\. What was changed or deleted before \S+, when we began to watch, was not looked at\./,
  );
  const ciliumNetworkPolicies = [policy('db', 'shop', { endpointSelector: {} }, now - minutes(40))];
  const text = draw(
    LintScreen,
    policiesOf({ objects: { ciliumNetworkPolicies }, changes: [judged([])] }),
    frameOf(100, 30),
  );
  expect(text[0]).toMatch(/○ (\d+) of \1 lints looked · 1 edit not watched/);
  expect(text.join('\n')).toMatch(
    /Edited within the hour, before we watched · 1: what that changed is not known.*\n +○ CNP shop\/db {2}edited \S+ by kubectl-edit/,
  );
  expect(text.join('\n')).not.toContain('Nothing is wrong');
});

it('opens the finding, the policy, its YAML, and the next view', async () => {
  app = mount(LintScreen, policiesOf(), frameOf(100, 30));
  await app.press('enter', '/CNP shop', 'j', 'enter', 'y', 't');
  expect(app.told.went).toEqual([
    { pane: 'why', args: ['policies/named-port-missing|CiliumNetworkPolicy|shop|db'] },
    { pane: 'policy', args: ['CiliumNetworkPolicy', 'shop', 'db'] },
    { pane: 'object', args: ['CiliumNetworkPolicy', 'shop', 'db', 'yaml'] },
    { pane: 'policies' },
  ]);
});
