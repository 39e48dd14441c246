import { describe, expect, it } from 'vitest';
import { told } from '../given.ts';

const policy = (labels: string) => `
kind: CiliumNetworkPolicy
apiVersion: cilium.io/v2
metadata: { namespace: shop, name: out, creationTimestamp: <9d ago> }
spec:
  endpointSelector: { matchLabels: { app: web } }
  egress:
    - toEndpoints: [${labels}]
      toPorts: [{ ports: [{ port: '53', protocol: ANY }] }]
`;
const kubeDns = "{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': kube-system, k8s-app: kube-dns } }";
const cache = "{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': kube-system, k8s-app: node-local-dns } }";
const daemonSet =
  '{ kind: DaemonSet, apiVersion: apps/v1, metadata: { namespace: kube-system, name: node-local-dns } }';
const of = (...over: string[]) => told({ over }).filter((text) => text.startsWith('dns/'));

describe('dns/node-local-not-allowed', () => {
  it('tells of a policy that knows kube-dns alone', () =>
    expect(of(policy(kubeDns), daemonSet)).toEqual([
      'dns/node-local-not-allowed: 1 policy allows DNS to kube-dns, but not to node-local-dns',
    ]));
  it('is silent where the cache is allowed', () => expect(of(policy(`${kubeDns}, ${cache}`), daemonSet)).toEqual([]));
  it('is silent where there is no cache', () => expect(of(policy(kubeDns))).toEqual([]));
});
