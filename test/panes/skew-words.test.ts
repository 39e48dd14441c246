import { expect, it } from 'vitest';
import { headerFacts } from '../../src/panes/header/header-facts.ts';
import { headerLine } from '../../src/panes/header/header-line.ts';
import { spansText } from '../../src/panes/spans.ts';
import { createTheme } from '../../src/ui/theme.ts';
import { now, snapshotOf } from './fixtures/cluster.ts';

const { glyphs } = createTheme({ ascii: false, colour: false });

it.each([
  [0, ''],
  [600_000, 'our clock 10m slow'],
  [-42_000, 'our clock 42s fast'],
])('a server %i ms ahead: %s', (skew, words) => {
  const snapshot = snapshotOf({ changes: [{ type: 'cluster', cluster: { skew } }] });
  for (const columns of [80, 120]) {
    const line = spansText(headerLine(headerFacts(snapshot, '', now), glyphs, columns));
    expect(line).toHaveLength(columns);
    expect(/our clock \S+ \w+/.exec(line)?.[0] ?? '').toBe(words);
  }
});
