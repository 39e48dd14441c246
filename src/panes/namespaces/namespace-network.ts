import type { KindId } from '../../model/kinds.ts';
import type { SourceId } from '../../model/link.ts';
import type { PolicyRow } from '../../model/objects/others.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { number } from '../../ui/text.ts';
import type { Glyphs } from '../../ui/theme.ts';
import { entryRemark } from '../entry-remark.ts';
import type { Page } from '../page.ts';
import { type Spans, span } from '../spans.ts';
import { mentionsView, objectView, sliceView, tableView } from '../views.ts';
import { vitals } from '../vitals.ts';
import { unread } from './namespace-state.ts';

/** What the namespace's pods have for a network: endpoints, slices, services, DNS, and the policies that isolate them. */
export function networkLines(
  page: Page,
  snapshot: Snapshot,
  namespace: string,
  glyphs: Glyphs,
  most: number,
  now: number,
): void {
  page.section('Network');
  const given: Given = { page, snapshot, namespace, glyphs, most, well: 'ok' };
  const read = (name: string, source: SourceId, draw: (given: Given) => void) => {
    const state = unread(snapshot, source, namespace, now);
    // What was well when it was last seen is not known to be well now.
    const isOld = snapshot.links.get(source)?.phase === 'stale';
    if (state === undefined) draw(isOld ? { ...given, well: 'unknown' } : given);
    else page.field(name, [span(state.text, state.tone)]);
  };
  read('endpoints', 'ciliumEndpoints', endpointLines);
  read('slices', 'ciliumEndpointSlices', sliceLines);
  read('services', 'endpointSlices', serviceLines);
  dnsLine(given, now);
  policyLines(given, now);
}

type Given = {
  page: Page;
  snapshot: Snapshot;
  namespace: string;
  glyphs: Glyphs;
  most: number;
  /** How what has no fault is marked. */
  well: 'ok' | 'unknown';
};

function endpointLines({ page, snapshot, namespace, glyphs, most, well }: Given): void {
  const endpoints = snapshot.tables.ciliumEndpoints.by('namespace', namespace);
  const sick = endpoints.filter(({ state }) => state !== 'ready');
  const target = { pane: 'ciliumendpoints' };
  page.field('endpoints', counted(endpoints.length, sick.length, 'not ready', 'all ready', glyphs, well), { target });
  for (const { name, state, identity } of sick.slice(0, most)) {
    const ref = { kind: 'CiliumEndpoint', namespace, name };
    page.field('', [span(`${glyphs.warning} `, 'warning'), span(name), span(` ${state} identity ${identity}`, 'dim')], {
      target: mentionsView(`${namespace}/${name}`),
      ref,
      troubled: true,
    });
  }
}

function sliceLines({ page, snapshot, namespace, glyphs, most, well }: Given): void {
  const slices = snapshot.tables.ciliumEndpointSlices.by('namespace', namespace);
  const comparable = snapshot.links.get('ciliumEndpoints')?.phase === 'live';
  const differing = comparable
    ? slices.flatMap((slice) =>
        slice.endpoints.flatMap((entry) => {
          const remark = entryRemark(snapshot, slice, entry);
          return remark === '' ? [] : [{ slice: slice.name, entry: entry.name, remark }];
        }),
      )
    : [];
  const entries = slices.reduce((sum, { endpoints }) => sum + endpoints.length, 0);
  const compared: Spans = comparable
    ? counted(
        entries,
        differing.length,
        'differing from their endpoints',
        'as their endpoints',
        glyphs,
        well,
        entriesText(entries),
      )
    : [span(`${entriesText(entries)}, not compared: the endpoints are not live`, 'dim')];
  const said: Spans =
    slices.length === 0 ? [span('none', 'dim')] : [span(`${number(slices.length)} with `), ...compared];
  page.field('slices', said, { target: { pane: 'slices' } });
  for (const { slice, entry, remark } of differing.slice(0, most)) {
    page.field('', [span(`${glyphs.warning} `, 'warning'), span(`${entry} in ${slice}: ${remark}`)], {
      target: sliceView(slice),
      ref: { kind: 'CiliumEndpointSlice', name: slice },
      troubled: true,
    });
  }
}

/** Services whose addresses are all not ready send traffic nowhere. */
function serviceLines({ page, snapshot, namespace, glyphs, most, well }: Given): void {
  const slices = snapshot.tables.endpointSlices.by('namespace', namespace).filter(({ service }) => service !== '');
  const services = Map.groupBy(slices, ({ service }) => service);
  const empty = [...services].flatMap(([service, all]) => {
    const endpoints = all.flatMap((slice) => slice.endpoints);
    return endpoints.some(({ ready }) => ready) ? [] : [{ service, addresses: endpoints.length }];
  });
  const spans = counted(
    services.size,
    empty.length,
    'without a ready address',
    'each with a ready address',
    glyphs,
    well,
  );
  page.field('services', spans, { target: tableView('svc', '-n', namespace) });
  for (const { service, addresses } of empty.slice(0, most)) {
    const ref = { kind: 'Service', namespace, name: service };
    page.field('', [span(`${glyphs.warning} `, 'warning'), span(service), span(` 0 of ${addresses} ready`, 'dim')], {
      target: objectView(ref, 'describe'),
      ref,
      troubled: true,
    });
  }
}

