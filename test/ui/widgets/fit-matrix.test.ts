import { expect, it } from 'vitest';
import { fitMatrix } from '../../../src/ui/widgets/fit-matrix.ts';

const named = (count: number, name: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => name(index));
const layOut = (names: readonly string[], width: number, height: number) =>
  fitMatrix({ rows: names, columns: names }, { width, height });

it('names stand beside each other where they fit', () => {
  const fitted = layOut(['pay', 'shop', 'kube-system'], 80, 20);
  expect(fitted).toMatchObject({ upright: false, headHeight: 1, cellWidth: 13, rows: 19 });
  expect(fitted.heads).toEqual(['pay', 'shop', 'kube-system']);
});

it('stand upright where they do not, no higher than a third', () => {
  const fitted = layOut(
    named(40, (index) => `${String.fromCharCode(97 + (index % 26))}-namespace-${index}`),
    80,
    18,
  );
  expect(fitted).toMatchObject({ upright: true, headHeight: 6, cellWidth: 2, rows: 12 });
});

it('of names that are too long only what differs is told, in no more lines than that takes', () => {
  const fitted = layOut(
    named(100, (index) => `team-${String(index).padStart(3, '0')}-production`),
    80,
    18,
  );
  expect(fitted.heads.slice(9, 11)).toEqual(['…09…', '…10…']);
  expect(fitted.headHeight).toBe(4);
});

it.each([
  [80, 16],
  [120, 36],
  [200, 56],
  [40, 4],
])('everything it counts on fits into %i×%i', (width, height) => {
  const fitted = layOut(
    named(500, (index) => `namespace-number-${index}`),
    width,
    height,
  );
  expect(fitted.nameWidth + fitted.columns * fitted.cellWidth).toBeLessThanOrEqual(width);
  expect(fitted.rows).toBeGreaterThan(0);
  expect(fitted.columns).toBeGreaterThan(0);
});
