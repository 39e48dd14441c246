import { parseAddress } from './cidr.ts';
import type { Peer } from './ends.ts';
import type { PodFacts } from './facts.ts';
import { type Group, groupPods, type PodsOf } from './groups.ts';

/** One end of a connection that policies take for one: pods that none of them tells apart, an entity, an address. */
export type Side = {
  /** Stands for all of them. */
  peer: Peer;
  /** The pods that policies hold for; undefined for all else. */
  group: Group | undefined;
  pods: readonly PodFacts[];
  kind: string;
  namespace: string;
  name: string;
  /** A node or a pod of its network: no policy holds for it. `near`, `far` = on the node of the other end, on another. */
  node: '' | 'a node' | 'near' | 'far';
};

export function sideOfGroup(group: Group): Side {
  const { namespace, kind, name, pods } = group;
  return { peer: { pod: `${namespace}/${pods[0].name}` }, group, pods, kind, namespace, name, node: '' };
}

export function sideOfEntity(entity: string): Side {
  const node = entity === 'host' ? 'near' : entity === 'remote-node' ? 'far' : '';
  return { peer: { entity }, group: undefined, pods: [], kind: 'Entity', namespace: '', name: entity, node };
}

/** An address or a name outside the cluster. */
export function sideOutside(peer: Peer & ({ ip: string } | { fqdn: string })): Side {
  const name = 'fqdn' in peer ? peer.fqdn : peer.ip;
  return { peer, group: undefined, pods: [], kind: 'fqdn' in peer ? 'Name' : 'Address', namespace: '', name, node: '' };
}

/**
 * Pods as the sides they make up. Those of a node's network are that node's: several of them are somewhere near and
 * somewhere far of any other pod, and which of the two is all that policies tell.
 */
export function sidesOfPods(of: PodsOf, pods: readonly PodFacts[], perNode: boolean): readonly Side[] {
  const onNodes = pods.filter((pod) => pod.hostNetwork);
  const sides = groupPods(of, perNode, pods).map(sideOfGroup);
  for (const [key, some] of Map.groupBy(onNodes, ({ namespace, workload }) => JSON.stringify([namespace, workload]))) {
    const [first] = some;
    if (!first || key === '') continue;
    const { namespace, workload } = first;
    const base = { group: undefined, pods: some, ...workload, namespace };
    if (some.length === 1) sides.push({ ...base, peer: { pod: `${namespace}/${first.name}` }, node: 'a node' });
    else {
      sides.push({ ...base, peer: { entity: 'host' }, node: 'near' });
      sides.push({ ...base, peer: { entity: 'remote-node' }, node: 'far' });
    }
  }
  return sides;
}

/** As a question takes it: `shop/db`, `entity:world`, `10.1.2.3`, `fqdn:example.com`. */
export function sideName({ kind, namespace, name }: Side): string {
  if (kind === 'Entity') return `entity:${name}`;
  if (kind === 'Name') return `fqdn:${name}`;
  if (kind === 'Node') return `node/${name}`;
  return namespace === '' ? name : `${namespace}/${name}`;
}

/** With where it is, where that tells two of one name apart. */
export function sideWords(side: Side): string {
  if (side.kind === 'Entity' || (side.node !== 'near' && side.node !== 'far')) return sideName(side);
  return `${sideName(side)} ${side.node === 'near' ? 'on the same node' : 'on another node'}`;
}

export function isAddress(text: string): boolean {
  return parseAddress(text) !== undefined;
}

/** Whether both are one and the same single pod: what it sends to itself no policy sees. */
export function isItself(from: Side, to: Side): boolean {
  return from.pods.length === 1 && to.pods.length === 1 && from.pods[0] === to.pods[0];
}
