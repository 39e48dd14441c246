import { describe, expect, it } from 'vitest';
import { notReady as dnsNotReady } from '../../src/checks/dns/not-ready.ts';
import { missingFromSlices } from '../../src/checks/endpoints/missing-from-slices.ts';
import { stuck } from '../../src/checks/endpoints/stuck.ts';
import { stuckCreating } from '../../src/checks/pods/stuck-creating.ts';
import { createChecks } from '../../src/checks/run.ts';
import { whyNot } from '../../src/checks/why-not.ts';
import type { Link, SourceId } from '../../src/model/link.ts';
import { apply } from '../../src/model/snapshot.ts';
import { given } from './given.ts';
import { now } from './healthy-cluster.ts';

const shopOnly: Link = { phase: 'live', heard: now, only: 'shop' };
const limited = (...sources: SourceId[]) =>
  apply(
    given(),
    sources.map((source) => ({ type: 'link', source, link: shopOnly })),
    now,
  );

describe('where only one namespace may be read', () => {
  it('a check that needs all of them does not look, and says so', () => {
    expect(whyNot(missingFromSlices, limited('ciliumEndpoints'), now)?.text).toBe(
      'only namespace shop was read: ciliumendpoints',
    );
  });

  it('a check that judges each namespace by itself looks', () => {
    expect(whyNot(stuck, limited('ciliumEndpoints', 'pods'), now)).toBeUndefined();
  });

  it('no other check answers for the whole cluster', () => {
    const { notLookedAt, findings } = createChecks().judge(limited('pods', 'ciliumEndpoints', 'events'), now);
    expect(findings).toEqual([]);
    expect(notLookedAt).toContainEqual({
      id: 'endpoints/pod-without-endpoint',
      reason: 'only namespace shop was read: pods',
    });
    for (const id of ['pods/stuck-creating', 'endpoints/stale-endpoint'])
      expect(notLookedAt).toContainEqual({ id, reason: 'only namespace shop was looked at' });
  });

  it('a pod that waits for its network is told without nodes and the pods of kube-system', () => {
    const first = apply(
      given({ over: waitingPod }),
      [
        ...(['pods', 'events'] as const).map((source) => ({ type: 'link', source, link: shopOnly }) as const),
        ...(['nodes', 'systemPods'] as const).flatMap((source) => [
          { type: 'clear', source, kind: source === 'nodes' ? 'nodes' : 'pods', at: now } as const,
          { type: 'link', source, link: { phase: 'forbidden', heard: 0 } } as const,
        ]),
      ],
      now,
    );
    const { findings, notLookedAt, looked, of } = createChecks().judge(first, now);
    expect(findings.map(({ title }) => title)).toEqual(['1 pod stuck ContainerCreating: CNS gives no address']);
    const idle = notLookedAt.filter(({ reason }) => reason !== 'only namespace shop was looked at');
    expect(idle).toContainEqual({ id: 'nodes/not-ready', reason: 'forbidden: list nodes' });
    expect(looked).toBe(of - idle.length);
  });

  it('waits for nodes that may yet be read, so that its words do not change', () => {
    const links = { nodes: 'loading', systemPods: 'live', pods: 'live', events: 'live' } as const;
    expect(whyNot(stuckCreating, given({ links }), now)?.text).toBe('loading nodes');
  });

  it('where that one is kube-system, checks of what runs there look', () => {
    const only: Link = { phase: 'live', heard: now, only: 'kube-system' };
    const snapshot = apply(given(), [{ type: 'link', source: 'deployments', link: only }], now);
    expect(createChecks({ checks: [dnsNotReady] }).judge(snapshot, now)).toMatchObject({ looked: 1, notLookedAt: [] });
  });
});

const waitingPod = `
apiVersion: v1
kind: Pod
metadata: { namespace: shop, name: new-1, uid: new-1, creationTimestamp: <5m ago> }
spec: { nodeName: np1-1, containers: [{ name: c }] }
status:
  phase: Pending
  conditions: [{ type: PodScheduled, status: 'True', lastTransitionTime: <5m ago> }]
  containerStatuses: [{ name: c, state: { waiting: { reason: ContainerCreating } } }]
---
apiVersion: v1
kind: Event
metadata: { namespace: shop, name: new-1.1 }
involvedObject: { kind: Pod, namespace: shop, name: new-1, uid: new-1 }
reason: FailedCreatePodSandBox
message: 'plugin type="cilium-cni" failed (add): failed to invoke delegated plugin ADD for IPAM: Failed to request IP address from CNS'
count: 12
firstTimestamp: <5m ago>
lastTimestamp: <20s ago>
`;
