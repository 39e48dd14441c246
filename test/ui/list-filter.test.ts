import { expect, test } from 'vitest';
import { filterRows } from '../../src/ui/list-filter.ts';

const rows = [
  { name: 'checkout-7d9', labels: { app: 'checkout', tier: 'web' } },
  { name: 'Checkout-db-0', labels: { app: 'db' } },
  { name: 'cilium-abcde', labels: { 'k8s-app': 'cilium' } },
];

const table: [string, string[]][] = [
  ['', ['checkout-7d9', 'Checkout-db-0', 'cilium-abcde']],
  ['check', ['checkout-7d9', 'Checkout-db-0']],
  ['CHECK', ['checkout-7d9', 'Checkout-db-0']],
  ['check db', ['Checkout-db-0']],
  ['!check', ['cilium-abcde']],
  ['check !db', ['checkout-7d9']],
  ['!', ['checkout-7d9', 'Checkout-db-0', 'cilium-abcde']],
  ['-l app=db', ['Checkout-db-0']],
  ['-l app', ['checkout-7d9', 'Checkout-db-0']],
  ['-l app!=db', ['checkout-7d9', 'cilium-abcde']],
  ['-l app=checkout,tier=web', ['checkout-7d9']],
  ['-l', ['checkout-7d9', 'Checkout-db-0', 'cilium-abcde']],
  ['-l k8s-app=cilium abc', ['cilium-abcde']],
  ['~ckt', ['checkout-7d9', 'Checkout-db-0']],
  ['~cade', ['cilium-abcde']],
  ['nothing', []],
];

for (const [filter, left] of table) {
  test(`/${filter}`, () => {
    expect(
      filterRows(rows, filter, { text: (row) => row.name, labels: (row) => row.labels }).map((row) => row.name),
    ).toEqual(left);
  });
}
