import type { World } from '../world/world.ts';
import { minute, type Scenario } from './scenario.ts';

export const l7Refused: Scenario = {
  id: 'l7-refused',
  title:
    'Without ACNS the API server refuses policies with HTTP rules or names; an older one still sends to a proxy that is not there.',
  nodes: 12,
  pods: 320,
  churn: 0,
  history: () => [
    { ago: 60 * minute, happens: leaveOld },
    { ago: 55 * minute, happens: bind },
  ],
};

/** Made while the proxy was still there. */
function leaveOld(world: World): void {
  const toPorts = [{ ports: [{ port: '8080', protocol: 'TCP' }], rules: { http: [{ method: 'GET' }] } }];
  const ingress = [{ fromEndpoints: [{ matchLabels: { app: 'web' } }], toPorts }];
  const spec = { endpointSelector: { matchLabels: { app: 'api' } }, ingress };
  const metadata = { name: 'api-read-only', namespace: 'shop' };
  world.store.create({ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata, spec }, 'kubectl-create');
}

/** What AKS binds while ACNS is off (Azure/AKS#4663). */
function bind(world: World): void {
  for (const what of ['l7', 'fqdn']) {
    const metadata = { name: `advanced-networking-cilium-${what}-binding` };
    const spec = { policyName: 'advanced-networking-validating-policy', validationActions: ['Deny'] };
    const kind = 'ValidatingAdmissionPolicyBinding';
    world.store.create({ apiVersion: 'admissionregistration.k8s.io/v1', kind, metadata, spec }, 'Eno');
  }
}
