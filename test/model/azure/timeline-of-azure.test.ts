import { describe, expect, it } from 'vitest';
import type { ActivityEntry, AuditDelete } from '../../../src/model/azure/azure-facts.ts';
import type { Change } from '../../../src/model/change.ts';
import { createIntern } from '../../../src/model/intern.ts';
import { kinds } from '../../../src/model/kinds.ts';
import { apply, emptySnapshot } from '../../../src/model/snapshot.ts';

const noon = Date.parse('2026-11-22T12:00:00Z');
const minute = 60_000;
const cluster = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks-a';
const vmss = '/subscriptions/s/resourceGroups/MC_rg/providers/Microsoft.Compute/virtualMachineScaleSets/vmss-1';

const entry = (more: Partial<ActivityEntry>): ActivityEntry => ({
  ...{ id: 'e', at: noon - 20 * minute, operation: 'Microsoft.ContainerService/managedClusters/write' },
  ...{ title: 'Create or Update Managed Cluster', status: 'Started', caller: 'jane@contoso.example' },
  ...{ resource: cluster, correlation: 'c1' },
  ...more,
});
const activity = (...value: readonly ActivityEntry[]): Change => ({ type: 'fact', fact: 'activity', value, at: noon });
const audit = (...deletes: readonly AuditDelete[]): Change => ({
  type: 'fact',
  fact: 'auditDeletes',
  value: { from: noon - 360 * minute, until: noon - 10 * minute, deletes },
  at: noon,
});
const deleted = (more: Partial<AuditDelete> = {}): AuditDelete => ({
  ...{ id: 'a1', at: noon - 30 * minute, resource: 'ciliumnetworkpolicies', namespace: 'pay', name: 'deny-all' },
  ...{ user: 'jane@contoso.example', agent: '' },
  ...more,
});
const timeline = (...changes: readonly Change[]) => apply(emptySnapshot(noon), changes, noon).timeline;
const told = (...changes: readonly Change[]) =>
  timeline(...changes).entries.map(
    ({ what, object, detail, who }) => `${what} ${object.kind} ${object.name}: ${detail} · ${who}`,
  );

describe('the activity log in the timeline', () => {
  it('tells one operation once, where it began, with its end', () => {
    const began = entry({});
    const ended = entry({ id: 'f', at: noon - 8 * minute, status: 'Succeeded' });
    expect(told(activity(ended, began))).toEqual([
      'edited ManagedCluster aks-a: Create or Update Managed Cluster, succeeded after 12m · jane@contoso.example',
    ]);
    expect(timeline(activity(ended, began)).entries[0]).toMatchObject({
      at: began.at,
      origin: 'activity log',
      live: false,
    });
  });

  it('says it again, not twice, when more of it is known', () => {
    const ended = entry({ id: 'f', status: 'Failed', at: noon - 8 * minute });
    expect(told(activity(entry({})), activity(ended, entry({})))).toEqual([
      'failed ManagedCluster aks-a: Create or Update Managed Cluster, failed after 12m · jane@contoso.example',
    ]);
  });

  it.each([
    [
      'a start',
      entry({ operation: 'Microsoft.ContainerService/managedClusters/start/action', title: 'Start' }),
      /^started ManagedCluster aks-a: Start, no end known yet/,
    ],
    [
      'a stop',
      entry({ operation: 'Microsoft.ContainerService/managedClusters/stop/action', title: 'Stop' }),
      /^stopped /,
    ],
    [
      'a pool',
      entry({
        resource: `${cluster}/agentPools/np2`,
        operation: 'Microsoft.ContainerService/managedClusters/agentPools/delete',
      }),
      /^deleted AgentPool np2/,
    ],
    [
      'a person at the nodes',
      entry({ resource: vmss, operation: 'Microsoft.Compute/virtualMachineScaleSets/delete/action' }),
      /^\w+ virtualMachineScaleSets vmss-1/,
    ],
    [
      'a failure at the nodes',
      entry({ resource: vmss, caller: 'f00d', status: 'Failed' }),
      /^failed virtualMachineScaleSets vmss-1/,
    ],
  ])('tells %s', (_, one, said) => expect(told(activity(one))).toEqual([expect.stringMatching(said)]));

  it.each([
    [
      'reading credentials',
      entry({ operation: 'Microsoft.ContainerService/managedClusters/listClusterUserCredential/action' }),
    ],
    ['what Azure does to its own nodes', entry({ resource: vmss, caller: 'f00d' })],
  ])('does not tell %s', (_, one) => expect(told(activity(one))).toEqual([]));

  it('forgets it when it is another account’s to read', () => {
    expect(told(activity(entry({})), { type: 'fact', fact: 'activity', at: noon, void: true })).toEqual([]);
  });
});

const policy = {
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNetworkPolicy',
  metadata: { name: 'deny-all', namespace: 'pay', uid: 'p', creationTimestamp: '2026-11-01T12:00:00Z' },
  spec: {},
};
const kind = 'ciliumNetworkPolicies';
const seen: readonly Change[] = [
  { type: 'put', kind, rows: [kinds[kind].project(policy as never, createIntern())], at: noon },
  { type: 'link', source: kind, link: { phase: 'live', heard: noon } },
];
const gone: Change = { type: 'remove', kind, uids: ['p'], at: noon + 5 * minute };

describe('deletes by the audit log', () => {
  it('adds what was deleted before anybody watched, and by whom', () => {
    expect(told(audit(deleted()))).toEqual(['deleted CiliumNetworkPolicy deny-all:  · jane@contoso.example']);
    expect(timeline(audit(deleted())).audited).toEqual({ from: noon - 360 * minute, until: noon - 10 * minute });
  });

  it('names who deleted what the watch saw go, and tells it once', () => {
    const entries = told(...seen, gone, audit(deleted({ at: noon + 5 * minute - 800 })));
    expect(entries.filter((text) => text.startsWith('deleted'))).toEqual([
      expect.stringMatching(/^deleted CiliumNetworkPolicy deny-all: .* · jane@contoso\.example$/),
    ]);
  });

  it('an earlier delete of the same name is another one', () => {
    const entries = told(...seen, gone, audit(deleted()));
    expect(entries.filter((text) => text.startsWith('deleted'))).toHaveLength(2);
  });

  it('tells a collection that was emptied at once', () => {
    expect(told(audit(deleted({ name: '' })))).toEqual([
      'deleted CiliumNetworkPolicy all ciliumnetworkpolicies: all of them · jane@contoso.example',
    ]);
  });

  it('knows by its address what it does not watch', () => {
    expect(told(audit(deleted({ resource: 'secrets', name: 'tls' })))).toEqual([
      'deleted secrets tls:  · jane@contoso.example',
    ]);
  });
});
