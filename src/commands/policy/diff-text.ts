import { count } from '../../checks/words.ts';
import type { ChangedPair, PolicyDifference } from '../../model/policies/difference.ts';
import { portText } from './reach-rows.ts';
import { tableText } from './table-text.ts';

/** More pairs than this nobody reads: they are told by their namespaces first. */
export const MOST_ROWS = 60;

/** What changes, for people. Of many pairs only a summary by namespaces, unless `all` of them are asked for. */
export function differenceText({ pairs, outside, unchanged }: PolicyDifference, all: boolean): string {
  const changed = [...pairs, ...outside];
  const isLong = changed.length > MOST_ROWS;
  const parts = Object.entries(sorts(changed)).flatMap(([sort, list]) => {
    if (list.length === 0) return [];
    const summary = isLong ? summaryText(list) : '';
    const rows = isLong && !all ? '' : tableText(list.map(rowOf));
    return [`${TITLES[sort as keyof typeof TITLES]}: ${list.length}\n${summary}${rows}`];
  });
  const folded =
    isLong && !all ? `folded: the ${changed.length} pairs of workloads and ports behind these (--all)\n` : '';
  return `${parts.join('')}${folded}unchanged: ${unchanged} ${unchanged === 1 ? 'pair' : 'pairs'}\n`;
}

/** The three ways in which a pair can have changed. */
export function sorts(pairs: readonly ChangedPair[]) {
  return {
    newlyAllowed: pairs.filter(({ after }) => after === 'allow'),
    newlyDenied: pairs.filter(({ after }) => after === 'deny'),
    nowUnknown: pairs.filter(({ after }) => after === 'unknown'),
  };
}

const TITLES = { newlyAllowed: 'newly allowed', newlyDenied: 'newly denied', nowUnknown: 'now unknown' } as const;

function rowOf({ from, to, port, before, pods }: ChangedPair): readonly string[] {
  return ['', from, '→', to, portText(port), podsText(pods), `was ${before}`];
}

/** `7 pods → 3 pods`; what is no workload has none. */
function podsText(pods: ChangedPair['pods']): string {
  return pods
    .filter((number) => number > 0)
    .map((number) => count(number, 'pod'))
    .join(' → ');
}

function summaryText(list: readonly ChangedPair[]): string {
  const byNamespaces = Map.groupBy(list, ({ from, to }) => JSON.stringify([placeOf(from), placeOf(to)]));
  const rows = [...byNamespaces.values()]
    .toSorted((a, b) => b.length - a.length)
    .map((some) => ['', placeOf(some[0]?.from ?? ''), '→', placeOf(some[0]?.to ?? ''), count(some.length, 'pair')]);
  return tableText(rows);
}

/** The namespace of a workload; an entity is its own place. */
function placeOf(name: string): string {
  return name.includes('/') ? name.slice(0, name.indexOf('/')) : name;
}
