import { expect, test } from 'vitest';
import { wantsNode } from '../../src/model/daemon-set.ts';
import { rowOf } from '../fixtures/snapshot-of.ts';

const cases: [what: string, template: string, node: string, wanted: boolean][] = [
  ['no demands', '{}', '{}', true],
  ['node selector met', '{nodeSelector: {os: linux}}', '{metadata: {labels: {os: linux}}}', true],
  ['node selector missed', '{nodeSelector: {os: linux}}', '{metadata: {labels: {os: windows}}}', false],
  ['taint not tolerated', '{}', '{spec: {taints: [{key: gpu, effect: NoSchedule}]}}', false],
  ['preference only', '{}', '{spec: {taints: [{key: gpu, effect: PreferNoSchedule}]}}', true],
  ['cordoned', '{}', '{spec: {taints: [{key: node.kubernetes.io/unschedulable, effect: NoSchedule}]}}', true],
  [
    'everything tolerated',
    '{tolerations: [{operator: Exists}]}',
    '{spec: {taints: [{key: gpu, effect: NoExecute}]}}',
    true,
  ],
  [
    'another effect tolerated',
    '{tolerations: [{key: gpu, operator: Exists, effect: NoSchedule}]}',
    '{spec: {taints: [{key: gpu, effect: NoExecute}]}}',
    false,
  ],
  [
    'value tolerated',
    '{tolerations: [{key: gpu, value: a}]}',
    '{spec: {taints: [{key: gpu, value: a, effect: NoExecute}]}}',
    true,
  ],
  [
    'another value',
    '{tolerations: [{key: gpu, value: b}]}',
    '{spec: {taints: [{key: gpu, value: a, effect: NoExecute}]}}',
    false,
  ],
  ['affinity In', affinity('{key: pool, operator: In, values: [a, b]}'), '{metadata: {labels: {pool: b}}}', true],
  [
    'affinity NotIn',
    affinity('{key: type, operator: NotIn, values: [virtual-kubelet]}'),
    '{metadata: {labels: {type: virtual-kubelet}}}',
    false,
  ],
  ['affinity NotIn, label absent', affinity('{key: type, operator: NotIn, values: [virtual-kubelet]}'), '{}', true],
  [
    'affinity DoesNotExist',
    affinity('{key: kubernetes.azure.com/cluster, operator: DoesNotExist}'),
    '{metadata: {labels: {kubernetes.azure.com/cluster: x}}}',
    false,
  ],
  ['affinity Gt', affinity('{key: cpus, operator: Gt, values: ["4"]}'), '{metadata: {labels: {cpus: "8"}}}', true],
  [
    'one of two terms',
    affinity('{key: a, operator: Exists}', '{key: b, operator: Exists}'),
    '{metadata: {labels: {b: x}}}',
    true,
  ],
];

test.each(cases)('%s', (_, template, node, wanted) => {
  expect(wantsNode(rowOf('daemonSets', `spec: {template: {spec: ${template}}}`), rowOf('nodes', node))).toBe(wanted);
});

function affinity(...requirements: string[]): string {
  const terms = requirements.map((one) => `{matchExpressions: [${one}]}`).join(', ');
  return `{affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [${terms}]}}}}`;
}
