import { type KindId, kinds } from '../../model/kinds.ts';
import type { Link, SourceId } from '../../model/link.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { age, number } from '../../ui/text.ts';
import type { Glyphs } from '../../ui/theme.ts';
import type { Page } from '../page.ts';
import { linkState, nameOf } from '../pane-state.ts';
import { cell, span } from '../spans.ts';
import { tableView } from '../views.ts';

/** Every source by name: how it is, how many rows, when we last heard, and what is wrong; troubled ones first. */
export function linkLines(page: Page, { links, tables }: Snapshot, columns: number, glyphs: Glyphs, now: number): void {
  const all = [...links].sort((a, b) => rank(a[1]) - rank(b[1]));
  const live = all.filter(([, link]) => link.phase === 'live').length;
  page.section('Links', `${live} of ${all.length} live`);
  let said = '';
  for (const [source, link] of all) {
    const state = linkState(source, link, 1, now);
    const rows = rowsOf(source, tables);
    const whole = link.phase === 'live' && link.only === undefined;
    const heard = link.heard > 0 ? `heard ${age(now - link.heard)} ago` : '';
    page.line(
      [
        span(`${state.glyph === '' ? ' ' : glyphs[state.glyph]} `, state.tone),
        span(cell(nameOf(source), Math.min(34, Math.floor(columns / 2)), { ellipsis: glyphs.ellipsis })),
        span(cell(rows === 0 ? '' : number(rows), 9, { align: 'right' })),
        span(`  ${whole ? heard : state.text}`, whole ? 'dim' : state.tone),
      ],
      {
        id: `link ${source}`,
        target: tableView(tableWord(source)),
        troubled: state.glyph === 'warning' || state.glyph === 'error',
      },
    );
    // One server that does not answer is one sentence, not one per kind.
    const sentence = link.phase === 'live' || link.phase === 'missing' ? '' : state.sentence;
    if (sentence !== '' && sentence !== said) page.prose(sentence, 'dim', 4);
    said = sentence || said;
  }
}

function rowsOf(source: SourceId, tables: Snapshot['tables']): number {
  const system = tables.pods.counts('namespace').get('kube-system') ?? 0;
  if (source === 'systemPods') return system;
  return tables[source].rows.size - (source === 'pods' ? system : 0);
}

function tableWord(source: SourceId): string {
  const { plural, group } = kinds[source === 'systemPods' ? 'pods' : (source as KindId)];
  return group === '' ? plural : `${plural}.${group}`;
}

const order: readonly Link['phase'][] = ['failed', 'stale', 'forbidden', 'connecting', 'loading', 'live', 'missing'];

function rank({ phase }: Link): number {
  return order.indexOf(phase);
}
