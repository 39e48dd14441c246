import { expect, test } from 'vitest';
import { fitColumns } from '../../../src/ui/widgets/fit-columns.ts';

const columns = [
  { id: 'name', title: 'NAME', min: 8 },
  { id: 'age', title: 'AGE', min: 4 },
  { id: 'ip', title: 'IP', min: 7, drop: 2 },
  { id: 'labels', title: 'LABELS', min: 6, drop: 1 },
  { id: 'uid', title: 'UID', min: 10, wideOnly: true },
  { id: 'note', title: 'NOTE', min: 5, grow: true },
];
const widths = (width: number, wide = false, natural = [20, 3, 12, 30, 36, 5]) =>
  fitColumns(columns, natural, width, wide)
    .map((column) => `${column.id}:${column.width}`)
    .join(' ');

test('with room to spare everything is as wide as its widest cell, and one grows', () => {
  expect(widths(100)).toBe('name:20 age:4 ip:12 labels:30 note:30');
});
test('when room is short those with most to spare give first', () => {
  expect(widths(60)).toBe('name:18 age:4 ip:12 labels:17 note:5');
});
test('then the least important go', () => {
  expect(widths(30)).toBe('name:10 age:4 labels:8 note:5');
  expect(widths(20)).toBe('name:9 age:4 note:5');
});
test('w shows the wide ones too', () => {
  expect(widths(160, true)).toContain('uid:36');
});
test('never more than there is, as long as the smallest widths fit', () => {
  for (let width = 19; width < 200; width += 1) {
    const fitted = fitColumns(columns, [20, 3, 12, 30, 36, 5], width, true);
    expect(fitted.reduce((sum, column) => sum + column.width, fitted.length - 1)).toBeLessThanOrEqual(
      Math.max(width, 30),
    );
  }
});
