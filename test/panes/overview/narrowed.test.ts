import { expect, it } from 'vitest';
import { narrowed } from '../../../src/panes/overview/narrowed.ts';
import { spansText } from '../../../src/panes/spans.ts';

const block = { id: 'b', title: [], want: 0, least: 0, sick: false, draw: () => [] };
const said = (of: number, left: number) =>
  narrowed(block, { note: '/np2', of, most: 100, left })
    .draw(80, 3)
    .map(({ spans }) => spansText(spans));

it.each([
  ['all there is', 99, 0, ['none of 99 matches /np2, esc clears']],
  ['only the newest, older ones may match', 100, 0, ['none of the newest 100 matches /np2, esc clears']],
  ['something is left', 100, 1, []],
  ['there was nothing', 0, 0, []],
])('a block that the filter empties says what was looked through: %s', (_, of, left, lines) => {
  expect(said(of, left)).toEqual(lines);
});
