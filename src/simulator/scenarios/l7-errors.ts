import type { KubeObject } from '../cluster.ts';
import type { World } from '../world/world.ts';
import { edit } from './changes.ts';
import { minute, type Scenario } from './scenario.ts';

const namespace = 'shop';
const labels = { app: 'checkout' };

export const l7Errors: Scenario = {
  id: 'l7-errors',
  title:
    'A service answers most of its calls with 502, seen by the proxy that a policy with HTTP rules puts before it.',
  nodes: 12,
  pods: 320,
  churn: 0,
  acns: true,
  history: () => [
    { ago: 100 * minute, happens: bringProxy },
    { ago: 90 * minute, happens: lookInto },
    {
      ago: 80 * minute,
      happens: (world) =>
        world.change({ calls: [{ namespace, from: { app: 'web' }, to: labels, perSecond: 6, held: false }] }),
    },
    {
      ago: 21 * minute,
      happens: (world) => world.change({ failingAnswers: [{ namespace, labels, status: 502, share: 0.7 }] }),
    },
  ],
};

/** `az aks update --acns-advanced-networkpolicies L7`: a proxy beside each security agent. */
function bringProxy(world: World): void {
  edit<DaemonSet>(world, 'DaemonSet', 'kube-system', 'acns-security-agent', 'Eno', ({ spec }) => {
    const [first] = spec.template.spec.containers;
    if (first !== undefined) spec.template.spec.containers.push({ ...first, name: 'cilium-envoy', ports: [] });
  });
}

type DaemonSet = KubeObject & { spec: { template: { spec: { containers: { name: string; ports?: unknown[] }[] } } } };

/** All calls are let through, by a proxy that sees them. */
function lookInto(world: World): void {
  const toPorts = [{ ports: [{ port: '8080', protocol: 'TCP' }], rules: { http: [{ path: '/.*' }] } }];
  const spec = { endpointSelector: { matchLabels: labels }, ingress: [{ fromEndpoints: [{}], toPorts }] };
  const metadata = { name: 'checkout-http', namespace };
  const policy = { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata, spec };
  world.store.create(policy, 'argocd-controller');
}
