import type { World } from '../world/world.ts';
import { minute, type Scenario } from './scenario.ts';

export const policyRejected: Scenario = {
  id: 'policy-rejected',
  title: 'A policy has HTTP rules on a UDP port: Cilium takes none of it, and nothing of it is in force.',
  nodes: 12,
  pods: 320,
  churn: 0,
  acns: true,
  history: () => [{ ago: 28 * minute, happens: apply }],
};

/** The API server's schema does not know what Cilium refuses. */
function apply(world: World): void {
  const toPorts = [{ ports: [{ port: '8080', protocol: 'UDP' }], rules: { http: [{ method: 'GET' }] } }];
  const ingress = [{ fromEndpoints: [{ matchLabels: { app: 'web' } }], toPorts }];
  const spec = { endpointSelector: { matchLabels: { app: 'api' } }, ingress };
  const metadata = { name: 'api-read-only', namespace: 'shop' };
  const policy = { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata, spec };
  world.store.create(policy, 'kubectl-client-side-apply');
}
