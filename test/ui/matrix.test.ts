import { describe, expect, it } from 'vitest';
import {
  createMatrixState,
  filterMatrix,
  type MatrixAction,
  type MatrixRoom,
  reduceMatrix,
  settleMatrix,
} from '../../src/ui/matrix.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'f'];
const room: MatrixRoom = { rows: names, columns: names, height: 3, width: 2 };
const doing = (...actions: MatrixAction[]) =>
  actions.reduce((state, action) => reduceMatrix(state, action, room), settleMatrix(createMatrixState(), room));
const where = ({ rows, columns }: ReturnType<typeof doing>) =>
  `${rows.cursor}${columns.cursor} from ${names[rows.top]}${names[columns.top]}`;

describe('the cursor of a matrix', () => {
  it.each<[string, MatrixAction[], string]>([
    ['begins at the top left', [], 'aa from aa'],
    ['goes down and right', [{ type: 'move', rows: 1, columns: 1 }], 'bb from aa'],
    ['scrolls rows when it leaves them', [{ type: 'move', rows: 3 }], 'da from ba'],
    ['scrolls columns when it leaves them', [{ type: 'move', columns: 3 }], 'ad from ac'],
    ['stops at the edges', [{ type: 'move', rows: 99, columns: -5 }], 'fa from da'],
    [
      'goes to a row and keeps its column',
      [
        { type: 'move', columns: 2 },
        { type: 'to', row: 5 },
      ],
      'fc from db',
    ],
    [
      'goes to a column and keeps its row',
      [
        { type: 'move', rows: 2 },
        { type: 'to', column: 5 },
      ],
      'cf from ae',
    ],
  ])('%s', (_name, actions, expected) => {
    expect(where(doing(...actions))).toBe(expected);
  });

  it('stays on its names when others come before them', () => {
    const before = doing({ type: 'move', rows: 2, columns: 2 });
    const more = { ...room, rows: ['_', ...names], columns: ['_', '_2', ...names] };
    const { rows, columns } = settleMatrix(before, more);
    expect([rows.cursor, rows.index, columns.cursor, columns.index]).toEqual(['c', 3, 'c', 4]);
  });

  it('takes the neighbour where its row has gone', () => {
    const before = doing({ type: 'move', rows: 5 });
    expect(settleMatrix(before, { ...room, rows: names.slice(0, 3) }).rows.cursor).toBe('c');
  });

  it('is the same state when nothing came or went', () => {
    const before = doing({ type: 'move', rows: 2 });
    expect(settleMatrix(before, room)).toBe(before);
  });
});

describe('a filter of a matrix', () => {
  const both = { rows: ['pay', 'shop', 'shop-two'], columns: ['pay', 'shop', 'shop-two'] };
  it.each([
    ['', 'pay shop shop-two', 'pay shop shop-two'],
    ['shop', 'shop shop-two', 'shop shop-two'],
    ['pay>', 'pay', 'pay shop shop-two'],
    ['>pay', 'pay shop shop-two', 'pay'],
    ['shop > pay', 'shop shop-two', 'pay'],
    ['shop !two', 'shop', 'shop'],
    ['nowhere', '', ''],
  ])('%j leaves rows %j and columns %j', (filter, rows, columns) => {
    const left = filterMatrix(both, filter);
    expect([left.rows.join(' '), left.columns.join(' ')]).toEqual([rows, columns]);
  });
});
