import { type AksMode, aksMode } from './azure/aks-mode.ts';
import type { CiliumEndpointRow } from './objects/cilium-endpoint.ts';
import type { NodeRow } from './objects/node.ts';
import type { WorkloadRow } from './objects/others.ts';
import type { Snapshot } from './snapshot.ts';

/** How this cluster's network is run: as Azure says it where it was asked, else concluded from what runs. */
export type ClusterMode = {
  cni: 'managed-cilium' | 'byo-cilium' | 'not-cilium' | 'unknown';
  /** How pods get addresses, on managed clusters. */
  addressing: 'overlay' | 'pod-subnet' | 'node-subnet' | 'unknown';
  /** For people: `Azure CNI powered by Cilium, overlay`. */
  text: string;
  /** Nothing said it outright; `evidence` says from what it was concluded. Shown with `≈`. */
  inferred: boolean;
  evidence: readonly string[];
  /** Azure says one thing and the cluster does another: a sentence; '' = they agree, or Azure was not asked. */
  contradiction: string;
};

/** The agent's DaemonSet: by its selector, then by its name. */
export function agentDaemonSet(snapshot: Snapshot): WorkloadRow | undefined {
  const sets = snapshot.tables.daemonSets;
  const found = sets.by('namespace', 'kube-system').find((set) => set.selector['k8s-app'] === 'cilium');
  return found ?? sets.named('kube-system', 'cilium');
}

/** cilium-config as written; empty where it is absent or unread. */
export function ciliumConfig(snapshot: Snapshot): Readonly<Record<string, string>> {
  return snapshot.tables.configMaps.named('kube-system', 'cilium-config')?.data ?? {};
}

export function clusterMode(snapshot: Snapshot): ClusterMode {
  const seen = modeSeen(snapshot);
  const cluster = snapshot.facts.arm?.value;
  return cluster === undefined ? seen : modeTold(snapshot, seen, aksMode(cluster));
}

/** Azure's word, unless what runs is of another kind: then what runs counts, and the contradiction is said. */
function modeTold(snapshot: Snapshot, seen: ClusterMode, told: AksMode): ClusterMode {
  const cni = told.network === 'byo' ? (seen.cni === 'byo-cilium' ? 'byo-cilium' : 'not-cilium') : told.network;
  const agrees = seen.cni === 'unknown' || seen.cni === (cni === 'other' ? 'not-cilium' : cni);
  if (!agrees) {
    const contradiction = `Azure says ${told.text}; what runs here is ${seen.text}.`;
    return { ...seen, inferred: true, evidence: [told.evidence, ...seen.evidence], contradiction };
  }
  const evidence = [told.evidence, ...(told.network === 'byo' ? seen.evidence : [])];
  if (cni === 'managed-cilium')
    return { ...mode(cni, told.addressing, told.text, false, evidence), ...shifted(snapshot, told) };
  if (cni === 'byo-cilium') return mode(cni, 'unknown', `BYO CNI: ${seen.text}`, false, evidence);
  // Nobody has looked into the cluster yet: who brings a network of their own may well have brought Cilium.
  const unseen = told.network === 'byo' && seen.cni === 'unknown';
  if (unseen) return mode('unknown', 'unknown', 'BYO CNI: what was brought is not known yet', false, evidence);
  return mode('not-cilium', 'unknown', told.network === 'byo' ? 'BYO CNI without Cilium' : told.text, false, evidence);
}

/** Labels that Azure puts on nodes; what is only concluded from addresses is no evidence against Azure's word. */
function shifted(snapshot: Snapshot, { text, addressing }: AksMode): { contradiction: string } {
  const labelled = addressingByLabels(azureNodes(snapshot));
  const differs = labelled !== undefined && labelled.addressing !== addressing;
  return { contradiction: differs ? `Azure says ${text}, and ${labelled.why}.` : '' };
}

