// Each kubelet renews its node's lease every ten seconds, for as long as it says anything at all.
import type { KubeObject } from '../../cluster.ts';
import type { Core } from '../core.ts';
import { microTimeOf, timeOf } from '../shapes.ts';
import type { NodeRecord } from '../view.ts';

const NAMESPACE = 'kube-node-lease';
const PERIOD = 10;
/** Renewals of the past that nobody sees cost time: only the last minute of it has them. */
const RECENT = 60_000;

type Lease = KubeObject & { spec: { renewTime?: string } };

/** `isSilent` tells of a node whether its kubelet reports. */
export function runNodeLeases(core: Core, isSilent: (node: string) => boolean): void {
  const present = core.now() + core.options.past;
  /** The nodes whose turn it is in each second of the period. */
  const turns: Set<string>[] = Array.from({ length: PERIOD }, () => new Set());
  let second = 0;

  const renew = (name: string) => {
    if (isSilent(name)) return;
    core.edit<Lease>('Lease', NAMESPACE, name, 'kubelet', undefined, (lease) => {
      lease.spec = { ...lease.spec, renewTime: microTimeOf(core.now()) };
      return undefined;
    });
  };

  const hold = (node: NodeRecord, made: number) => {
    const about = { apiVersion: 'v1', kind: 'Node', name: node.name, uid: node.uid };
    const spec = { holderIdentity: node.name, leaseDurationSeconds: 40, renewTime: microTimeOf(core.now()) };
    const metadata = {
      name: node.name,
      namespace: NAMESPACE,
      creationTimestamp: timeOf(made),
      ownerReferences: [about],
    };
    if (core.create({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec }, 'kubelet') !== undefined)
      turns[core.random.between(0, PERIOD - 1)]?.add(node.name);
  };

  const turn = () => {
    core.after(1_000, turn);
    second = (second + 1) % PERIOD;
    if (core.now() < present - RECENT) return;
    for (const name of turns[second] ?? []) renew(name);
  };

  core.listen(({ resource, key, type }) => {
    if (resource.kind !== 'Node' || type === 'MODIFIED') return;
    const name = key.slice(1);
    for (const set of turns) set.delete(name);
    const node = view.nodes.get(name);
    if (type === 'ADDED' && node !== undefined) hold(node, core.now());
  });

  const { view } = core;
  for (const node of view.nodes.values()) hold(node, node.created + 2_000);
  turn();
}