function dnsLine({ page, snapshot, glyphs }: Given, now: number): void {
  const vital = vitals(snapshot, now).find(({ id }) => id === 'dns');
  if (vital === undefined) return;
  const ip = snapshot.tables.services.named('kube-system', 'kube-dns')?.clusterIP ?? '';
  page.field(
    'DNS',
    [
      span(`${glyphs[vital.glyph]} `, vital.glyph),
      span(vital.text),
      span(ip === '' ? '' : ` · kube-dns at ${ip}`, 'dim'),
    ],
    {
      target: objectView({ kind: 'Service', namespace: 'kube-system', name: 'kube-dns' }, 'describe'),
      troubled: vital.glyph === 'error' || vital.glyph === 'warning',
    },
  );
}

const policyKinds = [
  { id: 'networkPolicies', kind: 'NetworkPolicy', short: 'NP' },
  { id: 'ciliumNetworkPolicies', kind: 'CiliumNetworkPolicy', short: 'CNP' },
  { id: 'ciliumClusterwideNetworkPolicies', kind: 'CiliumClusterwideNetworkPolicy', short: 'CCNP' },
] as const satisfies readonly { id: KindId; kind: string; short: string }[];

/** The policies of the namespace that isolate; those of the cluster may select its pods as well. */
function policyLines({ page, snapshot, namespace, glyphs, most }: Given, now: number): void {
  const isUnread = policyKinds.flatMap(({ id, short }) => {
    const state = unread(snapshot, id, namespace, now);
    return state === undefined || state.phase === 'missing' ? [] : [{ id, text: `${short} ${state.text}` }];
  });
  const ownKinds = policyKinds.slice(0, 2);
  const isRead = ({ id }: { id: KindId }) => !isUnread.some((one) => one.id === id);
  const own = ownKinds
    .filter(isRead)
    .flatMap(({ id, kind, short }) =>
      snapshot.tables[id].by('namespace', namespace).map((row) => ({ ...row, kind, short })),
    );
  const isolating = own.filter(({ ingress, egress }) => ingress || egress);
  const out = isolating.filter(({ egress }) => egress).length;
  const clusterwide = snapshot.tables.ciliumClusterwideNetworkPolicies.rows.size;
  const note = [
    clusterwide > 0 ? `${number(clusterwide)} clusterwide may select its pods, too` : '',
    out > 0
      ? `${out === 1 ? '1 restricts egress: it' : `${number(out)} restrict egress: they`} must allow port 53`
      : '',
    ...isUnread.map(({ text }) => text),
  ].filter((part) => part !== '');
  const none = ownKinds.every(isRead) ? 'none isolates' : 'not all read';
  const count = isolating.length === 0 ? none : `${number(isolating.length)} isolating`;
  page.field('policies', [span(count), span(note.map((part) => ` · ${part}`).join(''), 'dim')], {
    target: { pane: 'policies' },
  });
  for (const policy of isolating.sort(byConcern).slice(0, most)) {
    const ref = { kind: policy.kind, namespace, name: policy.name };
    const rejected = isRejected(policy);
    page.field(
      '',
      [
        span(rejected ? `${glyphs.error} ` : '', 'error'),
        span(`${policy.short} ${policy.name}`),
        span(` on ${policy.subject} · ${directions(policy)}${rejected ? ' · rejected, so not enforced' : ''}`, 'dim'),
      ],
      { target: objectView(ref, 'yaml'), ref, troubled: rejected },
    );
  }
  const left = isolating.length - most;
  if (left > 0) page.field('', [span(`and ${number(left)} more`, 'dim')], { target: { pane: 'policies' } });
}

/** What is not enforced, then what can cut pods off from DNS, then what was changed last. */
function byConcern(a: PolicyRow, b: PolicyRow): number {
  return (
    Number(isRejected(b)) - Number(isRejected(a)) || Number(b.egress) - Number(a.egress) || changedAt(b) - changedAt(a)
  );
}

function changedAt({ created, edits }: PolicyRow): number {
  return Math.max(created, ...edits.filter(({ subresource }) => subresource === '').map(({ at }) => at));
}

function isRejected({ valid }: PolicyRow): boolean {
  return valid === 'False';
}

function directions({ ingress, egress }: PolicyRow): string {
  return ingress && egress ? 'in, out' : ingress ? 'in' : 'out';
}

function entriesText(count: number): string {
  return `${number(count)} ${count === 1 ? 'entry' : 'entries'}`;
}

/** `40 ● all ready`, `40 ▲ 2 not ready`; `all` in words where the number alone would not say of what. */
function counted(
  all: number,
  sick: number,
  what: string,
  well: string,
  glyphs: Glyphs,
  mark: Given['well'],
  words = number(all),
): Spans {
  if (all === 0) return [span('none', 'dim')];
  if (sick === 0) return [span(`${words} `), span(glyphs[mark], mark), span(` ${well}`, 'dim')];
  return [span(`${words} `), span(`${glyphs.warning} ${number(sick)} ${what}`, 'warning')];
}
