import type { Kind, KindId } from '../../model/kinds.ts';
import type { SourceId } from '../../model/link.ts';

/** What is watched of a kind, and when in the order of asking. */
export type WatchSource = {
  id: SourceId;
  kind: KindId;
  /** '' = all namespaces, or a kind without. */
  namespace: string;
  fieldSelector: string;
  /** Asked for instead where listing all of them is forbidden: a right may name single objects. '' = nothing. */
  orSelector: string;
  /** Of what is listed, the names that are kept: no selector of the server's says "one of these". */
  named?: RegExp;
  /** Never more than some thousand objects: streamed also from far away. */
  small: boolean;
  /** Nothing of metadata.managedFields is kept, and there are very many: it is cut out before it is parsed. */
  trim: boolean;
  /** Most clusters do not serve it: asked for only where the server says that it does. */
  rare: boolean;
  /** Label selector of what is listed before anything else: these rows are worth something before the list is whole. */
  ahead: string;
  /** ahead: what names a sick agent · first: what judges the agents; the bulk waits until these are there. */
  wave: 'ahead' | 'first' | 'second';
};

const system = 'kube-system';

/** A kind as far as reading it goes, whichever it is. */
export type WatchedKind = Omit<Kind, 'indexes'>;

export const sources: readonly WatchSource[] = [
  source('daemonSets', 'daemonSets', { wave: 'ahead', small: true }),
  // A thousand nodes have eight thousand of them, and those before the agents in the alphabet do not matter first.
  source('systemPods', 'pods', { wave: 'first', namespace: system, ahead: 'k8s-app=cilium' }),
  source('nodes', 'nodes', { wave: 'first' }),
  source('deployments', 'deployments', { wave: 'first', small: true }),
  // Every node renews a lease of its own every few seconds, in another namespace.
  source('leases', 'leases', { wave: 'first', small: true, namespace: system }),
  source('configMaps', 'configMaps', {
    wave: 'first',
    small: true,
    namespace: system,
    // What the network and DNS read at their start: an edit of it is often what broke them. The rest is others' affair,
    // and some of it is written every ten seconds.
    named: /^(cilium|coredns|azure-cns|cns-)/,
    orSelector: 'metadata.name=cilium-config',
  }),
  source('ciliumNetworkPolicies', 'ciliumNetworkPolicies', { wave: 'first', small: true }),
  source('ciliumClusterwideNetworkPolicies', 'ciliumClusterwideNetworkPolicies', { wave: 'first', small: true }),
  source('networkPolicies', 'networkPolicies', { wave: 'first', small: true }),
  source('ciliumCidrGroups', 'ciliumCidrGroups', { wave: 'first', small: true }),
  // Hardly any cluster serves these; where they are, they come before or after all other policies.
  source('clusterNetworkPolicies', 'clusterNetworkPolicies', { wave: 'first', small: true, rare: true }),
  source('adminNetworkPolicies', 'adminNetworkPolicies', { wave: 'first', small: true, rare: true }),
  source('baselineAdminNetworkPolicies', 'baselineAdminNetworkPolicies', { wave: 'first', small: true, rare: true }),
  source('ciliumNodeConfigs', 'ciliumNodeConfigs', { wave: 'first', small: true }),
  // Ordinary events outnumber all other changes and tell nothing that the objects do not.
  source('events', 'events', { fieldSelector: 'type!=Normal' }),
  source('pods', 'pods', { trim: true, fieldSelector: `metadata.namespace!=${system}` }),
  source('ciliumEndpointSlices', 'ciliumEndpointSlices'),
  source('ciliumEndpoints', 'ciliumEndpoints', { trim: true }),
  source('ciliumIdentities', 'ciliumIdentities', { trim: true }),
  source('ciliumNodes', 'ciliumNodes', { trim: true }),
  source('namespaces', 'namespaces', { small: true }),
  source('services', 'services', { trim: true }),
  source('endpointSlices', 'endpointSlices'),
  source('statefulSets', 'statefulSets', { small: true }),
  source('replicaSets', 'replicaSets', { trim: true }),
  // A revision holds a whole pod template; those that matter here are of the network's own DaemonSets.
  source('controllerRevisions', 'controllerRevisions', { small: true, namespace: system }),
  source('nodeNetworkConfigs', 'nodeNetworkConfigs', { trim: true }),
  source('clusterSubnetStates', 'clusterSubnetStates', { small: true }),
  source('containerNetworkLogs', 'containerNetworkLogs', { small: true, rare: true }),
  source('containerNetworkMetrics', 'containerNetworkMetrics', { small: true, rare: true }),
];

function source(id: SourceId, kind: KindId, more: Partial<Omit<WatchSource, 'id' | 'kind'>> = {}): WatchSource {
  const plain = { namespace: '', fieldSelector: '', orSelector: '', small: false, rare: false, trim: false, ahead: '' };
  return { id, kind, ...plain, wave: 'second', ...more };
}

/** The path of a kind's list. */
export function listPath(kind: Pick<WatchedKind, 'group' | 'plural'>, version: string, namespace: string): string {
  const root = kind.group === '' ? `/api/${version}` : `/apis/${kind.group}/${version}`;
  return namespace === ''
    ? `${root}/${kind.plural}`
    : `${root}/namespaces/${encodeURIComponent(namespace)}/${kind.plural}`;
}
