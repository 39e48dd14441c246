import { aksMode } from '../../model/azure/aks-mode.ts';
import type { Check } from '../check.ts';
import { az, managedCluster, suspectCluster } from './managed.ts';

export const nodeProvisioningBlocksDataplaneUpdate: Check = {
  id: 'azure/node-provisioning-blocks-dataplane-update',
  title: 'Node auto-provisioning blocks the change to Cilium',
  why: 'Azure refuses to change the data plane while node auto-provisioning is on: the nodes it makes would not be reimaged with the rest.',
  severity: 'note',
  needs: ['arm'],
  anyNetwork: true,
  look: (snapshot) =>
    suspectCluster(
      snapshot,
      (cluster) => /^auto$/i.test(cluster.nodeProvisioning) && aksMode(cluster).network === 'other',
    ),
  tell: (suspects, snapshot) => [
    {
      title: 'node auto-provisioning is on: the data plane cannot be changed to Cilium',
      objects: suspects.map(({ object }) => object),
      evidence: ['nodeProvisioningProfile.mode Auto'],
      reach: 'the cluster',
      next: `Before the change: ${az(managedCluster(snapshot), 'aks update', '--node-provisioning-mode Manual')}; it can be switched on again afterwards.`,
    },
  ],
};
