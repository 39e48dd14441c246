// What is dropped follows from the policies, and is dropped on the side whose rules stop it.
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { KubeObject } from '../../../src/simulator/cluster.ts';
import { smallCluster } from './small-cluster.ts';

const clients = `
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: db-clients, namespace: shop }
spec:
  endpointSelector: { matchLabels: { app: db } }
  ingress:
  - fromEndpoints: [{ matchLabels: { app: client } }]
    toPorts: [{ ports: [{ port: "5432", protocol: TCP }] }]`;

const cases: { what: string; policies: string[]; dropped: Record<string, number> }[] = [
  { what: 'nothing without a policy', policies: [], dropped: {} },
  { what: 'nothing that is let through', policies: [clients], dropped: {} },
  {
    what: 'on the way out, where the sender is isolated',
    policies: [
      clients,
      `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: quiet, namespace: shop }
spec: { podSelector: { matchLabels: { app: client } }, policyTypes: [Egress] }`,
    ],
    dropped: { 'client EGRESS Policy denied': 1 },
  },
  {
    what: 'on the way in, where the sender may send and the other does not take it',
    policies: [
      `
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: to-db, namespace: shop }
spec:
  endpointSelector: { matchLabels: { app: client } }
  egress:
  - toEndpoints: [{ matchLabels: { app: db } }]
    toPorts: [{ ports: [{ port: "5432", protocol: TCP }] }]`,
      `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: shop }
spec: { podSelector: { matchLabels: { app: db } }, policyTypes: [Ingress] }`,
    ],
    dropped: { 'db INGRESS Policy denied': 1 },
  },
  {
    what: 'by a deny rule, and says so',
    policies: [
      clients,
      `
apiVersion: cilium.io/v2
kind: CiliumClusterwideNetworkPolicy
metadata: { name: never }
spec:
  endpointSelector: { matchLabels: { app: db } }
  ingressDeny:
  - fromEndpoints: [{ matchLabels: { app: client } }]`,
    ],
    dropped: { 'db INGRESS Policy denied by denylist': 1 },
  },
  {
    what: 'nothing by a policy that Cilium rejects',
    policies: [
      clients,
      `
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: wrong, namespace: shop }
spec:
  endpointSelector: { matchLabels: { app: client } }
  egress:
  - toEndpoints: [{ matchLabels: { app: db } }]
    toCIDR: [10.0.0.0/8]`,
    ],
    dropped: {},
  },
];

describe('drops by policy', () => {
  it.each(cases)('$what', async ({ policies, dropped }) => {
    const cluster = smallCluster();
    for (const text of policies) cluster.store.create(parse(text) as KubeObject, 'test');
    recover(cluster);
    cluster.clock.now += 600_000;
    const seen: Record<string, number> = {};
    for (const agent of ['cilium-aaaaa', 'cilium-bbbbb']) {
      const text = cluster.voices.metrics(cluster.pod('kube-system', agent), 9962) ?? '';
      for (const [, direction, reason, count] of text.matchAll(
        /^cilium_drop_count_total\{direction="(\w+)",reason="(Policy denied[^"]*)"\} (\d+)$/gm,
      )) {
        const who = agent === 'cilium-aaaaa' ? 'client' : 'db';
        if (Number(count) > 0) seen[`${who} ${direction} ${reason}`] = 1;
      }
    }
    expect(seen).toEqual(dropped);
  });
});

/** The second agent does not run in the small cluster; here it does. */
function recover({ store, pod }: ReturnType<typeof smallCluster>): void {
  const agent = structuredClone(pod('kube-system', 'cilium-bbbbb'));
  const other = pod('kube-system', 'cilium-aaaaa');
  store.update({ ...agent, status: structuredClone(other['status']) }, 'kubelet', 'status');
}
