import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { describe as describeObject } from '../../../src/panes/object/describe.ts';
import { documentLines } from '../../../src/panes/object/document-lines.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const lines = (yaml: string, events: Parameters<typeof describeObject>[1] = [], columns = 100) =>
  documentLines(describeObject(parse(yaml), events, NOW), columns).map((spans) =>
    spans
      .map((span) => span.text)
      .join('')
      .trimEnd(),
  );

const agent = `
apiVersion: v1
kind: Pod
metadata:
  name: cilium-x7k2p
  namespace: kube-system
  creationTimestamp: "2026-03-01T11:46:00Z"
  ownerReferences: [{kind: DaemonSet, name: cilium}]
  labels: {k8s-app: cilium}
spec:
  nodeName: aks-np2-000001
  hostNetwork: true
  initContainers: [{name: mount-bpf-fs, image: cilium:v1.18.6}]
  containers: [{name: cilium-agent, image: cilium:v1.18.6, ports: [{containerPort: 9962, protocol: TCP, name: prometheus}]}]
status:
  phase: Pending
  conditions: [{type: Initialized, status: "False", reason: ContainersNotInitialized, lastTransitionTime: "2026-03-01T11:46:00Z"}]
  initContainerStatuses:
  - name: mount-bpf-fs
    restartCount: 7
    state: {waiting: {reason: CrashLoopBackOff, message: back-off 5m0s restarting failed container}}
    lastState: {terminated: {exitCode: 1, reason: Error, message: operation not permitted, finishedAt: "2026-03-01T11:58:00Z"}}
`;

describe('describe', () => {
  it('tells of a pod what decides: node, failing init container, last words', () => {
    const shown = lines(agent);
    expect(shown).toContain('  Owner      DaemonSet/cilium');
    expect(shown).toContain('  Node          aks-np2-000001');
    expect(shown).toContain('  Host network  yes: no policy selects it');
    expect(shown.some((line) => /State +waiting: CrashLoopBackOff: back-off 5m0s/.test(line))).toBe(true);
    expect(
      shown.some((line) => /Before +ended 2m ago with exit code 1: Error: operation not permitted/.test(line)),
    ).toBe(true);
    expect(shown.some((line) => /Restarts +7/.test(line))).toBe(true);
    expect(shown.some((line) => /State +not started/.test(line))).toBe(true);
  });

  it('shows events newest where the server put them, warnings with their count, and says when there are none', () => {
    const event = {
      at: NOW - 30_000,
      type: 'Warning',
      reason: 'FailedCreatePodSandBox',
      message: 'cilium.sock absent',
      count: 12,
      from: 'kubelet',
    };
    expect(
      lines(agent, [event]).some((line) =>
        /30s +Warning +FailedCreatePodSandBox +×12 +kubelet +cilium\.sock absent/.test(line),
      ),
    ).toBe(true);
    expect(lines(agent, []).join('\n')).toContain('none kept by the server');
    expect(lines(agent, 'You may not list events.').join('\n')).toContain('You may not list events.');
  });

  it('outlines a kind it knows nothing about, spec before status', () => {
    const shown = lines(`
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: p, namespace: shop}
status: {conditions: [{type: Valid, status: "True"}]}
spec:
  endpointSelector: {matchLabels: {app: web}}
  ingress: [{fromEntities: [cluster]}]
`);
    const [spec, status] = [shown.indexOf('spec'), shown.indexOf('status')];
    expect(spec).toBeGreaterThan(0);
    expect(status).toBeGreaterThan(spec);
    expect(shown).toContain('      app: web');
    expect(shown.some((line) => line.includes('- fromEntities:'))).toBe(true);
  });

  it('does not repeat what kubectl apply remembers', () => {
    const shown = lines(
      'kind: Service\nmetadata: {name: a, annotations: {kubectl.kubernetes.io/last-applied-configuration: "{}", team: pay}}',
    );
    expect(shown.join('\n')).not.toContain('last-applied');
    expect(shown).toContain('  Annotations  team=pay');
  });

  it.each([
    '{}',
    'kind: Pod',
    'kind: Node\nstatus: {conditions: 3}',
    'kind: Service\nspec: null',
    'kind: DaemonSet\nspec: {template: []}',
  ])('survives %s', (yaml) => {
    expect(lines(yaml).every((line) => typeof line === 'string')).toBe(true);
  });

  it('wraps a long message under itself and keeps within the columns', () => {
    const message = 'plugin type="cilium-cni" failed (add): unable to connect to Cilium agent '.repeat(4);
    const event = { at: NOW, type: 'Warning', reason: 'R', message, count: 1, from: 'kubelet' };
    const shown = lines(agent, [event], 80);
    expect(Math.max(...shown.map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
