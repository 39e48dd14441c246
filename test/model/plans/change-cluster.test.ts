import { describe, expect, it } from 'vitest';
import { at } from '../../../src/model/objects/raw.ts';
import type { RawObject } from '../../../src/model/objects/row.ts';
import type { DeploymentPlan } from '../../../src/model/plans/deployment-plan.ts';
import { type AcnsInput, planEnableAcns } from '../../../src/model/plans/enable-acns.ts';
import { planEnableCilium } from '../../../src/model/plans/enable-cilium.ts';
import { planEnableFlowLogs } from '../../../src/model/plans/enable-flow-logs.ts';
import { planEnableMonitoring } from '../../../src/model/plans/enable-monitoring.ts';
import { planUpgrade } from '../../../src/model/plans/upgrade.ts';
import { existingRaw } from './existing-raw.ts';

const workspace = '/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/logs';
const monitored = {
  omsagent: { enabled: true, config: { logAnalyticsWorkspaceResourceID: workspace, useAADAuth: 'true' } },
};
const acnsOn = { advancedNetworking: { enabled: true, observability: { enabled: true }, security: { enabled: true } } };
const notCilium = { networkDataplane: 'azure', networkPolicy: 'azure' };

const errorsOf = ({ problems }: DeploymentPlan) =>
  problems.filter(({ severity }) => severity === 'error').map(({ where, text, hint }) => `${where}: ${text} ${hint}`);
const warningsOf = ({ problems }: DeploymentPlan) =>
  problems.filter(({ severity }) => severity === 'warning').map(({ where, text }) => `${where}: ${text}`);
const texts = ({ effects }: DeploymentPlan, about: string) =>
  effects
    .filter((one) => one.about === about)
    .map(({ text }) => text)
    .join(' ');

const cilium = (raw: RawObject) => planEnableCilium({ raw, azVersion: '' });
const acns = (raw: RawObject, input: Partial<AcnsInput> = {}) =>
  planEnableAcns(
    { raw, azVersion: '' },
    { policies: '', encryption: '', acceleration: '', observability: true, security: true, ...input },
  );
const flowLogs = (raw: RawObject, input = {}) =>
  planEnableFlowLogs({ raw, azVersion: '' }, { namespaces: [], forwarded: false, hasStream: true, ...input });
const monitoring = (raw: RawObject, input = {}) =>
  planEnableMonitoring(
    { raw, azVersion: '' },
    { workspace, workspaceLocation: '', prometheus: false, metricsWorkspace: '', hasRule: true, ...input },
  );
const upgrade = (raw: RawObject, version: string, offered?: readonly string[], controlPlaneOnly = false) =>
  planUpgrade(
    { raw, azVersion: '' },
    {
      ...{ version, controlPlaneOnly },
      profile: offered && {
        current: '',
        pools: [],
        upgrades: offered.map((one) => ({ version: one, isPreview: one.endsWith('.0') })),
      },
    },
  );

describe('every change', () => {
  it('writes the whole cluster back, with what nobody here knows, without what only ARM writes', () => {
    const { body } = acns(existingRaw());
    expect(body).toMatchObject({
      location: 'westeurope',
      tags: { team: 'net' },
      strange: { kept: true },
      identity: { type: 'SystemAssigned' },
      properties: {
        newProfile: { mode: 'Unknown' },
        agentPoolProfiles: [{ name: 'np1', futureField: ['kept'], powerState: { code: 'Running' } }],
        networkProfile: { podCidr: '10.244.0.0/16', advancedNetworking: { enabled: true } },
      },
    });
    const written = JSON.stringify(body);
    for (const gone of [
      'provisioningState',
      'principalId',
      'fqdn',
      'nodeImageVersion',
      'currentKubernetesVersion',
      'systemData',
      'eTag',
    ]) {
      expect(written).not.toContain(`"${gone}"`);
    }
  });

  it.each([
    ['an operation under way', { properties: { provisioningState: 'Upgrading' } }, '409 OperationNotAllowed'],
    ['a pool at work', { pool: { provisioningState: 'Scaling' } }, 'pool np1 is being changed'],
    ['a stopped cluster', { properties: { powerState: { code: 'Stopped' } } }, 'az aks start'],
  ])('%s forbids it', (_, more, words) => {
    expect(errorsOf(acns(existingRaw(more))).join()).toContain(words);
  });

  it('that is there already is nothing to do', () => {
    expect(acns(existingRaw({ network: { advancedNetworking: { enabled: true } } }))).toMatchObject({
      isDone: true,
      commands: [],
    });
    expect(cilium(existingRaw())).toMatchObject({ isDone: true });
  });
});

