import type { Check } from '../check.ts';
import { managedCluster, suspectCluster } from './managed.ts';

export const byoWithoutPodCidr: Check = {
  id: 'azure/byo-without-pod-cidr',
  title: 'BYO CNI without a pod range in Azure',
  why: 'Without a network of its own Azure learns the pods’ range from podCidr only. Where none is set, nothing makes the control plane able to reach pods: webhooks, aggregated APIs and proxied requests may fail.',
  severity: 'warning',
  needs: ['arm'],
  look: (snapshot) =>
    suspectCluster(snapshot, ({ network }) => network.plugin === 'none' && network.podCidrs.length === 0),
  tell: (suspects, snapshot) => [
    {
      title: 'BYO CNI, and Azure was told no pod range',
      objects: suspects.map(({ object }) => object),
      evidence: [
        'networkPlugin none, podCidr not set',
        ...(managedCluster(snapshot)?.network.serviceCidrs ?? []).map((cidr) => `serviceCidr ${cidr}`),
      ],
      reach: 'what the control plane asks of pods',
      next: 'It is set when the cluster is made: make the next one with --network-plugin none --pod-cidr, with the range Cilium gives to pods.',
    },
  ],
};
