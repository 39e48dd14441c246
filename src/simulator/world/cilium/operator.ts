// The operator: two replicas, one of which holds the lease and does the work.

import type { KubeObject, StoreEvent } from '../../cluster.ts';
import { taint, untaint } from '../controllers/node-lifecycle.ts';
import type { Core } from '../core.ts';
import type { Recorder } from '../events.ts';
import { setCondition } from '../pod-object.ts';
import { type CiliumEndpoint, microTimeOf, type Node, timeOf } from '../shapes.ts';
import type { PodRecord } from '../view.ts';
import type { Identities } from './identities.ts';
import { rejectionOf } from './rejection.ts';
import type { Slices } from './slices.ts';

export const LEASE = 'cilium-operator-resource-lock';
const TAINT = 'node.cilium.io/agent-not-ready';
/** --leader-election-retry-period, -lease-duration. */
const RETRY = 2_000;
const DURATION = 15;
const COLLECT = 20_000;
/** cilium-endpoint-gc-interval */
const ENDPOINTS = 300_000;

type Lease = KubeObject & {
  spec: {
    holderIdentity?: string;
    renewTime?: string;
    acquireTime?: string;
    leaseDurationSeconds?: number;
    leaseTransitions?: number;
  };
};

export function runOperator(core: Core, record: Recorder, slices: Slices, identities: Identities): { start(): void } {
  const { view } = core;
  let leader: PodRecord | undefined;
  let holder = '';

  const replicas = (): PodRecord[] => {
    const found: PodRecord[] = [];
    for (const set of view.labelSets('kube-system')) {
      if (set.labels['io.cilium/app'] !== 'operator') continue;
      for (const pod of set.pods) if (pod.ready && !pod.deleting) found.push(pod);
    }
    return found.sort((a, b) => a.created - b.created || (a.name < b.name ? -1 : 1));
  };

  const alive = (pod: PodRecord | undefined): boolean =>
    pod !== undefined && view.pods.get(`${pod.namespace}/${pod.name}`) === pod && pod.ready;

  const lease = () => {
    const now = core.now();
    if (core.causes().leaseRefused) {
      leader = undefined;
      return;
    }
    const object = core.get<Lease>('Lease', 'kube-system', LEASE);
    if (leader?.deleting) {
      // On SIGTERM the leader lets go of the lease, so that the other one need not wait.
      leader = undefined;
      write(object, { holderIdentity: '', leaseDurationSeconds: 1, renewTime: microTimeOf(now) });
    } else if (leader !== undefined && !alive(leader)) leader = undefined;
    else if (leader !== undefined && object?.spec.holderIdentity !== holder) leader = undefined;
    if (leader !== undefined) {
      write(object, { renewTime: microTimeOf(now) });
      return;
    }
    const renewed = Date.parse(object?.spec.renewTime ?? '') || 0;
    const expired = now - renewed > (object?.spec.leaseDurationSeconds ?? DURATION) * 1000;
    if (object !== undefined && object.spec.holderIdentity !== '' && !expired) return;
    const next = replicas()[0];
    if (next === undefined) return;
    holder = `${next.node}-${core.random.suffix(10)}`;
    leader = next;
    write(object, {
      holderIdentity: holder,
      leaseDurationSeconds: DURATION,
      acquireTime: microTimeOf(now),
      renewTime: microTimeOf(now),
      leaseTransitions: (object?.spec.leaseTransitions ?? 0) + 1,
    });
    record(
      {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        namespace: 'kube-system',
        name: LEASE,
        uid: object?.metadata.uid ?? '',
      },
      { type: 'Normal', reason: 'LeaderElection', message: `${holder} became leader`, component: holder },
    );
    slices.rebuild();
    for (const node of view.nodes.keys()) look(node);
  };

  const write = (object: Lease | undefined, spec: Lease['spec']) => {
    if (object === undefined) {
      const metadata = { name: LEASE, namespace: 'kube-system' };
      core.create(
        { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec } as KubeObject,
        'cilium-operator-generic',
      );
      return;
    }
    core.edit<Lease>('Lease', 'kube-system', LEASE, 'cilium-operator-generic', undefined, (current) => {
      current.spec = { ...current.spec, ...spec };
      return undefined;
    });
  };

  /** Taint and condition by the agent pod of the node. A node without one keeps what it has. */
  const judge = (name: string) => {
    if (leader === undefined) return;
    const node = view.nodes.get(name);
    const agent = [...(node?.pods ?? [])].find(
      (pod) => pod.namespace === 'kube-system' && pod.set.labels['k8s-app'] === 'cilium' && !pod.deleting,
    );
    if (node === undefined || agent === undefined) return;
    const tainted = node.taints.some((one) => one.key === TAINT);
    if (agent.ready !== tainted && !agent.ready) return;
    core.edit<Node>('Node', '', name, 'cilium-operator-generic', undefined, (object) => {
      if (agent.ready) return untaint(object, TAINT) ? undefined : false;
      taint(object, { key: TAINT, value: 'true', effect: 'NoSchedule', timeAdded: timeOf(core.now()) });
      return undefined;
    });
    if (agent.ready) {
      core.edit<Node>('Node', '', name, 'cilium-operator-generic', 'status', (object) => {
        const condition = {
          type: 'NetworkUnavailable',
          status: 'False',
          reason: 'CiliumIsUp',
          message: 'Cilium is running on this node',
        };
        return setCondition(object.status, condition, core.now()) ? undefined : false;
      });
    }
  };

  const validate = (event: StoreEvent) => {
    const { kind } = event.resource;
    const { object } = event;
    if (event.type === 'DELETED' || event.previous?.metadata.generation === object.metadata.generation) return;
    core.after(300, () =>
      core.edit(
        kind,
        object.metadata.namespace ?? '',
        object.metadata.name,
        'cilium-operator-generic',
        'status',
        (current) => {
          if (leader === undefined) return false;
          const held = { conditions: [] };
          const against = rejectionOf(current, core.get('ConfigMap', 'kube-system', 'cilium-config'));
          const verdict =
            against === ''
              ? { status: 'True', reason: 'Succeeded', message: 'Policy validation succeeded' }
              : { status: 'False', reason: 'Failed', message: against };
          setCondition(held, { type: 'Valid', ...verdict }, core.now());
          current['status'] = held;
          return undefined;
        },
      ),
    );
  };

  const collectEndpoints = () => {
    if (leader === undefined) return;
    for (const { namespace, name } of slices.endpoints.values()) {
      if (!view.pods.has(`${namespace}/${name}`)) core.remove('CiliumEndpoint', namespace, name);
    }
  };

  const every = (period: number, run: () => void) => {
    core.after(period, () => {
      run();
      every(period, run);
    });
  };

  const look = core.queue(250, judge);
  /** Slices that came back with their definition are not those it has in mind. */
  const reread = core.queue(100, () => {
    if (leader !== undefined) slices.rebuild();
  });
  core.listen((event, pod) => {
    const { kind } = event.resource;
    if (kind === 'CiliumEndpoint') {
      countIdentities(identities, event);
      if (leader !== undefined) slices.hear(event);
    } else if (kind === 'CiliumEndpointSlice') {
      if (leader !== undefined) slices.hear(event);
    } else if (kind === 'CustomResourceDefinition') {
      if (event.type === 'ADDED' && event.object.metadata.name === 'ciliumendpointslices.cilium.io') reread('');
    } else if (kind === 'CiliumNetworkPolicy' || kind === 'CiliumClusterwideNetworkPolicy') validate(event);
    else if (
      pod !== undefined &&
      pod.node !== '' &&
      pod.set.labels['k8s-app'] === 'cilium' &&
      pod.namespace === 'kube-system'
    )
      look(pod.node);
  });

  return {
    start() {
      const object = core.get<Lease>('Lease', 'kube-system', LEASE);
      leader = replicas().find((pod) => object?.spec.holderIdentity?.startsWith(`${pod.node}-`));
      holder = object?.spec.holderIdentity ?? '';
      every(RETRY, lease);
      every(100, () => {
        if (leader !== undefined && alive(leader)) slices.pump();
      });
      every(COLLECT, () => {
        if (leader !== undefined) identities.collect();
      });
      every(ENDPOINTS, collectEndpoints);
    },
  };
}

/** Which identities are in use follows from the endpoints. */
function countIdentities(identities: Identities, event: StoreEvent): void {
  const now = event.type === 'DELETED' ? undefined : (event.object as CiliumEndpoint).status?.identity?.id;
  const before =
    event.type === 'DELETED'
      ? (event.object as CiliumEndpoint).status?.identity?.id
      : (event.previous as CiliumEndpoint | undefined)?.status?.identity?.id;
  if (now === before) return;
  if (now !== undefined) identities.hold(now);
  if (before !== undefined) identities.release(before);
}
