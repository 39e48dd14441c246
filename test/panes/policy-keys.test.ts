import { expect, it, vi } from 'vitest';
import type { PolicyReport } from '../../src/model/policies/policy-asks.ts';
import type { PolicyRef } from '../../src/model/policies/rule.ts';
import { type Going, policyKeys } from '../../src/panes/policy-keys.ts';
import { frameOf } from './fixtures/frame.tsx';
import { answering, db, dbReport } from './policies/given.ts';

/** `v` on the policy; its answer comes when the test says so. */
function waiting() {
  const went: (readonly string[] | undefined)[] = [];
  const flashed: string[] = [];
  const frame = { ...frameOf(80, 24), go: ({ args }: { args?: readonly string[] }) => went.push(args) };
  const answers: ((report: PolicyReport) => void)[] = [];
  const policies = {
    ...answering({}),
    policy: (_ref: PolicyRef, signal: AbortSignal) =>
      new Promise<PolicyReport>((resolve, reject) => {
        answers.push(resolve);
        signal.addEventListener('abort', () => reject(new Error('Cancelled.')));
      }),
  };
  const going: Going = { current: undefined };
  const key = policyKeys<PolicyRef>((row) => row, { policies }, going).find(({ keys }) => keys.includes('v'));
  const press = () => key?.run({ row: db, frame: { ...frame, flash: (text) => flashed.push(text) } });
  return { press, going, went, flashed, answer: (nth: number) => answers[nth]?.(dbReport) };
}

it('v goes where the answer leads, once however often it was pressed', async () => {
  const { press, answer, went, flashed } = waiting();
  press();
  press();
  answer(0);
  answer(1);
  await vi.waitFor(() => expect(went).toHaveLength(1));
  expect(went[0]?.join(' ')).toContain('shop/db');
  expect(flashed).toEqual([]);
});

it('v leads nowhere once the screen was left', async () => {
  const { press, going, answer, went, flashed } = waiting();
  press();
  going.current?.abort();
  answer(0);
  await new Promise(setImmediate);
  expect([went, flashed]).toEqual([[], []]);
});
