import { describe, expect, it } from 'vitest';
import { cases } from '../cases.ts';
import { finding } from '../given.ts';

const coredns = (ready: number, of = 2) => `
kind: Deployment
metadata: { namespace: kube-system, name: coredns }
spec: { replicas: ${of} }
status: { replicas: ${of}, readyReplicas: ${ready}, availableReplicas: ${ready} }
`;
const down = (at: number, since: string) => `
kind: Pod
metadata: { namespace: kube-system, name: coredns-${at} }
status: { conditions: [{ type: Ready, status: 'False', lastTransitionTime: <${since} ago> }] }
`;

cases('dns/not-ready', {
  'none ready': {
    over: [coredns(0), down(0, '5m'), down(1, '5m')],
    tells: ['dns/not-ready: no cluster DNS: 0 of 2 coredns ready'],
  },
  'none ready for half a minute': { over: [coredns(0), down(0, '30s'), down(1, '30s')], tells: [] },
  'one of two away for long': {
    over: [coredns(1), down(1, '15m')],
    tells: ['dns/not-ready: cluster DNS short: 1 of 2 coredns ready'],
  },
  'one of two moving to another node': { over: [coredns(1), down(1, '3m')], tells: [] },
  'scaled to nothing': { over: coredns(0, 0), tells: ['dns/not-ready: no cluster DNS: coredns scaled to 0'] },
  'a cluster with another resolver': {
    over: ['Deployment', 'Pod/coredns-0', 'Pod/coredns-1'].map(
      (what) =>
        `kind: ${what.split('/')[0]}\nmetadata: { namespace: kube-system, name: ${what.split('/')[1] ?? 'coredns'} }\nremoved: true`,
    ),
    tells: [],
  },
  'all on one node that is down: told on its own': {
    over: [
      coredns(0),
      down(0, '5m'),
      down(1, '5m'),
      'kind: Pod\nmetadata: { namespace: kube-system, name: coredns-1 }\nspec: { nodeName: np1-0 }',
      'kind: Node\nmetadata: { name: np1-0 }\nstatus: { conditions: [{ type: Ready, status: Unknown, lastTransitionTime: <6m ago> }] }',
    ],
    tells: [
      'dns/not-ready: no cluster DNS: 0 of 2 coredns ready',
      'nodes/not-ready: 1 of 3 nodes not ready: kubelet silent',
    ],
  },
});

describe('dns/not-ready says what to mend by the last words', () => {
  const said = (message: string) =>
    [0, 1].map(
      (at) => `
kind: Pod
metadata: { namespace: kube-system, name: coredns-${at} }
status:
  conditions: [{ type: Ready, status: 'False', lastTransitionTime: <5m ago> }]
  containerStatuses:
    - name: coredns
      restartCount: 7
      state: { waiting: { reason: CrashLoopBackOff } }
      lastState: { terminated: { exitCode: 1, reason: Error, message: ${JSON.stringify(message)}, finishedAt: <1m ago> } }
`,
    );
  it.each([
    [
      "/etc/coredns/custom/log.override:2 - Error during parsing: Unknown directive 'forwad'",
      /^Correct line 2 of log.override: kubectl -n kube-system edit configmap coredns-custom, then/,
    ],
    ['/etc/coredns/Corefile:9 - Error during parsing', /^Correct what the last words name: .*configmap coredns-custom/],
    ['listen tcp :53: bind: address already in use', /^Mend what the last words name, then .*rollout restart/],
    ['', /^Read why: kubectl -n kube-system describe pod -l k8s-app=kube-dns/],
  ])('%s', (words, next) => {
    const found = finding({ over: [coredns(0), ...said(words)] }, 'dns/not-ready');
    expect(found.next).toMatch(next);
    if (words !== '') expect(found.evidence[0]).toBe(`last words of 2: ${words}`);
  });
});
