import { describe, expect, it } from 'vitest';
import type { Waiting } from '../../../src/model/finding.ts';
import { verdictLine } from '../../../src/panes/header/verdict-line.ts';
import { spansText } from '../../../src/panes/spans.ts';
import { createTheme } from '../../../src/ui/theme.ts';
import { crashLooping, now, snapshotOf } from '../fixtures/cluster.ts';

const { glyphs } = createTheme({ ascii: false, colour: false });
const waiting = (id: string, count: number, seconds: number): Waiting => ({
  id,
  title: id,
  object: { kind: 'Node', name: 'n' },
  count,
  knownAt: now + seconds * 1_000,
});
const line = (all: readonly Waiting[], more: { looked?: number; findings?: readonly (typeof crashLooping)[] } = {}) => {
  const snapshot = snapshotOf();
  const judgement = { ...snapshot.judgement, waiting: all, ...more };
  return spansText(verdictLine({ ...snapshot, judgement }, glyphs, 120, now)).trim();
};

describe('the verdict while suspects are watched', () => {
  it.each([
    ['nothing', [], {}, '● nothing wrong · 34 of 34 checks looked'],
    ['one', [waiting('a', 1, 45)], {}, '◐ so far nothing · 1 suspect, known in 45s · 34 of 34 checks looked'],
    [
      'several',
      [waiting('a', 5, 45), waiting('b', 1, 30)],
      {},
      '◐ so far nothing · 6 suspects, the first known in 30s · 34 of 34 checks looked',
    ],
    ['due', [waiting('a', 2, 0)], {}, '◐ so far nothing · 2 suspects, known in a moment · 34 of 34 checks looked'],
    [
      'not all looked',
      [waiting('a', 2, 9)],
      { looked: 30 },
      '◐ so far nothing in what could be looked at · 2 suspects, known in 9s · 30 of 34 checks looked',
    ],
  ] as const)('%s', (_, all, more, text) => expect(line(all, more)).toBe(text));

  it.each([
    [100, `"mount: operation not permitted" (14m)  v why`],
    [99, `"mount: operation not permitted"       v why`],
    [94, `"mount: operation not permitted"  v why`],
    [93, `"mount: operation not permitte…  v why`],
  ])('%i columns: the age of what is wrong is whole, or is left out', (columns, end) => {
    const snapshot = snapshotOf();
    const judgement = { ...snapshot.judgement, findings: [crashLooping] };
    const text = spansText(verdictLine({ ...snapshot, judgement }, glyphs, columns, now)).trimEnd();
    expect(text.slice(text.indexOf('"mount'))).toBe(end);
  });

  it('tells what is wrong first', () => {
    expect(line([waiting('a', 1, 45)], { findings: [crashLooping] })).toMatch(/^✖ 1 {2}2 of 12 agents crash-loop/);
  });
});
