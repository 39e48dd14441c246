// The lease by which each API server of a cluster tells that it is there.
import type { KubeObject, ObjectStore } from './cluster.ts';
import { timestamp } from './store.ts';

/** Seconds for which it holds, and milliseconds between renewals (identity-lease-duration-seconds, -renew-interval). */
const HOLDS = 3600;
const RENEWED = 10_000;

type Lease = KubeObject & { spec: { renewTime: string } };

/** Writes the lease, and renews it until the function that is returned is called. `now` and `created` in milliseconds since 1970. */
export function holdIdentityLease(store: ObjectStore, now: () => number, created: number): () => void {
  const name = 'apiserver-q4r7zkx2mbt5wjd3hnvs6yclpe';
  const time = () => `${new Date(now()).toISOString().slice(0, 23)}000Z`;
  store.create(
    {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: {
        name,
        namespace: 'kube-system',
        creationTimestamp: timestamp(created),
        labels: { 'apiserver.kubernetes.io/identity': 'kube-apiserver', 'kubernetes.io/hostname': 'kube-apiserver-0' },
      },
      spec: {
        holderIdentity: `${name}_5b1c0f0e-64d2-4a0b-9c59-1f1f6e0a7d28`,
        leaseDurationSeconds: HOLDS,
        renewTime: time(),
      },
    },
    'kube-apiserver',
  );
  const timer = setInterval(() => {
    const lease = store.get('Lease', 'kube-system', name) as Lease | undefined;
    if (lease === undefined) return;
    store.update({ ...lease, spec: { ...lease.spec, renewTime: time() } } as KubeObject, 'kube-apiserver');
  }, RENEWED);
  timer.unref();
  return () => clearInterval(timer);
}
