import { expect, it } from 'vitest';
import type { Plan } from '../../src/actions/action.ts';
import { seen } from '../../src/actions/seen.ts';
import { emptySnapshot } from '../../src/model/snapshot.ts';
import { noTimeline } from '../../src/model/timeline-fold.ts';

const resource = { group: 'networking.k8s.io', version: 'v1', plural: 'networkpolicies', kind: 'NetworkPolicy' };
const deletion = {
  object: { kind: 'NetworkPolicy', namespace: 'shop', name: 'db' },
  before: { metadata: { uid: 'u', resourceVersion: '1' } },
  request: { verb: 'delete', resource, namespace: 'shop', name: 'db', preconditions: {} },
} as unknown as Plan;

it.each([
  ['live', true],
  ['forbidden', false],
  ['stale', false],
] as const)('what a list does not show is gone only where it is watched: %s', (phase, expected) => {
  const links = new Map([['networkPolicies', { phase, heard: 0 }]]);
  const snapshot = { ...emptySnapshot(0, noTimeline), links } as unknown as Parameters<typeof seen>[2];
  expect(seen(deletion, undefined, snapshot).seen).toBe(expected);
});
