import { type Mention, mentions, readSearch, type Search } from '../../model/mentions.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Column } from '../../ui/widgets/fit-columns.ts';
import type { Cell } from '../../ui/widgets/Table.tsx';
import { entryRemark } from '../entry-remark.ts';

export type MentionRow = Mention & { id: string; remark: string };

/** Everything that mentions what is searched; what contradicts the others says how. */
export function mentionRows(snapshot: Snapshot, text: string): readonly MentionRow[] {
  const search = readSearch(text);
  if (search === undefined) return [];
  return mentions(snapshot, search).map((mention, index) => ({
    ...mention,
    id: `${mention.uid} ${index}`,
    remark: remarkOn(snapshot, mention, search),
  }));
}

// Two watches are never at the same moment, and one that is not live proves nothing.
function remarkOn(snapshot: Snapshot, mention: Mention, search: Search): string {
  if (snapshot.links.get('ciliumEndpoints')?.phase !== 'live') return '';
  if (mention.kind === 'ciliumEndpointSlices') return remarkOnSlice(snapshot, mention, search);
  if (mention.kind !== 'ciliumEndpoints') return '';
  const endpoint = snapshot.tables.ciliumEndpoints.rows.get(mention.uid);
  const pod = endpoint && snapshot.tables.pods.named(endpoint.namespace, endpoint.name);
  if (endpoint === undefined || snapshot.links.get('pods')?.phase !== 'live') return '';
  if (pod === undefined) return 'its pod is gone';
  if (endpoint.podUid !== '' && endpoint.podUid !== pod.uid) return 'belongs to an earlier pod of this name';
  if (pod.ip !== '' && endpoint.ip !== '' && !pod.ips.includes(endpoint.ip) && pod.ip !== endpoint.ip)
    return `pod has address ${pod.ip}`;
  return '';
}

function remarkOnSlice(snapshot: Snapshot, mention: Mention, search: Search): string {
  const slice = snapshot.tables.ciliumEndpointSlices.rows.get(mention.uid);
  const entries = slice?.endpoints.filter((entry) => {
    if (search.type === 'ip') return entry.ip === search.ip || entry.ip6 === search.ip;
    return search.type === 'identity' ? entry.identity === search.id : entry.name === search.name;
  });
  return (
    entries?.map((entry) => (slice ? entryRemark(snapshot, slice, entry) : '')).find((remark) => remark !== '') ?? ''
  );
}

export const columns: readonly Column[] = [
  { id: 'kind', title: 'KIND', min: 10, max: 20, cut: 'end' },
  { id: 'namespace', title: 'NAMESPACE', min: 6, max: 20 },
  { id: 'name', title: 'NAME', min: 18, max: 56 },
  { id: 'remark', title: 'DIFFERS', min: 7, max: 34, cut: 'end' },
  { id: 'detail', title: 'SAYS', min: 16, cut: 'end', grow: true },
];

export function mentionCells(row: MentionRow): readonly Cell[] {
  return [
    row.object.kind,
    row.object.namespace ?? '',
    row.object.name,
    { text: row.remark, tone: 'warning' },
    row.detail,
  ];
}
