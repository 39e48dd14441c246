import { dropMeaning } from '../../model/drop-reasons.ts';
import { age, cutEnd, number } from '../../ui/text.ts';
import type { Span, Theme, Tone } from '../../ui/theme.ts';
import { sparkline } from '../../ui/widgets/charts.ts';
import type { Column } from '../../ui/widgets/fit-columns.ts';
import type { Cell } from '../../ui/widgets/Table.tsx';
import type { PaneState } from '../pane-state.ts';
import type { RunningAgent } from '../running-agents.ts';
import { shortenNames } from '../shorten-names.ts';
import { span } from '../spans.ts';
import { type DropBook, type DropGroup, steps, stepsOf } from './drop-groups.ts';

export function dropColumns(width: number): readonly Column[] {
  const chart = width >= 110 ? [{ id: 'chart', title: 'LAST 5 MIN', min: steps, max: steps }] : [];
  const names = width >= 150 ? 44 : Math.max(16, Math.floor(width / 4.5));
  return [
    { id: 'count', title: 'DROPS', min: 5, max: 9, align: 'right', clock: true },
    { id: 'last', title: 'LAST', min: 4, max: 5, align: 'right', clock: true },
    ...chart,
    { id: 'from', title: 'FROM', min: 14, max: names },
    { id: 'to', title: 'TO', min: 12, max: names },
    { id: 'port', title: 'PORT', min: 6, max: 10 },
    { id: 'reason', title: 'REASON', min: 14, cut: 'end', grow: true },
    { id: 'nodes', title: 'NODE', min: 12, max: 30, drop: 1, wideOnly: width < 150 },
  ];
}

export function dropCells(row: DropGroup, theme: Theme, now: number, width: number): readonly Cell[] {
  const meaning = dropMeaning(row.reason);
  const tone: Tone = meaning.severity === 'error' ? 'error' : meaning.isEveryday ? 'plain' : 'warning';
  const way = row.ingress === undefined ? '' : row.ingress ? ' ingress' : ' egress';
  const chart = width >= 110 ? [sparkline(theme, stepsOf(row, now), steps)] : [];
  const [node = ''] = row.nodes;
  return [
    number(row.count),
    { text: age(now - row.last), tone: now - row.last < 10_000 ? 'strong' : 'dim' },
    ...chart,
    row.from.name,
    row.to.name,
    row.port === 0
      ? row.protocol
      : `${row.port}${row.protocol === 'TCP' || row.protocol === '' ? '' : `/${row.protocol}`}`,
    { text: `${row.reason}${way}${meaning.text === '' ? '' : `: ${meaning.text}`}`, tone },
    row.nodes.length > 1 ? `${node} +${row.nodes.length - 1}` : node,
  ];
}

export function dropText(row: DropGroup): string {
  return [row.from.name, row.to.name, row.port, row.protocol, row.reason, ...row.nodes].join(' ');
}

/** Which nodes are listened to, that it is a sample, and what is in the way. */
export function aboveLines(
  { ended, gaps, lastGap, forgotten, received }: DropBook,
  chosen: readonly RunningAgent[],
  { glyphs }: Theme,
  columns: number,
): readonly (readonly Span[])[] {
  if (chosen.length === 0) return [];
  const names = chosen.map(({ node }) => node).join(', ');
  const rest = forgotten === 0 ? '' : ` · ${number(forgotten)} pairs made room for newer ones`;
  const lines: (readonly Span[])[] = [
    [span(cutEnd(shortenNames(` on ${names}`, columns, glyphs.ellipsis), columns, glyphs.ellipsis), 'dim')],
    [
      span(
        ` a sample: ${number(received)} ${received === 1 ? 'drop' : 'drops'} since this was opened, of these nodes only${rest}`,
        'dim',
      ),
    ],
  ];
  if (gaps > 0) {
    const text = `${gaps > 1 ? `${number(gaps)} times, last ` : ''}${lastGap}`;
    lines.push([span(` ${glyphs.warning} `, 'warning'), span(cutEnd(text, columns - 3, glyphs.ellipsis))]);
  }
  for (const [node, { failed, text }] of ended) {
    if (chosen.every((one) => one.node !== node)) continue;
    const tone: Tone = failed ? 'error' : 'warning';
    lines.push([
      span(` ${glyphs[failed ? 'error' : 'warning']} `, tone),
      span(cutEnd(`${node}: ${text}`, columns - 3, glyphs.ellipsis)),
    ]);
  }
  return lines.slice(0, 5);
}

/** The stream is a source of its own: what the title says is how it is doing. */
export function listeningState(
  { ended, heard }: DropBook,
  chosen: readonly RunningAgent[],
  known: number,
  names: string,
): PaneState {
  const state = (glyph: PaneState['glyph'], text: string, tone: Tone, sentence: string): PaneState => ({
    phase: glyph === 'error' ? 'failed' : glyph === 'progress' ? 'connecting' : glyph === 'unknown' ? 'none' : 'live',
    glyph,
    text,
    tone,
    sentence,
    old: false,
  });
  if (known === 0) {
    const sentence =
      names === ''
        ? 'No agent runs in which one could listen.'
        : `No agent runs on a node, or in a pool, called "${names}".`;
    return state('unknown', 'nobody to ask', 'unknown', sentence);
  }
  const over = chosen.filter(({ node }) => ended.has(node));
  const [first] = over;
  if (over.length === chosen.length && first !== undefined)
    return state('error', 'ended', 'error', ended.get(first.node)?.text ?? '');
  const listening = chosen.filter(({ node }) => heard.has(node) && !ended.has(node)).length;
  if (listening === 0) return state('progress', 'starting', 'progress', 'Starting cilium-dbg monitor in the agents.');
  if (listening < chosen.length)
    return state('warning', `listening to ${listening} of ${chosen.length}`, 'warning', '');
  return state('ok', 'listening', 'ok', '');
}
