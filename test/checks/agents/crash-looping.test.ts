import { describe, expect, it } from 'vitest';
import { cases } from '../cases.ts';
import { finding, judged } from '../given.ts';

const looping = (name: string, made = '14m', restarts = 7) => `
kind: Pod
metadata: { namespace: kube-system, name: ${name}, creationTimestamp: <${made} ago> }
spec: { initContainers: [{ name: mount-bpf-fs, image: i }] }
status:
  phase: Pending
  conditions:
    - { type: PodScheduled, status: 'True', lastTransitionTime: <${made} ago> }
    - { type: Ready, status: 'False', lastTransitionTime: <${made} ago> }
  initContainerStatuses:
    - name: mount-bpf-fs
      restartCount: ${restarts}
      state: { waiting: { reason: CrashLoopBackOff, message: back-off 5m0s restarting failed container } }
      lastState: { terminated: { exitCode: 32, reason: Error, message: 'operation not permitted', startedAt: <2m ago>, finishedAt: <2m ago> } }
  containerStatuses: [{ name: cilium-agent, ready: false, restartCount: 0, state: { waiting: { reason: PodInitializing } } }]
`;
/** The agent itself loops and has become ready two seconds ago. */
const momentarily = (name: string) => `
kind: Pod
metadata: { namespace: kube-system, name: ${name}, creationTimestamp: <30m ago> }
status:
  conditions: [{ type: Ready, status: 'True', lastTransitionTime: <2s ago> }]
  containerStatuses:
    - name: cilium-agent
      ready: true
      restartCount: 7
      state: { running: { startedAt: <3s ago> } }
      lastState: { terminated: { exitCode: 1, reason: Error, message: no api server, startedAt: <4m ago>, finishedAt: <3m ago> } }
`;
const tainted = `
kind: Node
metadata: { name: np1-1 }
spec: { taints: [{ key: node.cilium.io/agent-not-ready, effect: NoSchedule }] }
`;
const stuck = (on: string) => `
apiVersion: v1
kind: Pod
metadata: { namespace: shop, name: new-${on}, uid: new-${on}, creationTimestamp: <12m ago> }
spec: { nodeName: ${on}, containers: [{ name: web }] }
status:
  phase: Pending
  conditions: [{ type: PodScheduled, status: 'True', lastTransitionTime: <12m ago> }]
  containerStatuses: [{ name: web, state: { waiting: { reason: ContainerCreating } } }]
---
apiVersion: v1
kind: Event
metadata: { namespace: shop, name: new-${on}.1 }
involvedObject: { kind: Pod, namespace: shop, name: new-${on}, uid: new-${on} }
reason: FailedCreatePodSandBox
message: 'plugin type="cilium-cni" failed (add): unable to connect to Cilium agent: dial unix /var/run/cilium/cilium.sock: no such file'
count: 40
firstTimestamp: <12m ago>
lastTimestamp: <20s ago>
`;

