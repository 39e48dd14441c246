import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { aksMode } from '../../../src/model/azure/aks-mode.ts';
import { readManagedCluster } from '../../../src/model/azure/read-managed-cluster.ts';
import { clusterMode } from '../../../src/model/cluster-mode.ts';
import { given } from '../../checks/given.ts';

/** The rows of the decision table, and what is near them. */
const table = parse(`
- { what: overlay, network: { networkPlugin: azure, networkPluginMode: overlay, networkDataplane: cilium }, is: managed-cilium, addressing: overlay, text: 'Azure CNI powered by Cilium, overlay' }
- { what: overlay in another case, network: { networkPlugin: Azure, networkPluginMode: Overlay, networkDataplane: Cilium }, is: managed-cilium, addressing: overlay, text: 'Azure CNI powered by Cilium, overlay' }
- { what: overlay although a pool has a pod subnet, network: { networkPlugin: azure, networkPluginMode: overlay, networkDataplane: cilium }, pools: [{ podSubnetID: /s/pods }], is: managed-cilium, addressing: overlay, text: 'Azure CNI powered by Cilium, overlay' }
- { what: pod subnet, network: { networkPlugin: azure, networkDataplane: cilium }, pools: [{}, { podSubnetID: /s/pods }], is: managed-cilium, addressing: pod-subnet, text: 'Azure CNI powered by Cilium, pod subnet' }
- { what: static blocks, network: { networkPlugin: azure, networkDataplane: cilium }, pools: [{ podSubnetID: /s/pods, podIPAllocationMode: StaticBlock }], is: managed-cilium, addressing: pod-subnet, text: 'Azure CNI powered by Cilium, pod subnet (static block)' }
- { what: node subnet, network: { networkPlugin: azure, networkDataplane: cilium }, pools: [{}], is: managed-cilium, addressing: node-subnet, text: 'Azure CNI powered by Cilium, node subnet' }
- { what: BYO, network: { networkPlugin: none, podCidr: 10.10.0.0/16 }, is: byo, addressing: unknown, text: BYO CNI }
- { what: BYO comes first, network: { networkPlugin: none, networkDataplane: cilium }, is: byo, addressing: unknown, text: BYO CNI }
- { what: NPM, network: { networkPlugin: azure, networkPolicy: azure }, is: other, addressing: unknown, text: 'Azure CNI with Azure Network Policy Manager' }
- { what: overlay without Cilium, network: { networkPlugin: azure, networkPluginMode: overlay, networkDataplane: azure }, is: other, addressing: unknown, text: 'Azure CNI overlay, no network policies' }
- { what: Calico, network: { networkPlugin: azure, networkPolicy: calico }, is: other, addressing: unknown, text: 'Azure CNI with Calico' }
- { what: kubenet, network: { networkPlugin: kubenet, podCidr: 10.244.0.0/16 }, is: other, addressing: unknown, text: 'kubenet, no network policies' }
- { what: nothing said, network: {}, is: other, addressing: unknown, text: 'a network Azure does not name, no network policies' }
`) as { what: string; network: object; pools?: object[]; is: string; addressing: string; text: string }[];

describe('the network as ARM says it', () => {
  test.each(table)('$what', ({ network, pools = [], is, addressing, text }) => {
    const raw = { properties: { networkProfile: network, agentPoolProfiles: pools } };
    expect(aksMode(readManagedCluster(raw as never))).toMatchObject({ network: is, addressing, text });
  });
});

const networkOf = (networkProfile: object) => ({ properties: { networkProfile } });
const byo = networkOf({ networkPlugin: 'none', networkPluginMode: null, networkDataplane: null, networkPolicy: null });
const cilium = { networkPlugin: 'azure', networkPluginMode: null, networkDataplane: 'cilium' };
const ownCilium = `
kind: ConfigMap
metadata: { namespace: kube-system, name: cilium-config }
data: { ipam: cluster-pool, tunnel-protocol: vxlan }
---
kind: DaemonSet
metadata: { namespace: kube-system, name: cilium, labels: { kubernetes.azure.com/managedby: null } }
`;
const noCilium = `
{ kind: ConfigMap, removed: true, metadata: { namespace: kube-system, name: cilium-config } }
---
{ kind: DaemonSet, removed: true, metadata: { namespace: kube-system, name: cilium } }
`;

describe('the mode of the cluster where Azure was asked', () => {
  test('is told outright', () => {
    expect(clusterMode(given({ azure: {} }))).toMatchObject({
      cni: 'managed-cilium',
      addressing: 'overlay',
      inferred: false,
      contradiction: '',
      evidence: ['Azure: plugin azure, mode overlay, dataplane cilium, policy cilium'],
    });
  });

  test('BYO CNI with the Cilium that somebody installed', () => {
    const mode = clusterMode(given({ azure: { arm: byo }, over: ownCilium }));
    expect(mode).toMatchObject({ cni: 'byo-cilium', inferred: false, contradiction: '' });
    expect(mode.text).toBe('BYO CNI: self-managed Cilium, ipam cluster-pool');
  });

  test('BYO CNI and nobody brought Cilium', () => {
    const mode = clusterMode(given({ azure: { arm: byo }, over: noCilium }));
    expect(mode).toMatchObject({ cni: 'not-cilium', text: 'BYO CNI without Cilium', contradiction: '' });
  });

  test('BYO CNI while nothing of the cluster has been read', () => {
    const mode = clusterMode(given({ azure: { arm: byo }, bare: true, links: { daemonSets: 'loading' } }));
    expect(mode).toMatchObject({ cni: 'unknown', text: 'BYO CNI: what was brought is not known yet' });
  });

  test('Azure’s Cilium that runs in a cluster of another plugin: what runs counts, and both are said', () => {
    const npm = networkOf({ networkDataplane: 'azure', networkPolicy: 'azure' });
    expect(clusterMode(given({ azure: { arm: npm } }))).toMatchObject({
      cni: 'managed-cilium',
      inferred: true,
      contradiction: expect.stringMatching(
        /^Azure says Azure CNI overlay with Azure Network Policy Manager; what runs here is Azure CNI powered by Cilium/,
      ),
    });
  });

  test('another way of addressing than nodes and pods show', () => {
    const over = 'kind: Node\nmetadata: { name: np1-0, labels: { kubernetes.azure.com/podnetwork-type: overlay } }';
    expect(clusterMode(given({ azure: { arm: networkOf(cilium) }, over }))).toMatchObject({
      addressing: 'node-subnet',
      inferred: false,
      contradiction:
        'Azure says Azure CNI powered by Cilium, node subnet, and nodes are labelled podnetwork-type=overlay.',
    });
  });
});