describe('enable-cilium', () => {
  it.each([
    [
      'kubenet',
      { network: { ...notCilium, networkPlugin: 'kubenet', networkPluginMode: undefined } },
      '--network-plugin-mode overlay',
    ],
    ['BYO', { network: { ...notCilium, networkPlugin: 'none' } }, 'no CNI of AKS'],
    [
      'Windows',
      { network: notCilium, pools: [{ name: 'win', osType: 'Windows', count: 1 }] },
      'the pool win is Windows',
    ],
    [
      'node auto-provisioning',
      { network: notCilium, properties: { nodeProvisioningProfile: { mode: 'Auto' } } },
      '--node-provisioning-mode Manual',
    ],
    [
      'old Kubernetes',
      { network: notCilium, properties: { currentKubernetesVersion: '1.28.3' } },
      'no longer offers Kubernetes 1.28',
    ],
  ])('not with %s', (_, more, words) => {
    expect(errorsOf(cilium(existingRaw(more))).join()).toContain(words);
  });

  it('says what it disrupts, that there is no way back, and needs the name typed', () => {
    const plan = cilium(existingRaw({ network: notCilium }));
    expect(errorsOf(plan)).toEqual([]);
    expect(texts(plan, 'disrupts')).toContain('All node pools are reimaged at once: the pool np1, 3 nodes');
    expect(texts(plan, 'disrupts')).toContain('not enforced');
    expect(texts(plan, 'back')).toContain('Not by this way');
    expect(plan).toMatchObject({ dangerous: true, needsAz: '2.52.0' });
    expect(plan.commands[0]?.replaceAll(' \\\n  ', ' ')).toBe(
      'az aks update --resource-group rg1 --name aks1 --subscription 00000000-1111-2222-3333-444444444444 --network-dataplane cilium',
    );
    expect(at(plan.body, 'properties', 'networkProfile', 'networkDataplane')).toBe('cilium');
    expect(at(plan.body, 'properties', 'networkProfile', 'networkPluginMode')).toBe('overlay');
  });
});

describe('enable-acns', () => {
  it.each([
    ['L7 without Cilium', { network: notCilium }, { policies: 'L7' }, 'enable-cilium'],
    [
      'L7 beside Istio',
      { properties: { serviceMeshProfile: { mode: 'Istio' } } },
      { policies: 'L7' },
      'exclude each other',
    ],
    ['encryption without security', {}, { encryption: 'WireGuard', security: false }, 'security suite'],
    ['WireGuard and FIPS', { pool: { enableFIPS: true } }, { encryption: 'WireGuard' }, 'FIPS'],
    ['host routing on old Ubuntu', { pool: { osSKU: 'Ubuntu2204' } }, { acceleration: 'BpfVeth' }, 'Ubuntu 24.04'],
    [
      'host routing with sandboxes',
      { pool: { workloadRuntime: 'KataMshvVmIsolation' } },
      { acceleration: 'BpfVeth' },
      'pod sandboxing',
    ],
    [
      'host routing on 1.32',
      { properties: { currentKubernetesVersion: '1.32.9' } },
      { acceleration: 'BpfVeth' },
      'needs Kubernetes 1.33',
    ],
    [
      'mTLS on 1.33',
      { properties: { currentKubernetesVersion: '1.33.9' } },
      { encryption: 'mTLS' },
      'needs Kubernetes 1.34',
    ],
    [
      'host routing with a static egress gateway',
      { network: { staticEgressGatewayProfile: { enabled: true } } },
      { acceleration: 'BpfVeth' },
      'Static Egress',
    ],
  ] as const)('not %s', (_, more, input, words) => {
    expect(errorsOf(acns(existingRaw(more as never), input as never)).join()).toContain(words);
  });

  it('writes only what is asked for, over what is there', () => {
    const network = {
      advancedNetworking: {
        enabled: true,
        security: { enabled: true, transitEncryption: { type: 'WireGuard' }, more: 1 },
      },
    };
    const { body, commands } = acns(existingRaw({ network }), { policies: 'L7' });
    expect(at(body, 'properties', 'networkProfile', 'advancedNetworking')).toEqual({
      enabled: true,
      security: { enabled: true, transitEncryption: { type: 'WireGuard' }, more: 1, advancedNetworkPolicies: 'L7' },
    });
    expect(commands[0]).toContain('--enable-acns \\\n  --acns-advanced-networkpolicies L7');
  });
});

describe('enable-monitoring', () => {
  it('refuses another workspace: its rule would still send to the old one', () => {
    const other = workspace.replace('/logs', '/others');
    expect(errorsOf(monitoring(existingRaw({ addons: monitored }), { workspace: other })).join()).toContain(
      'does not change the data collection rule',
    );
    expect(monitoring(existingRaw({ addons: monitored }))).toMatchObject({ isDone: true });
  });

  it('is not applied where nothing would be collected', () => {
    expect(monitoring(existingRaw(), { hasRule: false }).byApply).toMatchObject({ does: 'nothing' });
    expect(monitoring(existingRaw(), { hasRule: true }).byApply).toMatchObject({ does: 'all' });
    expect(monitoring(existingRaw(), { hasRule: undefined }).notLookedAt.join()).toContain('data collection rule');
  });

  it('says that data crosses regions', () => {
    expect(warningsOf(monitoring(existingRaw(), { workspaceLocation: 'eastus' })).join()).toContain('crosses regions');
  });
});

