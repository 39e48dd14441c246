import { describe, expect, it } from 'vitest';
import { ClusterScreen } from '../../../src/panes/cluster/ClusterScreen.tsx';
import { type AzureSeen, azureOf, managed, signedIn, upgrade } from '../fixtures/azure.ts';
import { minutes, now, sickObjects, snapshotOf } from '../fixtures/cluster.ts';
import { draw, frameOf } from '../fixtures/frame.tsx';

const page = (azure: AzureSeen | undefined, columns = 120) =>
  draw(
    ClusterScreen,
    snapshotOf({ objects: sickObjects(), changes: azure === undefined ? [] : azureOf(azure) }),
    frameOf(columns, 130),
  )
    .map((line) => line.trimEnd())
    .join('\n');

describe('the cluster with Azure', () => {
  const text = page({});
  it.each<[string, RegExp]>([
    [
      'which cluster it is, how it is and who asks',
      /▸Azure · aks-prod in rg-prod, westeurope\n +state +● Succeeded, Running · Base, Standard\n +signed in +jane@contoso\.example by Azure CLI · token 42m/,
    ],
    [
      'versions with what Azure asks for and offers',
      /kubernetes +1\.34\.2 · asked for 1\.34 · supported\n +upgrades +to 1\.34\.4, 1\.35\.1 \(preview\)/,
    ],
    [
      'the mode outright',
      /mode +Azure CNI powered by Cilium, overlay\n +managed +managed by AKS\n +ranges +pods 10\.244\.0\.0\/16/,
    ],
    [
      'what pools are made of under what they do',
      /np1 +6\/6 ● .*\n +└ System · 6 nodes of 3–9 · 250 pods a node · surge 10% · subnet nodes · Ubuntu · Standard_D8s_v5/,
    ],
    ['pools without nodes', /spare +no nodes\n +└ Stopped User/],
    ['ACNS', /ACNS +observability, security with FQDN policies/],
    [
      'logs and where they go',
      /logs +● Container Insights → logs-prod · 30 days · at most 5 GB a day\n +flow logs +○ off · no ContainerNetworkLog says which/,
    ],
    ['audit', /audit +● kube-audit-admin → logs-prod · tables of its own/],
    [
      'when it changes by itself',
      /by itself +versions patch, node images NodeImage\n +windows +every week on Sunday, 4h from 02:00 \+01:00 · Kubernetes upgrades/,
    ],
    ['who may ask the API server', /API server +public, from 198\.51\.100\.0\/24 and 1 more\n/],
    ['alerts that fired', /Alerts · 1 rule, 1 fired in a day\n +▲ Sev2 cilium drops by policy · 12m ago · New/],
    ['what Azure measures', /node cpu usage +55% {2}[▁-█]+\n/],
  ])('shows %s', (_, said) => expect(text).toMatch(said));

  it('calls no upgrade of a pool stuck while Azure says that it is at it', () => {
    expect(page({})).toContain('upgrade stands still');
    const arm = managed({ provisioningState: 'Upgrading' });
    const upgrading = page({ facts: { arm } });
    expect(upgrading).toContain('Azure is upgrading');
    expect(upgrading).not.toContain('upgrade stands still');
    expect(page({ facts: { arm }, links: { arm: { phase: 'stale', heard: now } } })).toContain('upgrade stands still');
  });

  it('tells an upgrade: who, since when, how far', () => {
    const arm = managed({
      provisioningState: 'Upgrading',
      agentPoolProfiles: [{ name: 'np2', orchestratorVersion: '1.35.1' }],
    });
    expect(page({ facts: { arm, activity: upgrade } })).toMatch(
      /state +◐ Upgrading, Running.*\n +operation +◐ Upgrading for jane@contoso\.example · 0 of 12 nodes on 1\.35\.1 · since \d\d:\d\dZ \(31m\)/,
    );
  });

  it.each<[string, AzureSeen, RegExp]>([
    [
      'a stopped cluster',
      { facts: { arm: managed({ powerState: { code: 'Stopped' } }) } },
      /state +✖ Succeeded, Stopped/,
    ],
    ['a failed operation', { facts: { arm: managed({ provisioningState: 'Failed' }) } }, /state +▲ Failed, Running/],
    ['a token that has ended', { facts: { azureLogin: { ...signedIn, expires: now - 1 } } }, /token has ended, :login/],
    [
      'old facts by their age',
      { links: { arm: { phase: 'stale', heard: now - minutes(4) } } },
      /Azure · aks-prod .*▲ stale 4m/,
    ],
    [
      'what may not be read, and the role that may',
      { links: { alerts: { phase: 'forbidden', heard: 0 } } },
      /Alerts\n +○ forbidden\n +Ask for the role Monitoring Reader/,
    ],
    [
      'what failed',
      { links: { armMaintenance: { phase: 'failed', heard: 0, problem: 'Azure asks us to slow down (429).' } } },
      /windows +✖ failed\n +Azure asks us to slow down/,
    ],
    [
      'what is being asked',
      { links: { platformMetrics: { phase: 'connecting', heard: 0 } } },
      /Measured by Azure.*\n +◐ asking/,
    ],
    [
      'a cap that is reached',
      {
        facts: {
          workspace: {
            id: 'w',
            customerId: '',
            name: 'w',
            location: '',
            retentionDays: 30,
            dailyCapGb: 5,
            capReached: true,
            tables: [],
          },
        },
      },
      /today's cap is reached/,
    ],
  ])('shows %s', (_, azure, said) => expect(page(azure)).toMatch(said));
});

