import type { Check } from '../check.ts';
import { az, managedCluster, suspectCluster } from './managed.ts';

export const clusterStopped: Check = {
  id: 'azure/cluster-stopped',
  title: 'The cluster is stopped',
  why: 'Azure has taken down the control plane and every node. Nothing runs, and the API server does not answer; what is shown of Kubernetes is what was last heard.',
  severity: 'error',
  needs: ['arm'],
  anyNetwork: true,
  look: (snapshot) => suspectCluster(snapshot, ({ power }) => /^stopp/i.test(power)),
  tell: (suspects, snapshot) => [
    {
      title: 'the cluster is stopped',
      objects: suspects.map(({ object }) => object),
      evidence: [`powerState ${managedCluster(snapshot)?.power}`],
      reach: 'the cluster',
      next: `Start it, which takes some minutes: ${az(managedCluster(snapshot), 'aks start')}`,
    },
  ],
};
