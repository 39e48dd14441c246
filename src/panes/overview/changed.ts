import { clockMinute } from '../../model/clock.ts';
import type { Timeline, TimelineEntry } from '../../model/timeline.ts';
import { width } from '../../ui/text.ts';
import type { Glyphs } from '../../ui/theme.ts';
import type { PaneState } from '../pane-state.ts';
import { tightObject } from '../short-kind.ts';
import { cell, type Spans, span } from '../spans.ts';
import { type TimelineRow, timelineId, timelineRow } from '../timeline-row.ts';
import { unseenDeletes } from '../unseen-deletes.ts';
import type { Block } from './block.ts';

export type ChangedOptions = {
  timeline: Timeline;
  /** Those the filter left. */
  entries: readonly TimelineEntry[];
  /** With which of them the findings began: kept in sight behind the newest. */
  signs: ReadonlySet<TimelineEntry>;
  /** How what the changes are read from is doing. */
  state: PaneState;
  /** The namespace it is narrowed to; '' = all. */
  scope: string;
  /** A filter is set: that nothing is left says nothing of what changed. */
  narrowed: boolean;
  cursor: string;
  glyphs: Glyphs;
  now: number;
};

/** The last changes, newest first: the timeline's top. */
export function changed(options: ChangedOptions): Block {
  const { entries, timeline, now, glyphs, cursor, scope, state, signs } = options;
  return {
    id: 'changed',
    title: titleOf(timeline, scope, now),
    want: Math.min(entries.length, 20),
    least: 0,
    sick: false,
    draw(columns, rows) {
      if (entries.length === 0 && options.narrowed) return [];
      if (entries.length === 0 && state.phase !== 'live' && state.phase !== 'none')
        return [{ spans: [span(`  ${state.sentence}`, 'dim')] }].slice(0, rows);
      if (entries.length === 0) {
        const where = scope === '' ? '' : ` in ${scope}`;
        return [{ spans: [span(`  Nothing is known to have changed${where}.`, 'dim')] }].slice(0, rows);
      }
      const shown = windowed(entries, signs, cursor, rows).map((entry) => timelineRow(entry, now));
      const widths = widthsOf(shown, columns);
      return shown.map((row) => ({ id: `change:${row.id}`, spans: lineOf(row, widths, glyphs) }));
    },
  };
}

function titleOf(timeline: Timeline, scope: string, now: number): Spans {
  const where: Spans = scope === '' ? [] : [span(` · ns:${scope}`, 'accent')];
  const since = timeline.tellsSince > 0 ? ` · since ${clockMinute(timeline.tellsSince, now)}` : '';
  const unseen = unseenDeletes(timeline, now, '');
  return [
    span('7', 'accent'),
    span(' Changed', 'strong'),
    ...where,
    span(`${since}${unseen === '' ? '' : ` · ${unseen}`}`, 'dim'),
  ];
}

/** The newest, scrolled to the cursor, and below them the first signs that would be out of sight. */
function windowed(
  entries: readonly TimelineEntry[],
  signs: ReadonlySet<TimelineEntry>,
  cursor: string,
  rows: number,
): readonly TimelineEntry[] {
  const at = entries.findIndex((entry) => cursor === `change:${timelineId(entry)}`);
  const from = (room: number) => Math.max(0, at - room + 1);
  const most = Math.floor(rows / 3);
  for (let room = rows; room > rows - most; room -= 1) {
    const top = from(room);
    const below = entries.slice(top + room).filter((entry) => signs.has(entry));
    if (below.length <= rows - room) return [...entries.slice(top, top + room), ...below];
  }
  const top = from(rows - most);
  const below = entries.slice(top + rows - most).filter((entry) => signs.has(entry));
  return [...entries.slice(top, top + rows - most), ...below.slice(0, most)];
}

type Widths = { what: number; object: number; detail: number; who: number };

function widthsOf(rows: readonly TimelineRow[], columns: number): Widths {
  const widest = (text: (row: TimelineRow) => string, most: number) =>
    Math.min(Math.max(0, most), Math.max(0, ...rows.map((row) => width(text(row)))));
  const what = widest((row) => row.what, 10);
  const who = widest((row) => row.who, Math.max(12, Math.floor(columns / 6)));
  const room = columns - (8 + 2 + what + 2 + 2 + 2 + who);
  const object = widest(
    (row) => row.object,
    Math.max(room - widest((row) => row.detail, room), Math.floor(room * 0.52)),
  );
  return { what, object, detail: widest((row) => row.detail, room - object), who };
}

function lineOf(row: TimelineRow, widths: Widths, glyphs: Glyphs): Spans {
  const { ellipsis } = glyphs;
  return [
    span(cell(row.time, 8), 'dim'),
    span(`  ${cell(row.what, widths.what, { ellipsis })}`, row.tone),
    span(
      `  ${cell(width(row.object) > widths.object ? tightObject(row.object) : row.object, widths.object, { ellipsis })}`,
    ),
    span(`  ${cell(row.detail, widths.detail, { cut: 'end', ellipsis })}`, 'dim'),
    span(`  ${cell(row.who, widths.who, { ellipsis })}`, 'dim'),
  ];
}
