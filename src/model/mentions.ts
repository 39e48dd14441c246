import ipaddr from 'ipaddr.js';
import { type KindId, kinds } from './kinds.ts';
import { type CiliumEndpointSliceRow, slicesOf } from './objects/cilium-endpoint-slice.ts';
import type { Row } from './objects/row.ts';
import type { ObjectRef } from './ref.ts';
import type { Snapshot } from './snapshot.ts';

/** One object that mentions what was searched, and how: `status.podIP`, `entry web-0, identity 12345`. */
export type Mention = { kind: KindId; object: ObjectRef; uid: string; detail: string };

/** What a search text is taken for. */
export type Search =
  | { type: 'ip'; ip: string }
  | { type: 'identity'; id: number }
  | { type: 'pod'; namespace: string; name: string };

const MOST = 500;

/** `10.1.2.3` and `fd00::1` are addresses, a number an identity, anything else a pod's name, with or without `namespace/`. */
export function readSearch(text: string): Search | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  if (/^\d+$/.test(trimmed)) return { type: 'identity', id: Number(trimmed) };
  // Objects carry IPv6 addresses in their short form.
  if (ipaddr.IPv6.isValid(trimmed)) return { type: 'ip', ip: ipaddr.IPv6.parse(trimmed).toRFC5952String() };
  if (ipaddr.IPv4.isValidFourPartDecimal(trimmed)) return { type: 'ip', ip: trimmed };
  const slash = trimmed.indexOf('/');
  return { type: 'pod', namespace: slash === -1 ? '' : trimmed.slice(0, slash), name: trimmed.slice(slash + 1) };
}

/** Every object that mentions it, at most 500, by index: O(what is found). */
export function mentions(snapshot: Snapshot, search: Search): readonly Mention[] {
  const found =
    search.type === 'ip'
      ? ofAddress(snapshot, search.ip)
      : search.type === 'identity'
        ? ofIdentity(snapshot, search.id)
        : ofPod(snapshot, search);
  return found.slice(0, MOST);
}

function ofAddress(snapshot: Snapshot, ip: string): Mention[] {
  const { nodes, pods, services, endpointSlices, ciliumEndpoints, ciliumEndpointSlices, ciliumNodes } = snapshot.tables;
  return [
    ...pods.by('ip', ip).map((row) => mention('pods', row, `pod address, ${row.status} on ${row.node}`)),
    ...ciliumEndpoints
      .by('ip', ip)
      .map((row) => mention('ciliumEndpoints', row, `identity ${row.identity}, ${row.state || 'no state'}`)),
    ...ciliumEndpointSlices.by('ip', ip).flatMap((row) => entries(row, (entry) => entry.ip === ip || entry.ip6 === ip)),
    ...endpointSlices.by('ip', ip).map((row) => {
      const one = row.endpoints.find((endpoint) => endpoint.ip === ip);
      return mention('endpointSlices', row, `backend of service ${row.service}${one?.ready ? '' : ', not ready'}`);
    }),
    ...services
      .by('ip', ip)
      .map((row) => mention('services', row, row.clusterIP === ip ? 'cluster address' : 'external address')),
    ...nodes.by('ip', ip).map((row) => mention('nodes', row, 'internal address')),
    ...ciliumNodes.by('ip', ip).map((row) => {
      const type = row.addresses.find((one) => one.ip === ip)?.type ?? 'health endpoint';
      return mention('ciliumNodes', row, type);
    }),
  ];
}

function ofIdentity(snapshot: Snapshot, id: number): Mention[] {
  const { ciliumIdentities, ciliumEndpoints, ciliumEndpointSlices } = snapshot.tables;
  const identity = ciliumIdentities.named('', String(id));
  return [
    ...(identity ? [mention('ciliumIdentities', identity, labelsText(identity.securityLabels))] : []),
    ...ciliumEndpoints
      .by('identity', String(id))
      .map((row) => mention('ciliumEndpoints', row, `${row.ip}, ${row.state || 'no state'}`)),
    ...ciliumEndpointSlices.by('identity', String(id)).flatMap((row) => entries(row, (entry) => entry.identity === id)),
  ];
}

function ofPod(snapshot: Snapshot, search: { namespace: string; name: string }): Mention[] {
  const { namespaces, pods } = snapshot.tables;
  const known = [...namespaces.rows.values()].map((row) => row.name);
  const all = known.length > 0 ? known : [...pods.counts('namespace').keys()];
  const where = search.namespace === '' ? all : [search.namespace];
  return where.flatMap((namespace) => ofNamedPod(snapshot, namespace, search.name));
}

function ofNamedPod(snapshot: Snapshot, namespace: string, name: string): Mention[] {
  const { pods, ciliumEndpoints, ciliumEndpointSlices, endpointSlices, events } = snapshot.tables;
  const pod = pods.named(namespace, name);
  const endpoint = ciliumEndpoints.named(namespace, name);
  const backends =
    pod && pod.ip !== ''
      ? endpointSlices.by('ip', pod.ip).filter((row) => row.endpoints.some((one) => one.pod === name))
      : [];
  return [
    ...(pod ? [mention('pods', pod, `${pod.status} ${pod.ip} on ${pod.node}`)] : []),
    ...(endpoint ? [mention('ciliumEndpoints', endpoint, `${endpoint.ip} identity ${endpoint.identity}`)] : []),
    ...slicesOf(ciliumEndpointSlices, namespace, name).flatMap((row) => entries(row, (entry) => entry.name === name)),
    ...backends.map((row) => mention('endpointSlices', row, `backend of service ${row.service}`)),
    ...(pod ? events.by('owner', pod.uid).map((row) => mention('events', row, `${row.reason}: ${row.message}`)) : []),
  ];
}

function entries(
  row: CiliumEndpointSliceRow,
  matches: (entry: CiliumEndpointSliceRow['endpoints'][number]) => boolean,
): Mention[] {
  return row.endpoints
    .filter(matches)
    .map((entry) =>
      mention(
        'ciliumEndpointSlices',
        row,
        `entry ${row.endpointNamespace}/${entry.name}, ${entry.ip}, identity ${entry.identity}`,
      ),
    );
}

function mention(kind: KindId, row: Row, detail: string): Mention {
  const name = kinds[kind].kind;
  const object =
    row.namespace === '' ? { kind: name, name: row.name } : { kind: name, namespace: row.namespace, name: row.name };
  return { kind, object, uid: row.uid, detail };
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key.replace(/^k8s:/, '')}=${value}`)
    .join(',');
}
