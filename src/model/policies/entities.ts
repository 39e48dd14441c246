import { CLUSTER_KEY } from './labels.ts';
import type { Peer } from './rule.ts';
import { kubernetesKey, type Requirement, selectorOf } from './selector.ts';

/** Entities as the reserved labels they stand for (domain §7.3; Cilium's `policy/api/entity.go`). */
const reserved: Readonly<Record<string, readonly string[]>> = {
  world: ['world', 'world-ipv4', 'world-ipv6'],
  host: ['host'],
  'remote-node': ['remote-node'],
  'kube-apiserver': ['kube-apiserver'],
  health: ['health'],
  init: ['init'],
  ingress: ['ingress'],
  unmanaged: ['unmanaged'],
  none: ['none'],
};

const OF_THE_CLUSTER = ['host', 'remote-node', 'init', 'ingress', 'health', 'unmanaged', 'kube-apiserver'];

/** Whom an entity means, ORed; undefined for a word that is none. */
export function entityPeers(entity: unknown, clusterName: string): readonly Peer[] | undefined {
  if (typeof entity !== 'string') return undefined;
  if (entity === 'all') return [{ type: 'any' }];
  if (entity === 'cluster') {
    const pods: Requirement = { ...kubernetesKey(CLUSTER_KEY), operator: 'In', values: [clusterName] };
    return [...OF_THE_CLUSTER.map((name) => labelled(name, entity)), withText([pods], entity)];
  }
  return Object.hasOwn(reserved, entity) ? reserved[entity]?.map((name) => labelled(name, entity)) : undefined;
}

function labelled(name: string, entity: string): Peer {
  return withText([{ source: 'reserved', key: name, operator: 'Exists', values: [] }], entity);
}

function withText(requirements: readonly Requirement[], entity: string): Peer {
  return { type: 'labels', selector: selectorOf(requirements), text: `entity ${entity}` };
}