function modeSeen(snapshot: Snapshot): ClusterMode {
  const set = agentDaemonSet(snapshot);
  const config = ciliumConfig(snapshot);
  const configured = Object.keys(config).length > 0;
  if (!set && !configured) return withoutCilium(snapshot);
  const managed = managedEvidence(snapshot, set, config);
  if (managed.length > 0) return managedMode(snapshot, managed);
  if (!configured && !isRead(snapshot, 'configMaps')) {
    return mode('unknown', 'unknown', 'Cilium, managed or not unknown', true, ['cilium-config could not be read']);
  }
  const ipam = config.ipam ?? '';
  const tunnel = config['tunnel-protocol'] ?? config.tunnel ?? '';
  const evidence = [`DaemonSet ${set?.name ?? 'cilium (not seen)'} without AKS labels, no DaemonSet azure-cns`];
  if (ipam !== '') evidence.unshift(`cilium-config ipam: ${ipam}${tunnel === '' ? '' : `, tunnel ${tunnel}`}`);
  return mode(
    'byo-cilium',
    'unknown',
    `self-managed Cilium${ipam === '' ? '' : `, ipam ${ipam}`}`,
    ipam === '',
    evidence,
  );
}

/** Nothing of Cilium is here, and where it would be was read: its policies are only written. */
export function lacksCilium(snapshot: Snapshot): boolean {
  if (agentDaemonSet(snapshot) !== undefined || Object.keys(ciliumConfig(snapshot)).length > 0) return false;
  return isRead(snapshot, 'daemonSets') && isRead(snapshot, 'configMaps');
}

function withoutCilium(snapshot: Snapshot): ClusterMode {
  if (!lacksCilium(snapshot)) {
    return mode('unknown', 'unknown', 'network not known yet', true, [
      'DaemonSets and ConfigMaps of kube-system are not read',
    ]);
  }
  const others = snapshot.tables.daemonSets
    .by('namespace', 'kube-system')
    .map((set) => set.name)
    .filter((name) => /calico|azure-npm|azure-cns|kube-proxy|flannel|weave|antrea|aws-node|kindnet/.test(name));
  const evidence = ['no DaemonSet cilium and no ConfigMap cilium-config in kube-system'];
  if (others.length > 0) evidence.push(`there are DaemonSets ${others.join(', ')}`);
  return mode('not-cilium', 'unknown', 'no Cilium', false, evidence);
}

function managedEvidence(
  snapshot: Snapshot,
  set: WorkloadRow | undefined,
  config: Readonly<Record<string, string>>,
): string[] {
  const evidence: string[] = [];
  if (config.ipam === 'delegated-plugin') evidence.push('cilium-config ipam: delegated-plugin');
  if (set?.labels['kubernetes.azure.com/managedby'] === 'aks') evidence.push(`DaemonSet ${set.name} is managed by aks`);
  if (set?.labels['app.kubernetes.io/actually-managed-by'] === 'Eno')
    evidence.push(`DaemonSet ${set.name} is managed by Eno`);
  // CNS alone is no proof: Azure CNI without Cilium has it too, and so may a cluster that changed hands.
  if (evidence.length > 0 && snapshot.tables.daemonSets.named('kube-system', 'azure-cns'))
    evidence.push('DaemonSet azure-cns');
  return evidence;
}

function managedMode(snapshot: Snapshot, evidence: readonly string[]): ClusterMode {
  const { addressing, why } = addressingOf(snapshot);
  const name = {
    overlay: 'overlay',
    'pod-subnet': 'pod subnet',
    'node-subnet': 'node subnet',
    unknown: 'addressing unknown',
  }[addressing];
  return mode('managed-cilium', addressing, `Azure CNI powered by Cilium, ${name}`, true, [...evidence, why]);
}

