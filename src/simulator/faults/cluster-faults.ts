// What happens to the cluster's contents rather than to a request.
import { ApiError } from '../api-error.ts';
import type { KubeObject, ObjectStore } from '../cluster.ts';
import type { Fault } from './fault.ts';

export const clusterFaults: readonly Fault[] = [
  {
    id: 'crd-removed',
    title: "Cilium's CustomResourceDefinitions are deleted, and with them their objects, until the fault is cleared.",
    begin({ store }) {
      const crds = store
        .list('CustomResourceDefinition')
        .filter((crd) => (crd.spec as { group?: string }).group === 'cilium.io');
      const objects = crds.flatMap((crd) => store.list((crd.spec as { names: { kind: string } }).names.kind));
      for (const crd of crds) store.remove('CustomResourceDefinition', '', crd.metadata.name);
      return () => {
        for (const object of [...crds, ...objects]) if (hasOwner(store, object)) recreate(store.create, object);
      };
    },
  },
  {
    id: 'event-storm',
    title: '500 pods a second are touched.',
    begin({ store }) {
      const names = store.list('Pod').map(({ metadata }) => [metadata.namespace ?? '', metadata.name] as const);
      let turn = 0;
      const timer = setInterval(() => {
        for (let i = 0; i < 25 && names.length > 0; i++) {
          turn++;
          const [namespace, name] = names[turn % names.length] ?? ['', ''];
          const pod = store.get('Pod', namespace, name);
          if (pod === undefined) continue;
          pod.metadata.annotations = { ...pod.metadata.annotations, 'example.com/turn': String(turn) };
          unlessRefused(() => store.update(pod, 'storm'));
        }
      }, 50);
      return () => clearInterval(timer);
    },
  },
];

/** What lost its owner meanwhile would be collected at once. */
function hasOwner(store: ObjectStore, { metadata }: KubeObject): boolean {
  const owners = metadata.ownerReferences ?? [];
  const namespace = metadata.namespace ?? '';
  return (
    owners.length === 0 ||
    owners.some(({ kind, name, uid }) =>
      [namespace, ''].some((one) => store.get(kind, one, name)?.metadata.uid === uid),
    )
  );
}

function recreate(create: (object: KubeObject, manager: string) => KubeObject, object: KubeObject): void {
  const { resourceVersion: _, ...metadata } = object.metadata;
  unlessRefused(() => create({ ...object, metadata }, 'restore'));
}

/** What somebody else has made or changed meanwhile stays theirs. */
function unlessRefused(write: () => void): void {
  try {
    write();
  } catch (problem) {
    if (!(problem instanceof ApiError)) throw problem;
  }
}
