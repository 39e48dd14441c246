import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createExecBudget } from '../../../src/sources/kubernetes/exec-budget.ts';

it('who left the line with the one that ran takes no place', async () => {
  const budget = createExecBudget(1, Date.now);
  const leaving = new AbortController();
  const run = async (title: string) => {
    const place = await budget.enter({ title, goesOn: false }, leaving.signal);
    await new Promise((resolve) => leaving.signal.addEventListener('abort', resolve));
    place.leave();
  };
  const first = run('first');
  await sleep(0);
  const all = Promise.allSettled([first, run('second'), run('third')]);
  expect(budget.counts()).toMatchObject({ waiting: 2, total: 1 });
  leaving.abort();
  await all;
  expect(budget.counts()).toMatchObject({ running: [], waiting: 0, total: 1 });
  await budget.enter({ title: 'later', goesOn: false }, new AbortController().signal);
  expect(budget.counts()).toMatchObject({ total: 2 });
});
