import { kinds } from '../../model/kinds.ts';
import type { ReachReport } from '../../model/policies/policy-asks.ts';
import { number } from '../../ui/text.ts';
import type { Glyphs, Span } from '../../ui/theme.ts';
import type { Column } from '../../ui/widgets/fit-columns.ts';
import type { Cell } from '../../ui/widgets/Table.tsx';
import { shortKind } from '../short-kind.ts';
import { endName } from '../verdict-key.ts';
import { portName, verdictLook, verdictSpan } from '../verdict-words.ts';

export type ReachRow = ReachReport['rows'][number] & { id: string };

const order = { allow: 0, unknown: 1, deny: 2 } as const;

/**
 * Those that get through first: they are the answer; of others neighbours of the end, who are asked about most. Ids that
 * stay while counts of pods change.
 */
export function reachRows(report: ReachReport, end: string): readonly ReachRow[] {
  const seen = new Map<string, number>();
  const rows = report.rows.map((row): ReachRow => {
    const id = `${row.kind} ${row.namespace}/${row.name} ${portName(row.port)} ${row.verdict}`;
    const before = seen.get(id) ?? 0;
    seen.set(id, before + 1);
    return { ...row, id: `${id} ${before}` };
  });
  const home = end.split('/').at(-2) ?? '';
  const far = ({ namespace }: ReachRow) => Number(namespace !== home);
  return rows.sort((a, b) => order[a.verdict] - order[b.verdict] || far(a) - far(b));
}

/** The other end of a row, as a question names it. */
export function endOf({ kind, namespace, name }: ReachRow): string {
  if (kind === 'Entity') return `entity:${name}`;
  if (kind === 'Name') return `fqdn:${name}`;
  return endName({ kind, namespace, name }) ?? (namespace === '' ? name : `${namespace}/${name}`);
}

/** As short as kubectl takes them: what decides needs the room. */
const kubectlKinds: Readonly<Record<string, string>> = {
  Deployment: 'deploy',
  StatefulSet: 'sts',
  DaemonSet: 'ds',
  ReplicaSet: 'rs',
};

const nothingDecides = { allow: 'no policy isolates either', deny: '', unknown: '' } as const;

export const columns: readonly Column[] = [
  { id: 'verdict', title: 'VERDICT', min: 9, max: 9 },
  { id: 'kind', title: 'KIND', min: 6, max: 8, cut: 'end', drop: 2 },
  { id: 'namespace', title: 'NAMESPACE', min: 9, max: 24 },
  { id: 'name', title: 'NAME', min: 14, max: 48 },
  { id: 'pods', title: 'PODS', min: 4, align: 'right' },
  { id: 'port', title: 'PORT', min: 8, max: 14, cut: 'end' },
  { id: 'by', title: 'DECIDED BY', min: 26, cut: 'end', grow: true, drop: 1 },
];

export function reachCells(row: ReachRow, glyphs: Glyphs): readonly Cell[] {
  return [
    verdictSpan(row.verdict, glyphs),
    { text: kubectlKinds[row.kind] ?? row.kind, tone: 'dim' },
    row.namespace,
    row.name,
    row.pods === 0 ? '' : number(row.pods),
    portName(row.port),
    { text: unreadShort(row.decidedBy) || nothingDecides[row.verdict], tone: row.decidedBy === '' ? 'dim' : 'plain' },
  ];
}

/** `CCNP not read`: on every row, where nobody may list them. */
function unreadShort(text: string): string {
  return text
    .replace(/\b([a-z]+) (?:may not be listed|could not be read)/g, (_, plural) => `${shortPlural(plural)} not read`)
    .replace(/\b([a-z]+) are still being read/g, (_, plural) => `${shortPlural(plural)} not read yet`)
    .replace(
      /\bonly ([a-z]+) of namespace (\S+) may be read/g,
      (_, plural, namespace) => `${shortPlural(plural)} read of ${namespace} only`,
    );
}

function shortPlural(plural: string): string {
  const kind = Object.values(kinds).find((one) => one.plural === plural)?.kind;
  return kind === undefined || shortKind(kind) === kind ? plural : shortKind(kind);
}

/** `● 4 allowed · ○ 1 unknown · ✖ 37 denied`: rows, a workload and a port each. */
export function countLine(rows: readonly ReachRow[], glyphs: Glyphs): readonly Span[] {
  return (['allow', 'unknown', 'deny'] as const).flatMap((verdict): Span[] => {
    const count = rows.filter((row) => row.verdict === verdict).length;
    const { glyph, word } = verdictLook(verdict);
    if (count === 0 && verdict === 'unknown') return [];
    return [
      { text: '   ' },
      { text: `${String(glyphs[glyph])} ${number(count)} ${word}`, tone: count === 0 ? 'dim' : glyph },
    ];
  });
}
