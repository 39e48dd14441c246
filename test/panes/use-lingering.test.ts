import { describe, expect, it } from 'vitest';
import { withGone } from '../../src/panes/use-lingering.ts';

const cases: [what: string, before: string, rows: string, gone: string, shown: string][] = [
  ['stays where it stood', 'a b c', 'a c', 'b', 'a b c'],
  ['stays at the top', 'a b', 'b', 'a', 'a b'],
  ['stays with its neighbour when the order changes', 'a b c', 'c a', 'b', 'c a b'],
  ['several stay in their order', 'a b c d', 'a d', 'b c', 'a b c d'],
  ['what only left the list does not stay', 'a b c', 'a c', '', 'a c'],
  ['what came back is not shown twice', 'a b', 'b a', 'b', 'b a'],
  ['the last of all', 'a', '', 'a', 'a'],
];
const words = (text: string) => text.split(' ').filter(Boolean);

describe('a deleted row', () => {
  it.each(cases)('%s', (_what, before, rows, gone, shown) => {
    const kept = withGone(words(before), words(rows), (row) => row, new Map(words(gone).map((id) => [id, 1])));
    expect(kept).toEqual(words(shown));
  });
});
