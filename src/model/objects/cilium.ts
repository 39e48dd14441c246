// Projections of the small kinds of Cilium and of AKS' own networking.
import { captureUntil } from '../captures.ts';
import type { Intern } from '../intern.ts';
import type {
  CiliumIdentityRow,
  CiliumNodeConfigRow,
  CiliumNodeRow,
  ClusterSubnetStateRow,
  ContainerNetworkLogRow,
  ContainerNetworkMetricRow,
  NodeNetworkConfigRow,
} from './others.ts';
import { selectorText } from './policy.ts';
import { count, edits, flag, head, list, record, text, time } from './raw.ts';
import type { RawObject } from './row.ts';

export function projectCiliumIdentity(raw: RawObject, intern: Intern): CiliumIdentityRow {
  const { uid, namespace, name, created, version } = head(raw, intern.line);
  const labels = intern.labels(raw['security-labels']);
  return {
    uid,
    namespace,
    name,
    created,
    version,
    id: /^\d{1,10}$/.test(name) ? Number(name) : 0,
    identityNamespace: labels['k8s:io.kubernetes.pod.namespace'] ?? '',
    securityLabels: labels,
  };
}

export function projectCiliumNode(raw: RawObject, intern: Intern): CiliumNodeRow {
  const spec = record(raw.spec);
  const ipam = record(record(raw.status).ipam);
  const operator = record(ipam['operator-status']);
  return {
    ...head(raw, intern.line),
    addresses: list(spec.addresses, 20)
      .map(record)
      .map((one) => ({ type: intern.line(one.type), ip: text(one.ip, 60) })),
    healthIP: text(record(spec.health).ipv4, 60),
    podCIDRs: list(record(spec.ipam).podCIDRs, 20).map((cidr) => text(cidr, 60)),
    used: Object.keys(record(ipam.used)).length,
    operatorError: text(operator.error, 500),
    labels: intern.labels(record(raw.metadata).labels),
  };
}

export function projectCiliumNodeConfig(raw: RawObject, intern: Intern): CiliumNodeConfigRow {
  const spec = record(raw.spec);
  return {
    ...head(raw, intern.line),
    selector: intern.line(selectorText(spec.nodeSelector, 'all nodes')),
    keys: Object.keys(record(spec.defaults))
      .slice(0, 100)
      .map((key) => intern.line(key)),
    edits: edits(record(raw.metadata)),
  };
}

export function projectNodeNetworkConfig(raw: RawObject, intern: Intern): NodeNetworkConfigRow {
  const spec = record(raw.spec);
  const status = record(raw.status);
  return {
    ...head(raw, intern.line),
    assigned: count(status.assignedIPCount),
    requested: count(spec.requestedIPCount),
    status: intern.line(status.status),
    maxIPs: count(record(status.scaler).maxIPCount),
    containers: list(status.networkContainers, 20)
      .map(record)
      .map((one) => ({
        status: intern.line(one.status),
        subnet: intern.line(one.subnetName),
        mode: intern.line(one.assignmentMode),
      })),
    changed: edits(record(raw.metadata)).at(-1)?.at ?? 0,
  };
}

export function projectClusterSubnetState(raw: RawObject, intern: Intern): ClusterSubnetStateRow {
  const status = record(raw.status);
  return { ...head(raw, intern.line), exhausted: flag(status.exhausted), changed: time(status.timestamp) };
}

export function projectContainerNetworkLog(raw: RawObject, intern: Intern): ContainerNetworkLogRow {
  const filters = list(record(raw.spec).includefilters ?? record(raw.spec).includeFilters, 200).length;
  return { ...head(raw, intern.line), state: intern.line(record(raw.status).state), filters, until: captureUntil(raw) };
}

export function projectContainerNetworkMetric(raw: RawObject, intern: Intern): ContainerNetworkMetricRow {
  return { ...head(raw, intern.line), state: intern.line(record(raw.status).state) };
}