describe('enable-flow-logs', () => {
  it.each([
    ['Cilium', { network: notCilium }, 'stored of Cilium only'],
    ['ACNS', { addons: monitored }, 'which is off'],
    ['the add-on', { network: acnsOn }, 'enable-monitoring'],
    [
      'Kubernetes 1.33',
      { network: acnsOn, addons: monitored, properties: { currentKubernetesVersion: '1.32.8' } },
      'needs Kubernetes 1.33',
    ],
  ])('needs %s', (_, more, words) => {
    expect(errorsOf(flowLogs(existingRaw(more))).join()).toContain(words);
  });

  it('writes the flag under the name by which the cluster is monitored', () => {
    const addon = flowLogs(existingRaw({ network: acnsOn, addons: monitored }));
    expect(errorsOf(addon)).toEqual([]);
    expect(at(addon.body, 'properties', 'addonProfiles', 'omsagent', 'config')).toMatchObject({
      enableContainerNetworkLogs: 'True',
      useAADAuth: 'true',
    });
    const containerInsights = { enabled: true, logAnalyticsWorkspaceResourceId: workspace };
    const newer = flowLogs(
      existingRaw({ network: acnsOn, properties: { azureMonitorProfile: { containerInsights } } }),
    );
    expect(errorsOf(newer)).toEqual([]);
    expect(at(newer.body, 'properties', 'azureMonitorProfile', 'containerInsights')).toEqual({
      ...containerInsights,
      containerNetworkLogs: 'Enabled',
    });
  });

  it('has an object that says which flows', () => {
    const { files } = flowLogs(existingRaw({ network: acnsOn, addons: monitored }), {
      namespaces: ['shop'],
      forwarded: true,
    });
    expect(files[0]?.text).toContain('k8s.io/namespace: shop');
    expect(files[0]?.text).toContain('- forwarded');
  });
});

describe('upgrade', () => {
  it.each([
    ['two minors at once', '1.37', undefined, 'one minor at a time'],
    ['back', '1.34.9', undefined, 'older than what runs'],
    ['to what AKS does not offer', '1.36.7', ['1.36.2'], 'it offers 1.36.2'],
    ['to a word', 'newest', undefined, 'no version'],
  ])('not %s', (_, version, offered, words) => {
    expect(errorsOf(upgrade(existingRaw(), version, offered)).join()).toContain(words);
  });

  it('not where nodes would be four minors behind', () => {
    const raw = existingRaw({ pool: { currentOrchestratorVersion: '1.32.9', orchestratorVersion: '1.32.9' } });
    expect(errorsOf(upgrade(raw, '1.36', ['1.36.2'], true)).join()).toContain('more than three minors behind');
  });

  it('takes the pools along, and says what becomes of Cilium', () => {
    const plan = upgrade(existingRaw(), '1.36.2', ['1.36.2']);
    expect(errorsOf(plan)).toEqual([]);
    expect(at(plan.body, 'properties', 'kubernetesVersion')).toBe('1.36.2');
    expect(at(plan.body, 'properties', 'agentPoolProfiles')).toMatchObject([{ orchestratorVersion: '1.36.2' }]);
    expect(texts(plan, 'does')).toMatch(/from 1\.35\.1 to 1\.36\.2, and with it the pool \w+\./);
    expect(texts(plan, 'does')).toContain('Cilium goes to 1.18.9 or later');
    expect(texts(plan, 'back')).toContain('None');
  });

  it('downwards is refused, without the effects of what will not happen', () => {
    const { problems, effects, notLookedAt } = upgrade(existingRaw(), '1.34.9');
    expect([problems.length, effects, notLookedAt]).toEqual([1, [], []]);
  });

  it('of the control plane leaves the pools alone', () => {
    const plan = upgrade(existingRaw(), '1.36.2', ['1.36.2'], true);
    expect(at(plan.body, 'properties', 'agentPoolProfiles')).toMatchObject([{ orchestratorVersion: '1.35.1' }]);
    expect(plan.commands[0]).toContain('--control-plane-only');
  });

  it('to a preview is said to be one', () => {
    expect(warningsOf(upgrade(existingRaw(), '1.36.0', ['1.36.0'])).join()).toContain('preview');
  });

  it('names a pool whose last operation failed', () => {
    const raw = existingRaw({ pool: { provisioningState: 'Failed' } });
    expect(warningsOf(upgrade(raw, '1.36.2', ['1.36.2'])).join()).toMatch(/last operation on .+ failed/);
  });

  it('tells that endpoints will be sliced', () => {
    const raw = existingRaw({
      properties: {
        currentKubernetesVersion: '1.31.9',
        kubernetesVersion: '1.31.9',
        supportPlan: 'AKSLongTermSupport',
      },
    });
    expect(texts(upgrade(raw, '1.32.4', ['1.32.4']), 'does')).toContain('CiliumEndpointSlices');
  });
});
