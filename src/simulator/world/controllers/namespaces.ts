import type { Core } from '../core.ts';
import { end } from './rollout.ts';

/** A namespace that is being deleted is emptied kind by kind; pods end gracefully; then it goes. */
export function runNamespaces(core: Core): void {
  const empty = (name: string) => {
    const namespace = core.get('Namespace', '', name);
    if (namespace?.metadata.deletionTimestamp === undefined) return;
    let left = 0;
    for (const resource of core.store.resources()) {
      if (!resource.namespaced || resource.storedAs !== undefined || resource.group === 'authorization.k8s.io')
        continue;
      const kind = resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`;
      for (const object of listed(core, kind, name)) {
        left++;
        if (resource.kind === 'Pod' && resource.group === '') {
          const pod = core.view.pods.get(`${name}/${object.metadata.name}`);
          if (pod !== undefined) end(core, pod, 'kube-controller-manager');
        } else if ((object.metadata.finalizers ?? []).length === 0) core.remove(kind, name, object.metadata.name);
      }
    }
    if (left > 0) {
      core.after(500, () => empty(name));
      return;
    }
    core.edit('Namespace', '', name, 'kube-controller-manager', 'finalize', (object) => {
      object['spec'] = {};
      return undefined;
    });
    core.remove('Namespace', '', name);
  };

  core.listen((event) => {
    if (event.resource.kind !== 'Namespace' || event.type === 'DELETED') return;
    const { deletionTimestamp, name } = event.object.metadata;
    if (deletionTimestamp !== undefined && event.previous?.metadata.deletionTimestamp === undefined)
      core.after(100, () => empty(name));
    if (event.type === 'ADDED') core.after(100, () => rootCertificate(core, name));
  });
}

/** Every namespace gets the certificate its pods trust the API server by, and an account. */
function rootCertificate(core: Core, namespace: string): void {
  if (core.get('Namespace', '', namespace) === undefined) return;
  core.create(
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kube-root-ca.crt', namespace }, data: { 'ca.crt': '' } },
    'kube-controller-manager',
  );
  if (core.serves('ServiceAccount')) {
    core.create(
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } },
      'kube-controller-manager',
    );
  }
}

function listed(core: Core, kind: string, namespace: string) {
  try {
    return core.store.list(kind, namespace);
  } catch {
    // Reviews and the like are served but never stored.
    return [];
  }
}
