import { afterEach, expect, it } from 'vitest';
import { CellScreen } from '../../../src/panes/policies/CellScreen.tsx';
import { frameOf, noAsks, noRoad } from '../fixtures/frame.tsx';
import { type Mounted, mount } from '../fixtures/mount.tsx';
import { answering, cell, policiesOf } from './given.ts';

let app: Mounted | undefined;
afterEach(() => app?.close());
const open = (report = cell) => {
  const frame = frameOf(80, 12, { args: ['pay', 'shop'] });
  app = mount(CellScreen, policiesOf(), frame, noAsks, noRoad, answering({ cell: async () => report }));
  return app;
};

it('lists the pairs of two namespaces with port, verdict and how many pods each side has', async () => {
  const mounted = open();
  await mounted.until(/pay\/api/);
  expect(
    mounted
      .lines()
      .map((line) => line.trimEnd())
      .slice(0, 4),
  ).toEqual([
    `── pay → shop 2 ─ ● live ${'─'.repeat(55)}`,
    '  VERDICT   FROM             TO               PORT                          PODS',
    '▸ ✖ denied  pay/api          shop/db          5432/TCP                     4 × 2',
    '  ● allowed pay/api          shop/web         8080/TCP                     4 × 9',
  ]);
});

it('leads to why, to who else may reach the one, and whom else the other may reach', async () => {
  const mounted = open();
  await mounted.until(/pay\/api/);
  await mounted.press('enter', 'v', 'i', 'o');
  expect(mounted.told.went).toEqual([
    { pane: 'verdict', args: ['pay/api', 'shop/db', '5432/TCP'] },
    { pane: 'verdict', args: ['pay/api', 'shop/db', '5432/TCP'] },
    { pane: 'reach', args: ['shop/db', 'ingress'] },
    { pane: 'reach', args: ['pay/api', 'egress'] },
  ]);
});

it('z leaves those that are not allowed', async () => {
  const mounted = open();
  await mounted.until(/pay\/api/);
  await mounted.press('z');
  await mounted.until(/1\/2 · troubled/);
  expect(mounted.lines().join('\n')).not.toContain('shop/web');
});

it('says so where there is no pair', async () => {
  await open({ ...cell, pairs: [] }).until(/No two pods of pay and shop/);
});
