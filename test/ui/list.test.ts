import { describe, expect, test } from 'vitest';
import { createListState, type ListAction, reduceList, settle } from '../../src/ui/list.ts';

const ids = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `r${index + from}`);

function acted(actions: readonly ListAction[], rows: readonly string[], height: number) {
  let state = settle(createListState(), rows, height);
  for (const action of actions) state = reduceList(state, action, rows, height);
  return state;
}

describe('moving', () => {
  const down: ListAction = { type: 'move', by: 1 };
  const table: [string, ListAction[], string, number][] = [
    ['nothing yet', [], 'r0', 0],
    ['down', [down], 'r1', 0],
    ['down past the last line scrolls by one', [down, down, down, down, down], 'r5', 1],
    ['to the bottom', [{ type: 'to', index: 99 }], 'r19', 15],
    ['past the end stays at the end', [{ type: 'to', index: 19 }, down], 'r19', 15],
    ['up past the beginning stays', [{ type: 'move', by: -3 }], 'r0', 0],
    [
      'to the bottom and back to the top',
      [
        { type: 'to', index: 19 },
        { type: 'to', index: 0 },
      ],
      'r0',
      0,
    ],
    ['a mark moves on', [{ type: 'mark' }], 'r1', 0],
  ];
  for (const [name, actions, cursor, top] of table) {
    test(name, () => expect(acted(actions, ids(20), 5)).toMatchObject({ cursor, top }));
  }
});

describe('rows that come and go', () => {
  const inTheMiddle = acted(
    [
      { type: 'to', index: 10 },
      { type: 'move', by: -2 },
    ],
    ids(20),
    5,
  );

  test('the cursor follows its row and stays on its line of the screen', () => {
    const line = inTheMiddle.index - inTheMiddle.top;
    const moved = settle(inTheMiddle, ['new1', 'new2', ...ids(20)], 5);
    expect(moved.cursor).toBe('r8');
    expect(moved.index - moved.top).toBe(line);
  });

  test('at the beginning of the list new rows come into sight above the cursor', () => {
    const moved = settle(acted([{ type: 'move', by: 1 }], ids(20), 5), ['sick', ...ids(20)], 5);
    expect(moved).toMatchObject({ cursor: 'r1', index: 2, top: 0 });
  });

  test('when its row goes the cursor takes the one that is there now', () => {
    expect(
      settle(
        inTheMiddle,
        ids(20).filter((id) => id !== 'r8'),
        5,
      ).cursor,
    ).toBe('r9');
  });

  test('when the last row goes, the one before', () => {
    expect(settle(acted([{ type: 'to', index: 19 }], ids(20), 5), ids(19), 5).cursor).toBe('r18');
  });

  test('fewer rows than lines are shown from the first', () => {
    expect(settle(inTheMiddle, ids(3, 7), 5)).toMatchObject({ cursor: 'r8', top: 0 });
  });

  test('all rows gone and back, the cursor is where it was', () => {
    expect(settle(settle(inTheMiddle, [], 5), ids(20), 5).cursor).toBe('r8');
  });
});

describe('while rows are arriving', () => {
  const first = settle(createListState(), ids(5), 5, true);
  test('the cursor keeps to the first line', () => {
    expect(settle(first, ['sick', ...ids(5)], 5, true).cursor).toBe('sick');
  });
  test('but not once somebody has moved it', () => {
    const moved = reduceList(first, { type: 'move', by: 1 }, ids(5), 5);
    expect(settle(moved, ['sick', ...ids(5)], 5, true).cursor).toBe('r1');
  });
  test('and it follows its row when they are all there', () => {
    expect(settle(first, ['sick', ...ids(5)], 5, false).cursor).toBe('r0');
  });
});

describe('a stream', () => {
  const streaming = settle(createListState({ following: true }), ids(20), 5);
  test('followed, the newest is under the cursor', () => {
    expect(settle(streaming, ['newest', ...ids(20)], 5).cursor).toBe('newest');
  });
  test('moving stops it; f follows again', () => {
    const read = reduceList(streaming, { type: 'move', by: 1 }, ids(20), 5);
    expect(settle(read, ['newest', ...ids(20)], 5)).toMatchObject({ cursor: 'r1', following: false });
    expect(reduceList(read, { type: 'follow' }, ['newest', ...ids(20)], 5)).toMatchObject({
      cursor: 'newest',
      following: true,
    });
  });
});

test('another choice of rows begins at its top, but a row that stays keeps the cursor', () => {
  const state = acted(
    [
      { type: 'to', index: 10 },
      { type: 'filter', text: 'r1' },
    ],
    ids(20),
    5,
  );
  expect(settle(state, ['r1', 'r10', 'r11'], 5)).toMatchObject({ cursor: 'r10', top: 0 });
  expect(settle(state, ['r1', 'r11'], 5)).toMatchObject({ cursor: 'r1', top: 0 });
});

test('sorting by the same column again turns it round', () => {
  const by: ListAction = { type: 'sort', column: 'a' };
  expect(acted([by], ids(3), 5).sort).toEqual({ column: 'a', reverse: false });
  expect(acted([by, by], ids(3), 5).sort).toEqual({ column: 'a', reverse: true });
  expect(acted([by, by, { type: 'sort', column: 'b' }], ids(3), 5).sort).toEqual({ column: 'b', reverse: false });
});
