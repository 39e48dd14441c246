import { describe, expect, it } from 'vitest';
import { createChecks } from '../../../src/checks/run.ts';
import { cases } from '../cases.ts';
import { given } from '../given.ts';
import { now } from '../healthy-cluster.ts';

const replicas = (ready: number, of = 2) => `
kind: Deployment
metadata: { namespace: kube-system, name: cilium-operator }
spec: { replicas: ${of} }
status: { replicas: ${of}, readyReplicas: ${ready}, availableReplicas: ${ready}, updatedReplicas: ${of} }
`;
const down = (at: number, since: string) => `
kind: Pod
metadata: { namespace: kube-system, name: cilium-operator-${at} }
status: { conditions: [{ type: Ready, status: 'False', lastTransitionTime: <${since} ago> }] }
`;
const looping = (at: number) => `
kind: Pod
metadata: { namespace: kube-system, name: cilium-operator-${at} }
status:
  conditions: [{ type: Ready, status: 'True', lastTransitionTime: <2s ago> }]
  containerStatuses:
    - name: cilium-operator
      ready: true
      restartCount: 5
      state: { running: { startedAt: <3s ago> } }
      lastState: { terminated: { exitCode: 1, reason: Error, startedAt: <4m ago>, finishedAt: <3m ago> } }
`;
const lease = (spec: string) => `
kind: Lease
metadata: { namespace: kube-system, name: cilium-operator-resource-lock }
spec: { ${spec} }
`;
const pending = `
kind: Pod
metadata: { namespace: kube-system, name: cilium-operator-1 }
spec: { nodeName: null }
status:
  phase: Pending
  containerStatuses: []
  conditions: [{ type: PodScheduled, status: 'False', reason: Unschedulable, message: 1 node(s) didn't have free ports, lastTransitionTime: <5h ago> }]
`;
const without = (...names: string[]) =>
  names.map((name) => {
    const [kind, full = ''] = name.split(' ');
    const [one, two] = full.split('/');
    return `kind: ${kind}\nmetadata: { ${two ? `namespace: ${one}, name: ${two}` : `name: ${one}`} }\nremoved: true\n`;
  });
/** One node left of three. */
const oneNode = [
  ...without('Node np1-1', 'Node np1-2', 'CiliumNode np1-1', 'CiliumNode np1-2'),
  ...without('Pod kube-system/cilium-1', 'Pod kube-system/cilium-2', 'Pod kube-system/azure-cns-1'),
  ...without('Pod kube-system/azure-cns-2', 'Pod kube-system/coredns-1', 'Pod kube-system/konnectivity-agent-1'),
  'kind: Deployment\nmetadata: { namespace: kube-system, name: coredns }\nspec: { replicas: 1 }\nstatus: { replicas: 1, readyReplicas: 1 }\n',
];
const noSlices = `
kind: CiliumEndpointSlice
metadata: { name: ces-shop-1 }
endpoints: [{ name: web-0, id: 1, networking: { addressing: [{ ipv4: 10.244.0.10 }] } }]
`;

const younger = (name: string) => `
kind: CiliumEndpoint
metadata: { namespace: shop, name: ${name}, creationTimestamp: <5m ago> }
`;

cases('agents/operator-unavailable', {
  'none of two ready': {
    over: [replicas(0), down(0, '9m'), down(1, '9m')],
    tells: ['agents/operator-unavailable: no operator: 0 of 2 replicas ready'],
  },
  'crash-looping, one ready for a moment': {
    over: [replicas(1), down(0, '9m'), looping(1)],
    tells: ['agents/operator-unavailable: no operator: 0 of 2 replicas ready'],
  },
  'a Deployment without status says nothing: its pods run': {
    over: 'kind: Deployment\nmetadata: { namespace: kube-system, name: cilium-operator }\nstatus: null',
    tells: [],
  },
  'a Deployment without status, and no pod ready': {
    over: [
      'kind: Deployment\nmetadata: { namespace: kube-system, name: cilium-operator }\nstatus: null',
      down(0, '9m'),
      down(1, '9m'),
    ],
    tells: ['agents/operator-unavailable: no operator: 0 of 2 replicas ready'],
  },
  'for half a minute': { over: [replicas(0), down(0, '30s'), down(1, '30s')], tells: [] },
  'scaled to nothing': { over: replicas(0, 0), tells: ['agents/operator-unavailable: no operator: scaled to 0'] },
  'explains slices that are not kept since then': {
    over: [replicas(0), down(0, '9m'), down(1, '9m'), noSlices, younger('web-0'), younger('web-1'), younger('web-2')],
    tells: ['agents/operator-unavailable: no operator: 0 of 2 replicas ready'],
  },
  'explains no slices that were wrong before': {
    over: [replicas(0), down(0, '9m'), down(1, '9m'), noSlices],
    tells: [
      'endpoints/missing-from-slices: 2 endpoints in no slice',
      'endpoints/slice-identity-differs: 1 endpoint with another identity in the slice',
      'agents/operator-unavailable: no operator: 0 of 2 replicas ready',
    ],
  },
  'no lease either, which follows from it': {
    over: [replicas(0), down(0, '9m'), down(1, '9m'), lease('renewTime: <9m ago>')],
    tells: ['agents/operator-unavailable: no operator: 0 of 2 replicas ready'],
  },
});

