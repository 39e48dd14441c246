import { describe, expect, test } from 'vitest';
import { dns } from '../../src/model/dns.ts';
import { operator } from '../../src/model/operator.ts';
import { tunnel } from '../../src/model/tunnel.ts';
import { noon, snapshotOf } from '../fixtures/snapshot-of.ts';

const deployment = (name: string, desired: number, ready: number, image = 'x:1') => `
---
{kind: Deployment, metadata: {name: ${name}, namespace: kube-system, uid: ${name}}, spec: {replicas: ${desired}, template: {spec: {containers: [{name: main, image: "${image}"}]}}}, status: {readyReplicas: ${ready}}}`;
const pod = (name: string, owner: string, labels: string, node = 'n1') => `
---
{kind: Pod, metadata: {name: ${name}, namespace: kube-system, uid: ${name}, labels: {${labels}}, ownerReferences: [{kind: ReplicaSet, name: ${owner}, controller: true}]}, spec: {nodeName: ${node}}}`;
const lease = (holder: string, renewed: string) => `
---
{kind: Lease, metadata: {name: cilium-operator-resource-lock, namespace: kube-system, uid: lease}, spec: {holderIdentity: ${holder}, renewTime: "2026-11-22T${renewed}Z", leaseDurationSeconds: 15}}`;
const node = (name: string) => `
---
{kind: Node, metadata: {name: ${name}, uid: ${name}}, status: {nodeInfo: {operatingSystem: linux}}}`;

describe('operator', () => {
  const replicas = deployment('cilium-operator', 2, 1, 'cilium/operator-generic:v1.18.6');

  test('replicas, version and its own pods', () => {
    const others = pod('other-1', 'cilium-operator-extra-1', 'io.cilium/app: operator');
    const found = operator(
      snapshotOf(replicas + pod('op-1', 'cilium-operator-5f', 'io.cilium/app: operator') + others),
      noon,
    );
    expect(found).toMatchObject({ desired: 2, ready: 1, version: '1.18.6', lease: undefined });
    expect(found.workload?.pods.map((one) => one.name)).toEqual(['op-1']);
  });

  test.each([
    ['renewed four seconds ago', 'op-a-xyz', '11:59:56', 4_000, false],
    ['renewed within the lease and the slack', 'op-a-xyz', '11:59:36', 24_000, false],
    ['not renewed', 'op-a-xyz', '11:59:30', 30_000, true],
    ['released', '""', '11:59:59', 1_000, true],
    ['our clock is behind', 'op-a-xyz', '12:00:09', 0, false],
  ])('a lease %s', (_, holder, renewed, age, expired) => {
    expect(operator(snapshotOf(replicas + lease(holder, renewed)), noon).lease).toMatchObject({ age, expired });
  });

  test.each([
    ['one node', node('n1'), true],
    ['two nodes', node('n1') + node('n2'), false],
  ])('a Pending second replica on %s', (_, nodes, normal) =>
    expect(operator(snapshotOf(replicas + nodes), noon).pendingIsNormal).toBe(normal),
  );

  test('there is none', () =>
    expect(operator(snapshotOf(''), noon)).toMatchObject({ workload: undefined, desired: 0, version: '' }));
});

describe('DNS', () => {
  const slice = `
---
{kind: EndpointSlice, metadata: {name: kube-dns-x, namespace: kube-system, uid: s, labels: {kubernetes.io/service-name: kube-dns}}, endpoints: [{addresses: [10.1.0.1]}, {addresses: [10.1.0.2], conditions: {ready: false}}]}`;

  test('replicas and ready addresses', () => {
    expect(dns(snapshotOf(deployment('coredns', 2, 1) + slice), noon)).toMatchObject({
      desired: 2,
      ready: 1,
      readyAddresses: 1,
    });
  });
  test('addresses are unknown while its slices are', () =>
    expect(dns(snapshotOf(''), noon).readyAddresses).toBeUndefined());
});

test.each([
  ['is there', deployment('konnectivity-agent', 2, 2), 2],
  ['is not needed here', '', 0],
])('a tunnel that %s', (_, yaml, ready) => expect(tunnel(snapshotOf(yaml), noon).ready).toBe(ready));
