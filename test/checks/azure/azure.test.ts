import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checks } from '../../../src/checks/index.ts';
import type { Facts } from '../../../src/model/facts.ts';
import { healthyArm } from '../azure-facts.ts';
import { finding, judged } from '../given.ts';
import type { Raw } from '../healthy-cluster.ts';

type Case = {
  arm?: Raw;
  pool?: Raw;
  facts?: Partial<Facts>;
  over?: string;
  /** `without`: nothing of Cilium is in the cluster. `own`: somebody installed it. */
  without?: 'cilium';
  own?: 'cilium';
  /** Other checks that speak, too. */
  also?: readonly string[];
  /** Lints may have their say of the policies. */
  policies?: true;
  tells: readonly string[];
};

const table = parse(readFileSync(new URL('./azure.yaml', import.meta.url), 'utf8')) as Record<
  string,
  Record<string, Case>
>;

describe.each(Object.entries(table))('%s', (id, cases) => {
  it.each(Object.entries(cases))('%s', (_, { tells, also = [], policies = false, ...given }) => {
    const { findings } = judged(givenOf(given));
    expect(findings.filter((one) => one.id === id).map(({ title }) => title)).toEqual(tells);
    const others = findings.filter((one) => one.id !== id && !(policies && one.id.startsWith('policies/')));
    expect(others.map((one) => one.id).filter((other) => !also.includes(other))).toEqual([]);
  });
});

it('has a case that fires and one that does not for every check of Azure', () => {
  const azure = checks.map(({ id }) => id).filter((id) => id.startsWith('azure/'));
  expect(Object.keys(table).toSorted()).toEqual(azure.toSorted());
  // What is silent elsewhere is silent in every other case, too: each of them is one of no false alarm.
  for (const id of azure) expect(Object.values(table[id] ?? {}).some(({ tells }) => tells.length > 0)).toBe(true);
});

function givenOf({ arm = {}, pool, facts, over, without, own }: Omit<Case, 'tells' | 'also' | 'policies'>) {
  const [first] = (healthyArm()['properties'] as { agentPoolProfiles: Raw[] }).agentPoolProfiles;
  const pools = pool === undefined ? {} : { agentPoolProfiles: [{ ...first, ...pool }] };
  return {
    azure: { arm: { properties: { ...arm, ...pools } }, ...(facts === undefined ? {} : { facts }) },
    over: [over, without && noCilium, own && ownCilium].filter((text) => text !== undefined),
  };
}

const noCilium = `
{ kind: ConfigMap, removed: true, metadata: { namespace: kube-system, name: cilium-config } }
---
{ kind: DaemonSet, removed: true, metadata: { namespace: kube-system, name: cilium } }
---
{ kind: Pod, removed: true, metadata: { namespace: kube-system, name: cilium-0 } }
---
{ kind: Pod, removed: true, metadata: { namespace: kube-system, name: cilium-1 } }
---
{ kind: Pod, removed: true, metadata: { namespace: kube-system, name: cilium-2 } }
---
{ kind: CiliumNode, removed: true, metadata: { name: np1-0 } }
---
{ kind: CiliumNode, removed: true, metadata: { name: np1-1 } }
---
{ kind: CiliumNode, removed: true, metadata: { name: np1-2 } }
`;
const ownCilium = `
kind: ConfigMap
metadata: { namespace: kube-system, name: cilium-config }
data: { ipam: cluster-pool, tunnel-protocol: vxlan, identity-allocation-mode: crd }
---
kind: DaemonSet
metadata: { namespace: kube-system, name: cilium, labels: { kubernetes.azure.com/managedby: null } }
`;

