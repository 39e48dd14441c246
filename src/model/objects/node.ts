import type { Intern } from '../intern.ts';
import { count, edits, flag, head, list, record, text, time } from './raw.ts';
import type { Edit, Labels, RawObject, Row } from './row.ts';

export type Taint = { key: string; value: string; effect: string; since: number };
export type Condition = { type: string; status: string; reason: string; message: string; since: number };

export type NodeRow = Row & {
  internalIP: string;
  /** All addresses but names. */
  addresses: readonly string[];
  /** status of the Ready condition: True, False or Unknown; Unknown too where the node has none. */
  ready: 'True' | 'False' | 'Unknown';
  conditions: readonly Condition[];
  taints: readonly Taint[];
  unschedulable: boolean;
  kubelet: string;
  os: string;
  osImage: string;
  kernel: string;
  /** Label kubernetes.azure.com/node-image-version, '' elsewhere. */
  nodeImage: string;
  /** Agent pool: kubernetes.azure.com/agentpool or agentpool, else the karpenter node pool, '' elsewhere. */
  pool: string;
  zone: string;
  providerID: string;
  podCIDRs: readonly string[];
  /** status.allocatable.pods */
  maxPods: number;
  labels: Labels;
  annotations: Labels;
  deleting: number;
  edits: readonly Edit[];
};

export function projectNode(raw: RawObject, intern: Intern): NodeRow {
  const metadata = record(raw.metadata);
  const spec = record(raw.spec);
  const status = record(raw.status);
  const system = record(status.nodeInfo);
  const labels = intern.labels(metadata.labels);
  const conditions = list(status.conditions, 50).map((one) => projectCondition(record(one), intern));
  const ready = conditions.find((condition) => condition.type === 'Ready')?.status;
  return {
    ...head(raw, intern.line),
    internalIP: address(status, 'InternalIP'),
    addresses: list(status.addresses, 50)
      .map(record)
      .filter(({ type }) => type !== 'Hostname')
      .map(({ address }) => text(address, 60)),
    ready: ready === 'True' || ready === 'False' ? ready : 'Unknown',
    conditions,
    taints: list(spec.taints, 50)
      .map(record)
      .map((taint) => ({
        key: intern.line(taint.key),
        value: intern.line(taint.value),
        effect: intern.line(taint.effect),
        since: time(taint.timeAdded),
      })),
    unschedulable: flag(spec.unschedulable),
    kubelet: intern.line(system.kubeletVersion),
    os: intern.line(system.operatingSystem ?? labels['kubernetes.io/os']),
    osImage: intern.line(system.osImage),
    kernel: intern.line(system.kernelVersion),
    nodeImage: labels['kubernetes.azure.com/node-image-version'] ?? '',
    pool: labels['kubernetes.azure.com/agentpool'] ?? labels.agentpool ?? labels['karpenter.sh/nodepool'] ?? '',
    zone: labels['topology.kubernetes.io/zone'] ?? '',
    providerID: text(spec.providerID, 400),
    podCIDRs: list(spec.podCIDRs ?? (spec.podCIDR ? [spec.podCIDR] : []), 10).map((cidr) => text(cidr, 60)),
    maxPods: count(record(status.allocatable).pods),
    labels,
    annotations: shortAnnotations(metadata.annotations, intern),
    deleting: time(metadata.deletionTimestamp),
    edits: edits(metadata),
  };
}

export function projectCondition(raw: RawObject, intern: Intern): Condition {
  return {
    type: intern.line(raw.type),
    status: intern.line(raw.status),
    reason: intern.line(raw.reason),
    message: text(raw.message, 500),
    since: time(raw.lastTransitionTime),
  };
}

function address(status: RawObject, type: string): string {
  const found = list(status.addresses, 50)
    .map(record)
    .find((one) => one.type === type);
  return text(found?.address, 60);
}

/** Only those that someone here reads: annotations can be a megabyte. */
function shortAnnotations(value: unknown, intern: Intern): Labels {
  const raw = record(value);
  const kept: RawObject = {};
  for (const key in raw) {
    if (/cilium|azure|cluster-autoscaler|karpenter/.test(key) && key.length < 200) kept[key] = text(raw[key], 200);
  }
  return intern.labels(kept);
}