const nothing = [
  'arm',
  'armUpgrades',
  'armDiagnostics',
  'armMaintenance',
  'workspace',
  'activity',
  'alerts',
  'platformMetrics',
] as const;

describe('the cluster without Azure', () => {
  it.each<[string, AzureSeen, RegExp]>([
    [
      'off',
      { facts: { azureLogin: { ...signedIn, state: 'off' } }, without: nothing },
      /\n Azure · not asked\n.*All that Kubernetes tells is here without it/,
    ],
    [
      'not signed in',
      {
        facts: { azureLogin: { ...signedIn, state: 'none', problems: ['Azure CLI: not installed.'] } },
        without: nothing,
      },
      /\n Azure · not signed in\n +Azure CLI: not installed\.\n +sign in +:login asks for a code/,
    ],
    [
      'a code to type',
      {
        facts: {
          azureLogin: {
            ...signedIn,
            state: 'code',
            code: { userCode: 'ABC123', address: 'https://aka.example/d', until: now + 1 },
          },
        },
        without: nothing,
      },
      /^.*\n▸Azure · waiting for the code to be typed\n +sign in +◐ type ABC123 at https/,
    ],
    [
      'signed in, and the cluster is forbidden',
      {
        links: {
          arm: {
            phase: 'forbidden',
            heard: 0,
            problem: 'No permission to read the managed cluster. Ask for the role Reader.',
          },
        },
        without: nothing.slice(1),
      },
      /▸Azure · signed in\n +signed in +jane.*\n +cluster +○ forbidden\n +No permission to read the managed cluster\. Ask for the role Reader/,
    ],
    [
      'not in Azure at all',
      {
        links: { arm: { phase: 'missing', heard: 0, problem: 'Nothing of this cluster leads to Azure.' } },
        without: nothing.slice(1),
      },
      /\n Azure · not found there\n +Nothing of this cluster leads to Azure\./,
    ],
  ])('says so where it is %s', (_, azure, said) => {
    const text = page(azure);
    expect(text).toMatch(said);
    expect(text).toMatch(/mode +≈ Azure CNI powered by Cilium, overlay/);
    expect(text).not.toMatch(/Upkeep|Measured|Alerts/);
  });
});
