import type { World } from '../world/world.ts';
import { minute, type Scenario } from './scenario.ts';

export const policyDenies: Scenario = {
  id: 'policy-denies',
  title: 'A new policy of one namespace lets its pods out to DNS alone, and cuts them off from their database.',
  nodes: 12,
  pods: 320,
  churn: 0,
  acns: true,
  history: () => [{ ago: 7 * minute, happens: cutOff }],
};

/** Meant to keep the namespace in; what its pods need of each other was forgotten. */
function cutOff(world: World): void {
  const dns = { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s:k8s-app': 'kube-dns' } };
  const spec = {
    endpointSelector: {},
    egress: [{ toEndpoints: [dns], toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }] }] }],
  };
  const metadata = { name: 'keep-in', namespace: 'pay' };
  world.store.create({ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata, spec }, 'kubectl-create');
}
