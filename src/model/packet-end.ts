import type { Labels } from './objects/row.ts';
import type { ObjectRef } from './ref.ts';
import type { Snapshot } from './snapshot.ts';

/** Whose an address of a packet is, as far as the snapshot knows. */
export type PacketEnd = {
  /** `shop/cart-7d9f-x2k4f`, `node aks-np1-0`, `world 20.1.2.3`, `identity 41877 app=cart`. */
  name: string;
  ref: ObjectRef | undefined;
  /** As an end of a question about policies (findNamedEnd); '' = it cannot be asked about. */
  asked: string;
};

/** By its address first: identities are shared. `identity` 0 = not said. */
export function packetEnd({ tables }: Snapshot, address: string, identity: number): PacketEnd {
  const [pod] = address === '' ? [] : tables.pods.by('ip', address);
  if (pod !== undefined) {
    const { namespace, name } = pod;
    return { name: `${namespace}/${name}`, ref: { kind: 'Pod', namespace, name }, asked: `pod/${namespace}/${name}` };
  }
  const [node] = address === '' ? [] : tables.nodes.by('ip', address);
  if (node !== undefined)
    return { name: `node ${node.name}`, ref: { kind: 'Node', name: node.name }, asked: `node/${node.name}` };
  const [service] = address === '' ? [] : tables.services.by('ip', address);
  if (service !== undefined) {
    const { namespace, name } = service;
    const ref = { kind: 'Service', namespace, name };
    return { name: `svc ${namespace}/${name}`, ref, asked: `svc/${namespace}/${name}` };
  }
  const entity = reservedIdentities[identity];
  if (entity !== undefined)
    return { name: [entity, address].filter(Boolean).join(' '), ref: undefined, asked: address || `entity:${entity}` };
  const known = identity === 0 ? undefined : tables.ciliumIdentities.named('', String(identity));
  if (known !== undefined) {
    return {
      name: `identity ${identity} ${labelWords(known.securityLabels)}`.trim(),
      ref: { kind: 'CiliumIdentity', name: String(identity) },
      asked: address,
    };
  }
  return { name: address || (identity > 0 ? `identity ${identity}` : 'unknown'), ref: undefined, asked: address };
}

/** Namespace and the labels people set; what Kubernetes adds besides says little. */
function labelWords(labels: Labels): string {
  return Object.entries(labels)
    .filter(([key]) => !/^k8s:io\.(?:cilium|kubernetes)\./.test(key) || key.endsWith('.pod.namespace'))
    .map(([key, value]) => (key.endsWith('.pod.namespace') ? `ns=${value}` : `${key.replace(/^k8s:/, '')}=${value}`))
    .join(' ');
}

/** Numbers that Cilium gives away itself. */
const reservedIdentities: Readonly<Record<number, string>> = {
  1: 'host',
  2: 'world',
  3: 'unmanaged',
  4: 'health',
  5: 'init',
  6: 'remote-node',
  7: 'kube-apiserver',
  8: 'ingress',
  9: 'world',
  10: 'world',
};
