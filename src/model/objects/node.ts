import type { Edit, Labels, Row } from './row.ts';

export type Taint = { key: string; value: string; effect: string; since: number };
export type Condition = { type: string; status: string; reason: string; message: string; since: number };

export type NodeRow = Row & {
  internalIP: string;
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
  /** Agent pool: kubernetes.azure.com/agentpool or agentpool, '' elsewhere. */
  pool: string;
  zone: string;
  instanceType: string;
  providerID: string;
  podCIDRs: readonly string[];
  /** status.allocatable.pods */
  maxPods: number;
  labels: Labels;
  annotations: Labels;
  deleting: number;
  edits: readonly Edit[];
};