cases('agents/crash-looping', {
  'an init container loops': {
    over: looping('cilium-1'),
    tells: ['agents/crash-looping: 1 of 3 agents crash-loops in init mount-bpf-fs: "operation not permitted"'],
  },
  'with its taint, which follows from it': {
    over: `${looping('cilium-1')}---\n${tainted}`,
    tells: ['agents/crash-looping: 1 of 3 agents crash-loops in init mount-bpf-fs: "operation not permitted"'],
  },
  'between two tries, while the init container runs': {
    over: looping('cilium-1').replace(/state: \{ waiting.*/, 'state: { running: { startedAt: <1s ago> } }'),
    tells: ['agents/crash-looping: 1 of 3 agents crash-loops in init mount-bpf-fs: "operation not permitted"'],
  },
  'ready for a moment between two crashes': {
    over: momentarily('cilium-1'),
    tells: ['agents/crash-looping: 1 of 3 agents crash-loops in cilium-agent: "no api server"'],
  },
  'a node that joins fails a few times': {
    over: `${looping('cilium-1', '2m', 3)}---
kind: Node
metadata: { name: np1-1, creationTimestamp: <3m ago> }
`,
    tells: [],
  },
  'an agent that was just made anew on an old node loops again, and its taint follows from it': {
    over: `${looping('cilium-1', '2m', 3)}---\n${tainted}`,
    tells: ['agents/crash-looping: 1 of 3 agents crash-loops in init mount-bpf-fs: "operation not permitted"'],
  },
  'pods that wait for it are explained; others are not': {
    over: `${looping('cilium-1')}---\n${stuck('np1-1')}---\n${stuck('np1-2')}`,
    tells: [
      'agents/crash-looping: 1 of 3 agents crash-loops in init mount-bpf-fs: "operation not permitted"',
      'pods/stuck-creating: 1 pod stuck ContainerCreating on pool np1: cilium.sock absent',
    ],
  },
});

describe('agents/crash-looping', () => {
  const loading = { systemPods: 'loading', nodes: 'connecting', daemonSets: 'connecting' } as const;

  it('is told as soon as it is seen, without a number of all, while the lists still come', () => {
    const { findings, notLookedAt } = judged({ over: looping('cilium-1'), links: loading });
    expect(findings.map(({ title }) => title)).toEqual([
      '1 agent crash-loops in init mount-bpf-fs: "operation not permitted"',
    ]);
    expect(notLookedAt.map(({ id }) => id)).not.toContain('agents/crash-looping');
  });

  it('is not taken back when a list breaks off: a server in trouble is when it matters', () => {
    const links = { ...loading, systemPods: 'failed', nodes: 'failed' } as const;
    const { findings } = judged({ over: looping('cilium-1'), links });
    expect(findings.map(({ title }) => title)).toEqual([
      '1 agent crash-loops in init mount-bpf-fs: "operation not permitted"',
    ]);
    const { notLookedAt } = judged({ links });
    expect(notLookedAt.map(({ id }) => id)).toContain('agents/crash-looping');
  });

  it('is not said to be absent before the lists are whole', () => {
    const { findings, notLookedAt } = judged({ links: loading });
    expect(findings).toEqual([]);
    expect(notLookedAt).toContainEqual({ id: 'agents/crash-looping', reason: 'loading nodes' });
  });

  const two = { over: `${looping('cilium-1')}---\n${looping('cilium-2')}---\n${stuck('np1-1')}` };

  it('lists what it explains with its reach', () => {
    expect(finding(two, 'agents/crash-looping').explains).toMatchObject([
      {
        id: 'pods/stuck-creating',
        title: '1 pod stuck ContainerCreating on pool np1: cilium.sock absent',
        reach: '1 pod',
      },
    ]);
    expect(judged(two).findings).toHaveLength(1);
  });

  it('says since when, how far, and what to do next', () => {
    const found = finding(two, 'agents/crash-looping');
    expect(found.title).toContain('2 of 3 agents crash-loop in init mount-bpf-fs');
    expect(found.reach).toBe('2 nodes');
    expect(new Date(found.since ?? 0).toISOString()).toBe('2026-11-22T11:46:00.000Z');
    expect(found.next).toBe(
      'Delete the pod once: kubectl -n kube-system delete pod cilium-1; if it ends alike, cordon, drain and reimage its node. A support case wants: kubectl -n kube-system logs cilium-1 -c mount-bpf-fs --previous',
    );
    expect(found.evidence).toContain(
      'Pod kube-system/cilium-1 on np1-1: Init:CrashLoopBackOff, 7 restarts, the last 2m ago since 11:46Z (14m)',
    );
  });

  it('says what only the sick share', () => {
    const image = `
kind: Node
metadata: { name: np1-1, labels: { kubernetes.azure.com/node-image-version: AKSUbuntu-2404gen2containerd-202611.04.0 } }
`;
    const found = finding({ over: `${looping('cilium-1')}---\n${image}` }, 'agents/crash-looping');
    expect(found.evidence[0]).toBe('last words of mount-bpf-fs, exit code 32: operation not permitted');
    expect(found.evidence[1]).toBe(
      'only they: node image AKSUbuntu-2404gen2containerd-202611.04.0 · 2 healthy: AKSUbuntu-2204gen2containerd-202610.18.0',
    );
  });
});
