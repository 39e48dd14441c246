import { describe, expect, it } from 'vitest';
import { deploy } from '../../../src/actions/deploy.ts';
import { readManagedCluster } from '../../../src/model/azure/read-managed-cluster.ts';
import type { Change } from '../../../src/model/change.ts';
import { planEnableAcns } from '../../../src/model/plans/enable-acns.ts';
import { planUpgrade } from '../../../src/model/plans/upgrade.ts';
import { deployKeys } from '../../../src/panes/cluster/deploy-keys.ts';
import { existingRaw } from '../../model/plans/existing-raw.ts';
import { now, snapshotOf } from '../fixtures/cluster.ts';

const link = { phase: 'live', heard: now } as const;
const arm: Change = { type: 'fact', fact: 'arm', value: readManagedCluster(existingRaw()), link, at: now };
const upgrades = ['1.35.4', '1.36.2', '1.37.0'].map((version) => ({ version, isPreview: version === '1.37.0' }));
const armUpgrades: Change = {
  type: 'fact',
  fact: 'armUpgrades',
  value: { current: '1.35.1', upgrades, pools: [] },
  link,
  at: now,
};

function keys(changes: readonly Change[], refusal?: string) {
  const snapshot = snapshotOf({ changes });
  const store = { get: () => snapshot, subscribe: () => () => {} };
  const road = { refusal: () => refusal };
  return deployKeys({ store, road } as never);
}
const context = {} as never;
const choices = (...given: Parameters<typeof keys>) =>
  keys(...given)
    .next?.(context)
    .map(
      ({ keys: [key], title, rank, unless }) =>
        `${key} ${title}${rank === undefined ? ' (not in the line)' : ''}: ${unless?.(context) ?? 'can'}`,
    );

describe('x on the cluster', () => {
  it('needs Azure to have told of it', () => {
    expect(keys([]).unless?.(context)).toBe('Azure has not told of this cluster: :azure says why');
    expect(keys([arm]).unless?.(context)).toBeUndefined();
  });

  it('offers what is not on yet, and the newest patch and minor that are no preview', () => {
    expect(choices([arm, armUpgrades])).toEqual([
      'c Cilium (not in the line): Cilium is the data plane',
      'a ACNS: can',
      'l L7 policies: can',
      'm monitoring (not in the line): no workspace is known: `ciliscope plan enable-monitoring` takes one',
      'f flow logs: can',
      'p to 1.35.4: can',
      'u to 1.36.2: can',
    ]);
  });

  it('does nothing while the write window is closed', () => {
    expect(choices([arm], 'read-only: :write opens ten minutes for changes')?.[1]).toBe(
      'a ACNS: read-only: :write opens ten minutes for changes',
    );
  });
});

describe('the plan that is laid over it', () => {
  const raw = existingRaw();
  const target = { subscription: 's', resourceGroup: 'rg1', name: 'aks1' };
  const planned = (plan: ReturnType<typeof planEnableAcns>) =>
    deploy.plan(
      { id: 'enable-cilium' },
      {
        planDeployment: async () => ({
          plan,
          before: raw,
          change: { plan: plan.id, title: plan.title, target, body: plan.body ?? {}, before: raw, etag: 'e1' },
        }),
      } as never,
      AbortSignal.timeout(1_000),
    );
  const acns = { policies: '', encryption: '', acceleration: '', observability: true, security: true } as const;

  it('says the call, the az line, the difference, whom it reaches and how to go back', async () => {
    const plan = await planned(planEnableAcns({ raw, azVersion: '' }, acns));
    expect(plan.call).toBe(
      'PUT /subscriptions/00000000-1111-2222-3333-444444444444/resourceGroups/rg1/providers/Microsoft.ContainerService/managedClusters/aks1 If-Match: e1',
    );
    expect(plan.kubectl).toBe(
      'az aks update --resource-group rg1 --name aks1 --subscription 00000000-1111-2222-3333-444444444444 --enable-acns',
    );
    expect(plan.difference.filter(({ sign }) => sign === '+').map(({ text }) => text.trim())).toEqual([
      'advancedNetworking:',
      'enabled: true',
    ]);
    expect(plan.reach).toEqual(['the pool np1, 3 nodes']);
    expect(plan.undo).toContain('--disable-acns');
  });

  it('is none where it cannot be done, or is so already', async () => {
    const skipping = planUpgrade(
      { raw, azVersion: '' },
      { version: '1.38', controlPlaneOnly: false, profile: undefined },
    );
    await expect(planned(skipping)).rejects.toThrow('one minor at a time');
    const on = existingRaw({ network: { advancedNetworking: { enabled: true } } });
    await expect(planned(planEnableAcns({ raw: on, azVersion: '' }, acns))).rejects.toThrow('there is nothing to do');
  });
});
