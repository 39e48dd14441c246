import type { SourceId } from '../../model/link.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { number } from '../../ui/text.ts';
import type { Glyphs } from '../../ui/theme.ts';
import { entryRemark } from '../entry-remark.ts';
import type { Page } from '../page.ts';
import { type Spans, span } from '../spans.ts';
import { mentionsView, objectView, sliceView, tableView } from '../views.ts';
import { vitals } from '../vitals.ts';
import { type DnsReach, dnsReachLine } from './namespace-dns.ts';
import { dropLines } from './namespace-drops.ts';
import { policyLines } from './namespace-policies.ts';
import { unread } from './namespace-state.ts';

/** What the namespace's pods have for a network: endpoints, slices, services, DNS, drops, and the policies that isolate them. */
export function networkLines(
  page: Page,
  snapshot: Snapshot,
  namespace: string,
  glyphs: Glyphs,
  most: number,
  now: number,
  dns: DnsReach,
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
  dnsReachLine(page, dns, glyphs);
  dropLines(page, snapshot, namespace, glyphs, most, now);
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
