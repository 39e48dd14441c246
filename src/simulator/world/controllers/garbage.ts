import type { KubeObject } from '../../cluster.ts';
import type { Core } from '../core.ts';
import { keyOf, type PodRecord } from '../view.ts';
import { end } from './rollout.ts';

/** Removes what a vanished owner leaves behind, as the garbage collector and the propagation policies ask. */
export function runGarbage(core: Core): void {
  const { view } = core;

  const collect = (uid: string) => {
    if (view.exists(uid)) return;
    for (const pod of [...view.ownedPods(uid)]) end(core, pod, 'kube-controller-manager');
    for (const reference of [...view.dependents(uid)]) {
      const object = core.get(reference.kind, reference.namespace, reference.name);
      if (object === undefined || object.metadata.uid !== reference.uid) continue;
      const others = object.metadata.ownerReferences?.filter((owner) => owner.uid !== uid) ?? [];
      if (others.some((owner) => view.exists(owner.uid))) continue;
      core.remove(reference.kind, reference.namespace, reference.name);
    }
  };

  /** `kubectl delete --cascade=orphan`: dependents lose the reference, then the owner goes. */
  const orphan = (kind: string, object: KubeObject) => {
    const { uid = '', namespace = '', name } = object.metadata;
    const forget = (dependent: KubeObject): undefined => {
      dependent.metadata.ownerReferences =
        dependent.metadata.ownerReferences?.filter((owner) => owner.uid !== uid) ?? [];
      return undefined;
    };
    for (const pod of [...view.ownedPods(uid)])
      core.edit('Pod', pod.namespace, pod.name, 'kube-controller-manager', undefined, forget);
    for (const reference of [...view.dependents(uid)]) {
      core.edit(reference.kind, reference.namespace, reference.name, 'kube-controller-manager', undefined, forget);
    }
    release(kind, namespace, name, 'orphan');
  };

  /** `--cascade=foreground`: the owner waits for its dependents. */
  const foreground = (kind: string, object: KubeObject) => {
    const { uid = '', namespace = '', name } = object.metadata;
    for (const pod of [...view.ownedPods(uid)]) end(core, pod);
    for (const reference of [...view.dependents(uid)]) {
      // A ReplicaSet in between waits for its own pods.
      for (const pod of [...view.ownedPods(reference.uid)]) end(core, pod);
      if (view.ownedPods(reference.uid).size === 0) core.remove(reference.kind, reference.namespace, reference.name);
    }
    if (view.ownedPods(uid).size > 0 || [...view.dependents(uid)].length > 0) {
      core.after(500, () => {
        const still = core.get(kind, namespace, name);
        if (still?.metadata.uid === uid) foreground(kind, still);
      });
    } else release(kind, namespace, name, 'foregroundDeletion');
  };

  const release = (kind: string, namespace: string, name: string, finalizer: string) => {
    let left = 0;
    core.edit(kind, namespace, name, 'kube-controller-manager', undefined, (object) => {
      object.metadata.finalizers = object.metadata.finalizers?.filter((one) => one !== finalizer) ?? [];
      left = object.metadata.finalizers.length;
      return undefined;
    });
    if (left === 0) core.remove(kind, namespace, name);
  };

  const ask = core.queue(100, collect);
  core.listen((event, pod) => {
    const { kind } = event.resource;
    if (pod !== undefined && event.type === 'DELETED') return removeEndpoint(core, pod);
    const { object } = event;
    if (event.type === 'DELETED') {
      const { uid = '' } = object.metadata;
      if (view.ownedPods(uid).size > 0 || [...view.dependents(uid)].length > 0) ask(uid);
      return;
    }
    if (object.metadata.deletionTimestamp === undefined || event.previous?.metadata.deletionTimestamp !== undefined)
      return;
    const finalizers = object.metadata.finalizers ?? [];
    if (finalizers.includes('orphan')) core.after(50, () => orphan(kind, object));
    else if (finalizers.includes('foregroundDeletion')) core.after(50, () => foreground(kind, object));
  });
}

/** The endpoint of a pod names it as its owner, so it goes with it even where the node's agent is down. */
function removeEndpoint(core: Core, pod: PodRecord): void {
  core.after(400, () => {
    if (core.view.endpointOwner(keyOf(pod)) === pod.uid) core.remove('CiliumEndpoint', pod.namespace, pod.name);
  });
}
