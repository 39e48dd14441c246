import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import type { ObjectRef } from '../../src/model/ref.ts';
import type { TimelineEntry } from '../../src/model/timeline.ts';
import { beforeText, shortlyBefore } from '../../src/panes/shortly-before.ts';

const since = Date.parse('2026-03-04T12:00:00Z');
const system = (kind: string, name: string): ObjectRef => ({ kind, namespace: 'kube-system', name });
const deed = (what: string, object: ObjectRef, secondsBefore: number, detail = '', who = ''): TimelineEntry => ({
  at: since - secondsBefore * 1_000,
  what,
  object,
  detail,
  who,
  count: 1,
  live: false,
});
const config = deed('edited', system('ConfigMap', 'cilium-config'), 5, 'data.debug', 'jane');
const scaled = deed('scaled', system('Deployment', 'cilium-operator'), 60, 'to 0 replicas', 'kubectl');
const rollout = deed(
  'rollout',
  system('DaemonSet', 'cilium'),
  120,
  'revision 1 → 2, cilium-agent v1.18.6-25 → v1.18.9',
);
const taint = deed('edited', { kind: 'Node', name: 'n1' }, 1, 'spec.taints', 'kubelet');
const custom = deed('edited', system('ConfigMap', 'coredns-custom'), 0, 'data.log.override', 'kubectl-edit');
const finding = (id: string, ...objects: ObjectRef[]): Finding => ({
  id,
  severity: 'error',
  title: '',
  objects,
  evidence: [],
  since,
  reach: '',
  next: '',
});
const newestFirst = [taint, config, scaled, rollout];

describe('what was done shortly before', () => {
  it.each([
    ['the workload itself', finding('agents/operator-unavailable', system('Deployment', 'cilium-operator')), scaled],
    [
      'whose lease it is',
      finding('agents/operator-without-leader', system('Lease', 'cilium-operator-resource-lock')),
      scaled,
    ],
    ['whose pod it is', finding('agents/crash-looping', system('Pod', 'cilium-x2x9k')), rollout],
    ['a pod of another of the same beginning', finding('a/a', system('Pod', 'cilium-operator-7d9-abcde')), scaled],
    ['the nearest of something else', finding('dns/not-ready', system('Pod', 'coredns-7d9-abcde')), taint],
    ['not the rollout that stands still', finding('cluster/rollout-stuck', system('DaemonSet', 'cilium')), taint],
    ["not what CoreDNS reads, for an agent's trouble", finding('agents/a', system('Pod', 'x')), taint, [custom]],
    ['what CoreDNS reads, for its own', finding('dns/not-ready', system('Pod', 'coredns-7d9-abcde')), custom, [custom]],
    ['not the marks of its own trouble', finding('nodes/not-ready', { kind: 'Node', name: 'n1' }), config],
  ])('%s', (_, sick, expected, newer: TimelineEntry[] = []) =>
    expect(shortlyBefore(sick, [...newer, ...newestFirst])).toBe(expected),
  );

  it.each([
    [rollout, '2m before: rollout cilium 1.18.6 → 1.18.9'],
    [
      { ...rollout, detail: 'revision 1 → 2, cilium-agent v1.18.6-25 → v1.18.6-31' },
      '2m before: rollout cilium v1.18.6-25 → v1.18.6-31',
    ],
    [{ ...rollout, detail: 'revision 1 → 2, clean-state v1 → v2' }, '2m before: rollout cilium, clean-state v1 → v2'],
    [{ ...rollout, detail: 'revision 1 → 2' }, '2m before: rollout DaemonSet cilium revision 1 → 2'],
    [scaled, '60s before: scaled Deployment cilium-operator to 0 replicas by kubectl'],
    [{ ...scaled, at: since }, 'in the same second: scaled Deployment cilium-operator to 0 replicas by kubectl'],
  ])('in words %#', (entry, text) => expect(beforeText(entry, since)).toBe(text));
});
