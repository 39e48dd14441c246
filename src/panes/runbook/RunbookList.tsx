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
import { useDerived } from '../use-derived.ts';
import { runbookAbout } from '../views.ts';

/** Which runbooks there are, those whose suspects are there first; about an object those that can be about it. */
export function RunbookList({ store, now, asks: _a, road: _r, policies: _p, desk: _d, ...frame }: PaneProps & Frame) {
  const { glyphs } = useTheme();
  const [, text = ''] = frame.args;
  const target = useMemo(() => targetOf(text, store.get()), [text, store]);
  const suspects = useDerived(store, byJudgement, (snapshot) => suspectsOf(snapshot, now()));
  const columns = frame.width - 1;
  const lines = useMemo(() => {
    const found = runbooks.filter((one) => target === undefined || one.target?.kinds.includes(target.kind));
    const rows = found.map((one) => ({ one, count: suspects.get(one.id) ?? 0 }));
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
  }, [target, suspects, columns, glyphs]);
  return (
    <LinesScreen
      frame={frame}
      name={`runbooks ${text}`}
      title={target === undefined ? 'Runbooks' : `Runbooks about ${refText(target)}`}
      state={listState(lines.length)}
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
const byJudgement = (snapshot: Snapshot): unknown => snapshot.judgement;

function suspectsOf(snapshot: Snapshot, now: number): ReadonlyMap<string, number> {
  return new Map(runbooks.map(({ id, target }) => [id, target?.suspects(snapshot, now).length ?? 0]));
}

function listState(count: number): PaneState {
  const text = count === 0 ? 'none' : `${number(count)}; ⏎ runs one, looking changes nothing`;
  return { phase: 'live', glyph: '', tone: 'dim', text, sentence: '', old: false };
}