describe('what is explained is not told twice', () => {
  const below = judged(givenOf({ arm: { currentKubernetesVersion: '1.36.1' } }));
  it('agents below the minimum', () =>
    expect(below.findings.map(({ id }) => id)).not.toContain('agents/version-below-minimum'));

  it('a network that is not Cilium', () => {
    const arm = { networkProfile: { networkDataplane: 'azure', networkPolicy: 'calico' } };
    const { findings } = judged(givenOf({ arm, without: 'cilium' }));
    expect(findings).toMatchObject([{ id: 'azure/dataplane-not-cilium', explains: [{ id: 'cluster/not-cilium' }] }]);
  });

  it('policies that ACNS would carry', () => {
    const arm = { networkProfile: { advancedNetworking: { enabled: false } } };
    const config =
      "kind: ConfigMap\nmetadata: { namespace: kube-system, name: cilium-config }\ndata: { enable-l7-proxy: 'false' }";
    const over = `${table['azure/acns-required-but-off']?.['names without security']?.over}---\n${config}`;
    expect(finding(givenOf({ arm, over }), 'azure/acns-required-but-off')).toMatchObject({
      severity: 'error',
      explains: [{ id: 'policies/fqdn-without-acns' }],
      next: expect.stringContaining(
        'az aks update -g rg-net -n aks-test --enable-acns --acns-advanced-networkpolicies FQDN',
      ),
    });
  });
});

describe('what the activity log adds', () => {
  const cluster =
    '/subscriptions/0a1b/resourceGroups/rg-net/providers/Microsoft.ContainerService/managedClusters/aks-test';
  const activity = (status: string, minutesAgo: number) => [
    // What Azure does among the nodes meanwhile is not what is asked about.
    {
      ...{ id: 'b', at: Date.parse('2026-11-22T12:00:00Z'), status, caller: 'aks' },
      ...{ operation: 'Microsoft.Compute/disks/write', title: 'Create or Update Disk', correlation: 'd' },
      resource: '/subscriptions/0a1b/resourceGroups/MC_rg-net/providers/Microsoft.Compute/disks/pvc-1',
    },
    {
      ...{
        id: 'a',
        at: Date.parse('2026-11-22T12:00:00Z') - minutesAgo * 60_000,
        status,
        caller: 'jane@contoso.example',
      },
      ...{ operation: 'Microsoft.ContainerService/managedClusters/write', title: 'Create or Update Managed Cluster' },
      ...{ resource: cluster, correlation: 'c' },
    },
  ];
  const updating = { arm: { provisioningState: 'Updating' } };

  it('who began it, and since when', () =>
    expect(
      finding(givenOf({ ...updating, facts: { activity: activity('Started', 20) } }), 'azure/operation-in-progress'),
    ).toMatchObject({
      severity: 'note',
      title: 'Azure is updating for jane@contoso.example',
      since: Date.parse('2026-11-22T11:40:00Z'),
    }));

  it('a warning once it takes longer than any upgrade', () =>
    expect(
      finding(
        givenOf({ ...updating, facts: { activity: activity('Started', 7 * 60) } }),
        'azure/operation-in-progress',
      ),
    ).toMatchObject({ severity: 'warning', title: expect.stringMatching(/^Azure is still updating/) }));

  it('which operation failed', () =>
    expect(
      finding(
        givenOf({ arm: { provisioningState: 'Failed' }, facts: { activity: activity('Failed', 20) } }),
        'azure/cluster-not-succeeded',
      ).evidence,
    ).toContainEqual(expect.stringMatching(/Create or Update Managed Cluster by jane@contoso\.example: failed/)));
});

describe('what is not known is not judged', () => {
  it.each([
    [
      'not signed in',
      { azureLogin: { state: 'none' } },
      'connecting',
      'not asked: Azure, which nobody is signed in to',
    ],
    ['not in Azure', {}, 'missing', 'not asked: Azure, where this cluster was not found'],
  ] as const)('%s: not asked, and no failure', (_, facts, phase, reason) => {
    const { notAsked, notLookedAt } = judged({ azure: { facts: facts as never, links: { arm: phase } } });
    expect(notAsked).toContainEqual({ id: 'azure/cluster-stopped', reason });
    expect(notLookedAt).toEqual([]);
  });

  it.each([
    ['forbidden', 'forbidden: the managed cluster in Azure'],
    ['failed', 'failed: the managed cluster in Azure'],
  ] as const)('%s: could not be looked at', (phase, reason) => {
    const { notLookedAt } = judged({ azure: { links: { arm: phase } } });
    expect(notLookedAt).toContainEqual({ id: 'azure/cluster-stopped', reason });
  });
});
