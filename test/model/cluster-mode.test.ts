import { describe, expect, test } from 'vitest';
import { clusterMode } from '../../src/model/cluster-mode.ts';
import { apply, emptySnapshot } from '../../src/model/snapshot.ts';
import { allLive, noon, snapshotOf } from '../fixtures/snapshot-of.ts';

const config = (data: string) => `
---
{kind: ConfigMap, metadata: {name: cilium-config, namespace: kube-system, uid: cc}, data: {${data}}}`;
const set = (labels = '') => `
---
{kind: DaemonSet, metadata: {name: cilium, namespace: kube-system, uid: ds, labels: {${labels}}}, spec: {selector: {matchLabels: {k8s-app: cilium}}}}`;
const node = (labels: string, spec = '', ip = '10.224.0.4') => `
---
{kind: Node, metadata: {name: n1, uid: n1, labels: {${labels}}}, spec: {${spec}}, status: {addresses: [{type: InternalIP, address: ${ip}}]}}`;
const endpoint = (ip: string) => `
---
{kind: CiliumEndpoint, metadata: {name: a, namespace: shop, uid: e}, status: {identity: {id: 1}, networking: {addressing: [{ipv4: ${ip}}]}}}`;
const nnc = (mode: string, subnet: string) => `
---
{kind: NodeNetworkConfig, metadata: {name: n1, namespace: kube-system, uid: nnc}, status: {networkContainers: [{assignmentMode: ${mode}, subnetName: ${subnet}}]}}`;
const managed = config('ipam: delegated-plugin') + set('kubernetes.azure.com/managedby: aks');

const cases: [what: string, yaml: string, cni: string, addressing: string][] = [
  ['overlay by label', managed + node('kubernetes.azure.com/azure-cni-overlay: "true"'), 'managed-cilium', 'overlay'],
  ['overlay by ranges of nodes', managed + node('', 'podCIDR: 10.244.0.0/24'), 'managed-cilium', 'overlay'],
  [
    'pod subnet by label',
    managed + node('kubernetes.azure.com/podnetwork-subnet: pods'),
    'managed-cilium',
    'pod-subnet',
  ],
  ['pod subnet by dynamic assignment', managed + node('') + nnc('dynamic', 'pods'), 'managed-cilium', 'pod-subnet'],
  ['node subnet by addresses', managed + node('') + endpoint('10.224.0.30'), 'managed-cilium', 'node-subnet'],
  ['pod subnet by addresses', managed + node('') + endpoint('10.241.0.30'), 'managed-cilium', 'pod-subnet'],
  ['managed, nothing running yet', managed + node(''), 'managed-cilium', 'unknown'],
  [
    'managed by its labels alone',
    set('app.kubernetes.io/actually-managed-by: Eno') + node(''),
    'managed-cilium',
    'unknown',
  ],
  [
    'self-managed',
    config('ipam: cluster-pool, tunnel-protocol: vxlan') + set('app.kubernetes.io/part-of: cilium'),
    'byo-cilium',
    'unknown',
  ],
  [
    'no Cilium',
    '{kind: DaemonSet, metadata: {name: azure-cns, namespace: kube-system, uid: cns}}',
    'not-cilium',
    'unknown',
  ],
];

describe('mode', () => {
  test.each(cases)('%s', (_, yaml, cni, addressing) =>
    expect(clusterMode(snapshotOf(yaml))).toMatchObject({ cni, addressing }),
  );

  test('a guess says from what', () => {
    const mode = clusterMode(snapshotOf(managed + node('') + nnc('dynamic', 'pods')));
    expect(mode).toMatchObject({ text: 'Azure CNI powered by Cilium, pod subnet', inferred: true });
    expect(mode.evidence).toEqual([
      'cilium-config ipam: delegated-plugin',
      'DaemonSet cilium is managed by aks',
      'NodeNetworkConfigs assign addresses dynamically',
    ]);
  });

  test('nothing read is unknown, not absent', () => expect(clusterMode(emptySnapshot(noon)).cni).toBe('unknown'));

  test('no Cilium is said only once DaemonSets and ConfigMaps are read', () => {
    const half = apply(emptySnapshot(noon), allLive(noon, { configMaps: { phase: 'forbidden', heard: 0 } }), noon);
    expect(clusterMode(half).cni).toBe('unknown');
  });

  test('the agent without its configuration is neither', () => {
    const half = apply(snapshotOf(set()), allLive(noon, { configMaps: { phase: 'forbidden', heard: 0 } }), noon);
    expect(clusterMode(half).cni).toBe('unknown');
  });
});
