import type { World } from '../world/world.ts';
import { minute, type Scenario } from './scenario.ts';

export const dnsPolicy: Scenario = {
  id: 'dns-policy',
  title: 'A new policy of one namespace lets its pods talk to each other, and forgets that they must ask for names.',
  nodes: 12,
  pods: 320,
  churn: 0,
  acns: true,
  history: () => [{ ago: 7 * minute, happens: forgetNames }],
};

function forgetNames(world: World): void {
  const spec = { endpointSelector: {}, egress: [{ toEndpoints: [{}] }] };
  const metadata = { name: 'within-only', namespace: 'shop' };
  world.store.create({ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata, spec }, 'kubectl-create');
}
