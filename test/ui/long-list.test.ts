import { describe, expect, it } from 'vitest';
import { createLongListState, newSince, reduceLongList, settleLongList } from '../../src/ui/long-list.ts';

const rows = (...ids: number[]) => ids.map((id) => ({ id }));
const upTo = (count: number) => rows(...Array.from({ length: count }, (_, id) => id));

describe('a long list', () => {
  it('follows its end until one moves up, and tells what came since', () => {
    let state = settleLongList(createLongListState({ following: true }), upTo(30), 10);
    expect([state.cursor, state.top]).toEqual([29, 20]);
    state = settleLongList(state, upTo(35), 10);
    expect([state.cursor, state.top]).toEqual([34, 25]);
    state = reduceLongList(state, { type: 'move', by: -1 }, upTo(35), 10, 34);
    expect(state.following).toBe(false);
    state = settleLongList(state, upTo(40), 10);
    expect([state.cursor, state.top, newSince(state, 39)]).toEqual([33, 25, 5]);
    state = reduceLongList(state, { type: 'follow' }, upTo(40), 10, 39);
    expect([state.cursor, newSince(state, 39)]).toEqual([39, 0]);
  });

  it('the cursor stays on its row and its line when rows come in before it or go', () => {
    let state = reduceLongList(
      settleLongList(createLongListState(), upTo(30), 10),
      { type: 'to', index: 15 },
      upTo(30),
      10,
      29,
    );
    const line = state.index - state.top;
    state = settleLongList(state, rows(100, 101, ...upTo(30).map(({ id }) => id)), 10);
    expect([state.cursor, state.index, state.index - state.top]).toEqual([15, 17, line]);
    state = settleLongList(state, upTo(30).slice(5), 10);
    expect([state.cursor, state.index]).toEqual([15, 10]);
    // Gone itself: the row that is there now.
    state = settleLongList(state, upTo(30).slice(20), 10);
    expect(state.cursor).toBe(29);
  });

  it('another filter is read from its beginning, unless one follows', () => {
    const state = reduceLongList(
      settleLongList(createLongListState(), upTo(30), 10),
      { type: 'to', index: 15 },
      upTo(30),
      10,
      29,
    );
    const filtered = reduceLongList(state, { type: 'filter', text: 'x' }, upTo(30), 10, 29);
    expect(settleLongList(filtered, rows(3, 15, 20), 10).cursor).toBe(3);
  });
});
