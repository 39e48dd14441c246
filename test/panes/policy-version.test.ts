import { expect, it } from 'vitest';
import type { Change } from '../../src/model/change.ts';
import { policyTables, policyVersion } from '../../src/panes/policy-version.ts';
import { put, snapshotOf } from './fixtures/cluster.ts';

const before = snapshotOf({});
const after = (change: Change) => snapshotOf({ changes: [change] });
const pod = { metadata: { name: 'n', namespace: 'shop', uid: 'n' }, spec: { containers: [{ name: 'c' }] } };

it('a pod that comes makes no verdict another one, but may be among those that are counted', () => {
  const come = after(put('pods', [pod]));
  expect(policyVersion(come)).toBe(policyVersion(before));
  expect(policyTables(come)).not.toBe(policyTables(before));
});

it.each<[string, Change]>([
  ['the worker says that some verdict may be', { type: 'policies', put: [], remove: [], revision: 3 }],
  [
    'what verdicts rest on is not watched any more',
    { type: 'link', source: 'pods', link: { phase: 'stale', heard: 1 } },
  ],
  ['it is another cluster', { type: 'reset', epoch: 9, cluster: before.cluster }],
])('a verdict may be another one where %s', (_title, change) => {
  expect(policyVersion(after(change))).not.toBe(policyVersion(before));
});