cases('agents/operator-without-leader', {
  'the lease is not renewed': {
    over: lease('renewTime: <50s ago>'),
    tells: ['agents/operator-without-leader: no operator leads: lease not renewed for 50s'],
  },
  'renewed twenty seconds ago, by clocks that differ': { over: lease('renewTime: <20s ago>'), tells: [] },
  'given back and not taken': {
    over: lease('holderIdentity: "", renewTime: <5s ago>'),
    tells: ['agents/operator-without-leader: no operator leads: nobody holds the lease'],
  },
  'no lease at all': {
    over: without('Lease kube-system/cilium-operator-resource-lock'),
    tells: ['agents/operator-without-leader: no operator leads: there is no lease'],
  },
  'no operator, no lease: somebody else’s way of running Cilium': {
    over: [
      ...without('Lease kube-system/cilium-operator-resource-lock', 'Deployment kube-system/cilium-operator'),
      ...without('Pod kube-system/cilium-operator-0', 'Pod kube-system/cilium-operator-1'),
    ],
    tells: [],
  },
});

cases('agents/operator-without-standby', {
  'one of two not ready for long': {
    over: [replicas(1), down(1, '15m')],
    tells: ['agents/operator-without-standby: 1 of 2 operators ready: no standby'],
  },
  'moving to another node': { over: [replicas(1), down(1, '4m')], tells: [] },
  'on a cluster of one node the second waits for ever': {
    over: [replicas(1), pending, ...oneNode, noSlices, ...without('Pod shop/web-1', 'Pod shop/web-2')]
      .concat(without('CiliumEndpoint shop/web-1', 'CiliumEndpoint shop/web-2'))
      .map((text) => text.replace('id: 1,', 'id: 20000,')),
    tells: [],
  },
});

describe('agents/operator-without-leader by the lease’s own time', () => {
  const stale = lease('renewTime: <22m ago>');
  const other = `
apiVersion: coordination.k8s.io/v1
kind: Lease
metadata: { namespace: kube-system, name: apiserver-x }
spec: { holderIdentity: x, leaseDurationSeconds: 3600, renewTime: <5s ago> }
`;
  it.each([
    ['no operator to renew it', [stale, replicas(0), down(0, '22m'), down(1, '22m')], true],
    ['another lease shows that the clocks agree', [stale, other], true],
    ['the clocks may differ: it is watched', [stale], false],
  ])('%s', (_, over, atOnce) => {
    const { findings } = createChecks().judge(given({ over }), now);
    const told = findings.flatMap(({ id, explains = [] }) => [id, ...explains.map((one) => one.id)]);
    expect(told.includes('agents/operator-without-leader')).toBe(atOnce);
  });
});

it('agents/operator-unavailable scaled to nothing: since it was scaled, by whom, and how to scale it up', () => {
  const scaled = `
kind: Deployment
metadata:
  namespace: kube-system
  name: cilium-operator
  managedFields:
    - { manager: kubectl, operation: Update, subresource: scale, time: <7m ago>, fieldsType: FieldsV1, fieldsV1: { 'f:spec': { 'f:replicas': {} } } }
    - { manager: kube-controller-manager, operation: Update, subresource: status, time: <1m ago>, fieldsType: FieldsV1, fieldsV1: { 'f:status': {} } }
`;
  const [found] = createChecks().judge(given({ over: [replicas(0, 0), scaled] }), now).findings;
  expect(found).toMatchObject({
    title: 'no operator: scaled to 0',
    since: now - 7 * 60_000,
    next: 'Scale it up again: kubectl -n kube-system scale deploy cilium-operator --replicas=2',
  });
  expect(found?.evidence[0]).toMatch(/^scaled at \d\d:\d\dZ by kubectl$/);
});

it('says why before it counts again: the overview shows one line of evidence', () => {
  const said = (at: number) => `
kind: Pod
metadata: { namespace: kube-system, name: cilium-operator-${at} }
status:
  conditions: [{ type: Ready, status: 'False', lastTransitionTime: <9m ago> }]
  containerStatuses:
    - name: cilium-operator
      ready: false
      restartCount: 5
      state: { waiting: { reason: CrashLoopBackOff } }
      lastState: { terminated: { exitCode: 1, reason: Error, message: no certificate, finishedAt: <3m ago> } }
`;
  const [found] = createChecks().judge(given({ over: [replicas(0), said(0), said(1)] }), now).findings;
  expect(found?.evidence[0]).toBe('last words of 2: no certificate');
  expect(found?.evidence).toContain('Deployment kube-system/cilium-operator: 0 of 2 ready');
});