/** Azure alone says it outright; node labels and the way addresses are assigned tell it nearly always. */
function addressingOf(snapshot: Snapshot): Addressing {
  const nodes = azureNodes(snapshot);
  const labelled = addressingByLabels(nodes);
  if (labelled !== undefined) return labelled;
  const ofNodes = labelOf(nodes, 'kubernetes.azure.com/nodenetwork-vnetguid') !== '';
  const nodeSubnet = ofNodes ? labelOf(nodes, 'kubernetes.azure.com/network-subnet') : '';
  const assigned = [...snapshot.tables.nodeNetworkConfigs.rows.values()].flatMap((config) => config.containers);
  const modes = new Set(assigned.map((one) => one.mode.toLowerCase()));
  const subnets = new Set(assigned.map((one) => one.subnet).filter((subnet) => subnet !== ''));
  if (modes.has('static') && [...subnets].every((subnet) => subnet === 'routingdomain' || /overlay/i.test(subnet))) {
    return { addressing: 'overlay', why: 'NodeNetworkConfigs assign static blocks of an overlay' };
  }
  if (modes.has('dynamic')) return { addressing: 'pod-subnet', why: 'NodeNetworkConfigs assign addresses dynamically' };
  return fromAddresses(snapshot, nodeSubnet);
}

type Addressing = { addressing: ClusterMode['addressing']; why: string };

function azureNodes(snapshot: Snapshot): readonly NodeRow[] {
  return [...snapshot.tables.nodes.rows.values()].filter((node) => node.os !== 'windows').slice(0, 50);
}

function labelOf(nodes: readonly NodeRow[], key: string): string {
  return nodes.find((node) => node.labels[key])?.labels[key] ?? '';
}

function addressingByLabels(nodes: readonly NodeRow[]): Addressing | undefined {
  if (labelOf(nodes, 'kubernetes.azure.com/azure-cni-overlay') === 'true')
    return { addressing: 'overlay', why: 'nodes are labelled azure-cni-overlay=true' };
  if (labelOf(nodes, 'kubernetes.azure.com/podnetwork-type') === 'overlay')
    return { addressing: 'overlay', why: 'nodes are labelled podnetwork-type=overlay' };
  const subnet = labelOf(nodes, 'kubernetes.azure.com/podnetwork-subnet');
  return subnet === ''
    ? undefined
    : { addressing: 'pod-subnet', why: `nodes are labelled podnetwork-subnet=${subnet}` };
}

/** In a node subnet pods live among the nodes' own addresses; in an overlay each node has a range of its own. */
function fromAddresses(snapshot: Snapshot, nodeSubnet: string): Addressing {
  const nodes = [...snapshot.tables.nodes.rows.values()];
  if (nodes.some((node) => node.podCIDRs.length > 0))
    return { addressing: 'overlay', why: 'nodes have a podCIDR each' };
  const near = new Set(
    nodes.map((node) => node.internalIP.split('.').slice(0, 2).join('.')).filter((prefix) => prefix !== ''),
  );
  const pods = someEndpoints(snapshot, 200);
  if (pods.length === 0) return { addressing: 'unknown', why: 'no endpoint read yet' };
  const among = pods.filter((pod) => near.has(pod.ip.split('.').slice(0, 2).join('.'))).length;
  if (among * 2 > pods.length) {
    return {
      addressing: 'node-subnet',
      why: `pods share the nodes' address range${nodeSubnet === '' ? '' : ` (${nodeSubnet})`}`,
    };
  }
  return { addressing: 'pod-subnet', why: 'pods have another address range than nodes, which have no podCIDR' };
}

function someEndpoints(snapshot: Snapshot, most: number): CiliumEndpointRow[] {
  const found: CiliumEndpointRow[] = [];
  for (const endpoint of snapshot.tables.ciliumEndpoints.rows.values()) {
    if (found.length >= most) break;
    found.push(endpoint);
  }
  return found;
}

function mode(
  cni: ClusterMode['cni'],
  addressing: ClusterMode['addressing'],
  text: string,
  inferred: boolean,
  evidence: readonly string[],
): ClusterMode {
  return { cni, addressing, text, inferred, evidence, contradiction: '' };
}

function isRead(snapshot: Snapshot, source: 'daemonSets' | 'configMaps'): boolean {
  const phase = snapshot.links.get(source)?.phase;
  return phase === 'live' || phase === 'stale';
}
