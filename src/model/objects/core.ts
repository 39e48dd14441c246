// Projections of the small kinds of Kubernetes itself.
import type { Intern } from '../intern.ts';
import type { ConfigMapRow, EndpointSliceRow, EventRow, LeaseRow, NamespaceRow, ServiceRow } from './others.ts';
import { at, count, edits, head, list, record, text, time } from './raw.ts';
import type { RawObject } from './row.ts';

export function projectNamespace(raw: RawObject, intern: Intern): NamespaceRow {
  return {
    ...head(raw, intern.line),
    phase: intern.line(record(raw.status).phase),
    labels: intern.labels(record(raw.metadata).labels),
    sliceQueue: intern.line(at(raw.metadata, 'annotations', 'cilium.io/ces-namespace')),
  };
}

export function projectService(raw: RawObject, intern: Intern): ServiceRow {
  const spec = record(raw.spec);
  const ingress = list(record(record(raw.status).loadBalancer).ingress, 20).map((one) => record(one).ip);
  const ips = [spec.clusterIP, ...list(spec.clusterIPs, 4), ...list(spec.externalIPs, 20), ...ingress];
  return {
    ...head(raw, intern.line),
    type: intern.line(spec.type),
    clusterIP: text(spec.clusterIP, 60),
    outside: spec.type === 'LoadBalancer' || spec.type === 'NodePort' || list(spec.externalIPs).length > 0,
    ips: [...new Set(ips.map((ip) => text(ip, 60)))].filter((ip) => ip !== '' && ip !== 'None'),
    labels: intern.labels(record(raw.metadata).labels),
    selector: intern.labels(spec.selector),
    ports: list(spec.ports, 200)
      .map(record)
      .map((port) => ({
        name: intern.line(port.name),
        port: count(port.port),
        targetPort: intern.line(port.targetPort),
        protocol: intern.line(port.protocol) || 'TCP',
        nodePort: count(port.nodePort),
      })),
  };
}

export function projectEndpointSlice(raw: RawObject, intern: Intern): EndpointSliceRow {
  const metadata = record(raw.metadata);
  const row = head(raw, intern.line);
  return {
    ...row,
    service: intern.line(record(metadata.labels)['kubernetes.io/service-name']),
    addressType: intern.line(raw.addressType),
    endpoints: list(raw.endpoints, 1_000)
      .map(record)
      .map((one) => ({
        ip: text(list(one.addresses, 1)[0], 60),
        more: moreAddresses(one.addresses),
        node: intern.line(one.nodeName),
        pod: text(record(one.targetRef).name),
        // Absent means unknown, which consumers are told to read as ready.
        ready: record(one.conditions).ready !== false,
      })),
    ports: list(raw.ports, 100)
      .map(record)
      .map((port) => ({
        name: intern.line(port.name),
        port: count(port.port),
        protocol: intern.line(port.protocol) || 'TCP',
      })),
    changed: edits(metadata).at(-1)?.at ?? row.created,
  };
}

const NO_ADDRESSES: readonly string[] = Object.freeze([]);

function moreAddresses(addresses: unknown): readonly string[] {
  const more = list(addresses, 100).slice(1);
  return more.length === 0 ? NO_ADDRESSES : more.map((one) => text(one, 60));
}

export function projectLease(raw: RawObject, intern: Intern): LeaseRow {
  const spec = record(raw.spec);
  return {
    ...head(raw, intern.line),
    holder: text(spec.holderIdentity),
    renewed: time(spec.renewTime),
    acquired: time(spec.acquireTime),
    durationSeconds: count(spec.leaseDurationSeconds),
    transitions: count(spec.leaseTransitions),
  };
}

/** Values are kept of cilium-config only: nobody reads the others here, and what is not kept cannot leak. */
export function projectConfigMap(raw: RawObject, intern: Intern): ConfigMapRow {
  const metadata = record(raw.metadata);
  const row = head(raw, intern.line);
  return {
    ...row,
    data: intern.labels(row.name === 'cilium-config' ? configOf(raw.data) : undefined),
    edits: edits(metadata),
  };
}

function configOf(data: unknown): RawObject {
  const raw = record(data);
  const kept: RawObject = {};
  for (const key of Object.keys(raw).slice(0, 1_000)) kept[key] = text(raw[key], 500);
  return kept;
}

/** core/v1 Event. A series or an events.k8s.io writer leaves the old timestamps empty. */
export function projectEvent(raw: RawObject, intern: Intern): EventRow {
  const row = head(raw, intern.line);
  const object = record(raw.involvedObject ?? raw.regarding);
  const source = record(raw.source ?? raw.deprecatedSource);
  const series = record(raw.series);
  const first = time(raw.firstTimestamp ?? raw.deprecatedFirstTimestamp) || time(raw.eventTime) || row.created;
  const last = time(series.lastObservedTime) || time(raw.lastTimestamp ?? raw.deprecatedLastTimestamp) || first;
  return {
    ...row,
    type: intern.line(raw.type),
    reason: intern.line(raw.reason),
    message: text(raw.message ?? raw.note, 1_024),
    objectKind: intern.line(object.kind),
    objectNamespace: intern.line(object.namespace),
    objectName: text(object.name),
    objectUid: text(object.uid),
    count: count(series.count) || count(raw.count ?? raw.deprecatedCount) || 1,
    first,
    last,
    component: intern.line(source.component ?? raw.reportingComponent ?? raw.reportingController),
    host: intern.line(source.host ?? raw.reportingInstance),
  };
}
