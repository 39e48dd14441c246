import { useMemo } from 'react';
import { type ObjectRef, refText } from '../../model/ref.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { runbooks } from '../../runbooks/index.ts';
import { namedTarget } from '../../runbooks/named-target.ts';
import type { Frame } from '../../ui/pane.ts';
import { number } from '../../ui/text.ts';
import { useTheme } from '../../ui/theme.ts';
import { LinesScreen, type ScreenLine } from '../LinesScreen.tsx';
import type { PaneProps } from '../pane-props.ts';
import type { PaneState } from '../pane-state.ts';
import { cell, span } from '../spans.ts';
import { useAnswer } from '../use-answer.ts';
import { runbookAbout } from '../views.ts';

/** Which runbooks there are, those whose suspects are there first; about an object those that can be about it. */
export function RunbookList({ store, asks, now: _n, road: _r, policies: _p, desk: _d, ...frame }: PaneProps & Frame) {
  const { glyphs } = useTheme();
  const [, text = ''] = frame.args;
  const target = useMemo(() => targetOf(text, store.get()), [text, store]);
  const { phase, value: suspects } = useAnswer(store, 'suspects', asks.suspects, judgementVersion);
  const columns = frame.width - 1;
  const lines = useMemo(() => {
    // In what order they stand is known only then.
    if (phase === 'computing' && suspects === undefined) return [];
    const found = runbooks.filter((one) => target === undefined || one.target?.kinds.includes(target.kind));
    const rows = found.map((one) => ({ one, count: suspects?.[one.id] ?? 0 }));
    const room = Math.max(12, Math.max(...rows.map(({ one }) => one.id.length)) + 2);
    return rows
      .toSorted((a, b) => Number(b.count > 0) - Number(a.count > 0))
      .map(({ one, count }): ScreenLine => {
        const looks = count > 0 && target === undefined ? `${number(count)} look like it  ` : '';
        return {
          id: one.id,
          target: runbookAbout(one.id, ...(target === undefined ? [] : [target])),
          troubled: count > 0,
          spans: [
            span(count > 0 && target === undefined ? `${glyphs.warning} ` : '  ', 'warning'),
            span(cell(one.id, Math.min(room, Math.floor(columns / 2))), 'strong'),
            span(looks, 'warning'),
            span(one.title, looks === '' ? 'plain' : 'dim'),
          ],
        };
      });
  }, [target, phase, suspects, columns, glyphs]);
  return (
    <LinesScreen
      frame={frame}
      name={`runbooks ${text}`}
      title={target === undefined ? 'Runbooks' : `Runbooks about ${refText(target)}`}
      state={listState(lines.length, phase === 'computing' && suspects === undefined)}
      lines={lines}
      none={target === undefined ? 'There is none.' : `No runbook is about a ${target.kind}.`}
    />
  );
}

function targetOf(text: string, snapshot: Snapshot): ObjectRef | undefined {
  try {
    return text === '' ? undefined : namedTarget(text, snapshot);
  } catch {
    return undefined;
  }
}

/** What looks like it is mostly what was found. */
function judgementVersion({ epoch, judgement: { findings } }: Snapshot): string {
  return [epoch, ...findings.map(({ id, objects }) => `${id} ${objects.length}`)].join();
}

function listState(count: number, asking: boolean): PaneState {
  if (asking)
    return { phase: 'loading', glyph: 'progress', tone: 'progress', text: 'looking', sentence: '', old: false };
  const text = count === 0 ? 'none' : `${number(count)}; enter runs one, looking changes nothing`;
  return { phase: 'live', glyph: '', tone: 'dim', text, sentence: '', old: false };
}
