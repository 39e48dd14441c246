import { describe, expect, it, test } from 'vitest';
import { readManagedCluster } from '../../../src/model/azure/read-managed-cluster.ts';

const id = '/subscriptions/5c0f/resourcegroups/rg-a/providers/Microsoft.ContainerService/managedClusters/aks-a';
const read = (properties: object, more: object = {}) => readManagedCluster({ id, ...more, properties } as never);
const acns = (advancedNetworking: object) => read({ networkProfile: { advancedNetworking } }).acns;
const monitoring = (addonProfiles: object, azureMonitorProfile: object = {}) =>
  read({ addonProfiles, azureMonitorProfile }).monitoring;

describe('a managed cluster', () => {
  it('is named by its resource ID, in whatever case', () => {
    expect(read({})).toMatchObject({ subscription: '5c0f', resourceGroup: 'rg-a', name: 'aks-a' });
  });

  it('reads the same from the wire and as the SDK spreads it', () => {
    const wire = {
      kubernetesVersion: '1.34',
      privateFQDN: 'a.private',
      agentPoolProfiles: [{ name: 'a', enableFIPS: true }],
    };
    const spread = {
      kubernetesVersion: '1.34',
      privateFqdn: 'a.private',
      agentPoolProfiles: [{ name: 'a', enableFips: true }],
    };
    expect(readManagedCluster({ id, ...spread } as never)).toEqual(read(wire));
    expect(read(wire)).toMatchObject({ privateFqdn: 'a.private', pools: [{ fips: true }] });
  });

  it.each([
    {},
    { properties: null },
    { properties: 7 },
    { properties: { agentPoolProfiles: 'x', networkProfile: [] } },
  ])('never throws, and what is odd is not said: %j', (raw) =>
    expect(readManagedCluster(raw as never)).toMatchObject({ pools: [], network: { plugin: '', podCidrs: [] } }),
  );

  it('takes one pod range or several', () => {
    expect(read({ networkProfile: { podCidr: '10.1.0.0/16' } }).network.podCidrs).toEqual(['10.1.0.0/16']);
    const both = { podCidr: '10.1.0.0/16', podCidrs: ['10.1.0.0/16', 'fd00::/64'] };
    expect(read({ networkProfile: both }).network.podCidrs).toEqual(['10.1.0.0/16', 'fd00::/64']);
  });

  it('is harmless text', () => {
    expect(read({ provisioningState: 'Upgr\u001b[2Jading' }).provisioningState).not.toContain('\u001b');
  });
});

describe('ACNS', () => {
  test.each([
    ['off', {}, false, false],
    ['on as a whole', { enabled: true }, true, true],
    ['on but for security', { enabled: true, security: { enabled: false } }, true, false],
    ['on but for observability', { enabled: true, observability: { enabled: 'false' } }, false, true],
    ['suites of a whole that is off', { enabled: false, security: { enabled: true } }, false, false],
  ])('%s', (_, raw, observability, security) => expect(acns(raw)).toMatchObject({ observability, security }));
});

const workspace = '/subscriptions/5c0f/resourceGroups/l/providers/Microsoft.OperationalInsights/workspaces/w';
const addon = (config: object, enabled: unknown = true) => ({ enabled, config });

describe('monitoring', () => {
  test.each([
    ['none', {}, {}, false, false, ''],
    ['the add-on', { omsagent: addon({ logAnalyticsWorkspaceResourceID: workspace }) }, {}, true, false, workspace],
    [
      'spelled otherwise',
      { omsAgent: addon({ logAnalyticsWorkspaceResourceID: workspace }) },
      {},
      true,
      false,
      workspace,
    ],
    ['misspelled as the how-to has it', { osmagent: addon({}) }, {}, true, false, ''],
    ['flow logs, a text', { omsagent: addon({ enableContainerNetworkLogs: 'True' }) }, {}, true, true, ''],
    ['flow logs by their older name', { omsagent: addon({ enableRetinaNetworkFlags: 'true' }) }, {}, true, true, ''],
    ['flow logs said to be off', { omsagent: addon({ enableContainerNetworkLogs: 'False' }) }, {}, true, false, ''],
    [
      'flow logs of an add-on that is off',
      { omsagent: addon({ enableContainerNetworkLogs: 'True' }, false) },
      {},
      false,
      false,
      '',
    ],
    [
      'by the profile',
      {},
      {
        containerInsights: {
          enabled: true,
          logAnalyticsWorkspaceResourceId: workspace,
          containerNetworkLogs: 'Enabled',
        },
      },
      true,
      true,
      workspace,
    ],
    [
      'by a profile that is off',
      {},
      { containerInsights: { enabled: false, containerNetworkLogs: 'Enabled' } },
      false,
      false,
      '',
    ],
  ])('%s', (_, addons, profile, containerInsights, flowLogs, where) =>
    expect(monitoring(addons, profile)).toMatchObject({ containerInsights, flowLogs, workspace: where }),
  );

  it('knows managed Prometheus', () =>
    expect(monitoring({}, { metrics: { enabled: true } }).managedPrometheus).toBe(true));
});
