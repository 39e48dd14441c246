import { useMemo } from 'react';
import type { RequestCounts } from '../../model/change.ts';
import { clockSecond } from '../../model/clock.ts';
import type { Jobs } from '../../model/jobs.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import { number } from '../../ui/text.ts';
import { type Glyphs, type Span, useTheme } from '../../ui/theme.ts';
import { type ListKeys, ListScreen } from '../ListScreen.tsx';
import type { PaneProps } from '../pane-props.ts';
import { paneState } from '../pane-state.ts';

type Entry = RequestCounts['log'][number] & { id: string };

/** Everything this program asked of the server and changed there: how often, what became of it, and the newest requests. */
export function RequestsScreen({ store, road, ...frame }: PaneProps & Frame) {
  const { glyphs } = useTheme();
  const requests = useSnapshot(store, (snapshot) => snapshot.requests);
  const jobs = useSnapshot(store, (snapshot) => snapshot.jobs);
  const bindings = useMemo(() => keysOf(road, () => store.get().jobs), [road, store]);
  const rows = requests.log.map((entry, index): Entry => ({ ...entry, id: `${entry.at} ${index}` })).reverse();
  return (
    <ListScreen<Entry>
      frame={frame}
      name="requests"
      title="Requests of this program"
      state={{ ...paneState(new Map(), [], rows.length, 0), text: changedText(jobs), glyph: '' }}
      rows={rows}
      id={(row) => row.id}
      text={(row) => `${row.verb} ${row.path} ${row.status}`}
      troubled={(row) => row.status === 0 || row.status >= 400}
      columns={columns}
      cells={(row) => [
        clockSecond(row.at),
        isChange(row) ? { text: row.verb, tone: 'accent' } : row.verb,
        {
          text: row.status === 0 ? 'none' : String(row.status),
          ...(row.status === 0 || row.status >= 400 ? { tone: 'error' as const } : {}),
        },
        `${Math.round(row.ms)}`,
        row.path,
      ]}
      above={[
        totals(requests),
        ...byVerb(requests, frame.width),
        ...commands(requests, glyphs),
        ...changes(jobs, glyphs),
      ]}
      bindings={bindings}
      none="Nothing has been asked yet."
    />
  );
}

function keysOf(road: PaneProps['road'], jobs: () => Jobs): readonly Binding<ListKeys<Entry>>[] {
  return [
    {
      keys: ['a'],
      title: 'audit: changes and commands on record',
      rank: 10,
      run: ({ frame }) => frame.go({ pane: 'audit' }),
    },
    {
      keys: ['ctrl-c'],
      title: 'stop what is being changed, after the step under way',
      rank: 5,
      applies: () => jobs().running.some(({ inAzure, stopping }) => !inAzure && !stopping),
      run: ({ frame }) => {
        if (road.stop()) frame.flash('it stops after the step under way; what was done stays', 'warning');
      },
    },
  ];
}

const columns = [
  { id: 'at', title: 'TIME', min: 8, max: 8 },
  { id: 'verb', title: 'VERB', min: 5 },
  { id: 'status', title: 'STATUS', min: 6, align: 'right' },
  { id: 'ms', title: 'MS', min: 5, align: 'right' },
  { id: 'path', title: 'PATH', min: 20, grow: true, cut: 'end' },
] as const;

/** A review of one's own rights is sent as a create, and is none; Azure is asked much by POST. */
function isChange({ verb }: Entry): boolean {
  return /^(CREATE|REPLACE|PATCH|APPLY|DELETE|PUT) /.test(verb) && !/selfsubject\w*reviews$/.test(verb);
}

function changedText({ done, running }: Jobs): string {
  const count = done.length + running.length;
  return count === 0 ? 'only reads' : `${count} ${count === 1 ? 'change' : 'changes'} by you`;
}

const outcomes = {
  verified: 'ok',
  written: 'progress',
  partly: 'warning',
  refused: 'error',
  unknown: 'unknown',
} as const;

/** What was changed in this session and what became of it, the newest first, at most three. */
function changes({ done, running }: Jobs, glyphs: Glyphs): Span[][] {
  const under = running.map(({ since, title, progress = '', stopping }): Span[] => [
    { text: ` ${clockSecond(since)}  ${glyphs.progress} `, tone: 'progress' },
    { text: `${title}: `, tone: 'strong' },
    { text: [stopping ? 'stops after the step under way' : '', progress || 'under way'].filter(Boolean).join(' · ') },
  ]);
  const ended = done
    .toReversed()
    .map(({ at, title, outcome, text }): Span[] => [
      { text: ` ${clockSecond(at)}  ` },
      { text: `${glyphs[outcomes[outcome]]} `, tone: outcomes[outcome] },
      { text: `${title}: `, tone: 'strong' },
      { text },
    ]);
  return [...under, ...ended].slice(0, 3);
}

function totals({ total, failed, throttled }: RequestCounts): readonly Span[] {
  return [
    { text: ` ${number(total)} requests`, tone: 'strong' },
    { text: ` · ${number(failed)} failed`, tone: failed > 0 ? 'warning' : 'dim' },
    { text: ` · ${number(throttled)} throttled (429)`, tone: throttled > 0 ? 'warning' : 'dim' },
    { text: ' · the newest 200 below', tone: 'dim' },
  ];
}

/** Commands in containers: how many of those that may run at once, which of them run now, and who waits. */
function commands({ commands: ran }: RequestCounts, glyphs: Glyphs): Span[][] {
  if (ran === undefined || ran.total === 0) return [];
  const { atOnce, running, waiting, total, most } = ran;
  const sum = `${number(total)} ${total === 1 ? 'command' : 'commands'} in pods`;
  const line: Span[] = [
    { text: `  ${sum} · ${running.length} of ${atOnce} run now · at most ${most} at once`, tone: 'dim' },
    { text: waiting === 0 ? '' : ` · ${waiting} in line`, tone: 'warning' },
  ];
  const now = running
    .slice(0, 3)
    .map(({ title, since }): Span[] => [
      { text: ` ${clockSecond(since)}  ${glyphs.progress} `, tone: 'progress' },
      { text: title },
    ]);
  return [line, ...now];
}

/** `WATCH pods 3` side by side, the most asked first, on at most three lines. */
function byVerb({ byVerb: counts }: RequestCounts, width: number): Span[][] {
  const lines: string[] = [''];
  for (const [what, count] of Object.entries(counts).sort(([, a], [, b]) => b - a)) {
    const part = `  ${what} ${number(count)}`;
    const line = lines.at(-1) ?? '';
    if (line.length + part.length <= width) lines[lines.length - 1] = line + part;
    else if (lines.length < 3) lines.push(part);
  }
  return lines.map((text) => [{ text, tone: 'dim' }]);
}
