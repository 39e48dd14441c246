import { describe, expect, it } from 'vitest';
import type { ApiResource } from '../../src/model/asks.ts';
import { findResource, resourceWords } from '../../src/panes/resource.ts';

const of = (
  group: string,
  kind: string,
  plural: string,
  shortNames: string[] = [],
  verbs = ['list', 'watch'],
): ApiResource => ({
  group,
  version: 'v1',
  kind,
  plural,
  singular: kind.toLowerCase(),
  shortNames,
  namespaced: true,
  verbs,
});
const served = [
  of('events.k8s.io', 'Event', 'events', ['ev']),
  of('', 'Event', 'events', ['ev']),
  of('metrics.k8s.io', 'PodMetrics', 'pods'),
  of('', 'Pod', 'pods', ['po']),
  of('apps', 'Deployment', 'deployments', ['deploy']),
  of('cilium.io', 'CiliumEndpointSlice', 'ciliumendpointslices', ['ces']),
  of('authorization.k8s.io', 'SelfSubjectAccessReview', 'selfsubjectaccessreviews', [], ['create']),
  of('example.com', 'Po', 'pos'),
];

describe('the kind somebody means', () => {
  it.each([
    ['po', ':Po'],
    ['pods', ':Pod'],
    ['Pod', ':Pod'],
    ['ev', ':Event'],
    ['events.events.k8s.io', 'events.k8s.io:Event'],
    ['deploy', 'apps:Deployment'],
    ['Deployment.apps', 'apps:Deployment'],
    ['CES', 'cilium.io:CiliumEndpointSlice'],
    ['selfsubjectaccessreviews', undefined],
    ['nothing', undefined],
    ['pods.nothing.example', undefined],
  ])('%s → %s', (word, expected) => {
    const found = findResource(served, word);
    // `po` is also the singular of somebody's kind: an exact name wins, as with kubectl.
    const name = found && `${found.group}:${found.kind}`;
    expect(name).toBe(word === 'po' ? 'example.com:Po' : expected);
  });

  it('offers only what can be listed', () => {
    expect(resourceWords(served)).toContain('ces');
    expect(resourceWords(served)).not.toContain('selfsubjectaccessreviews');
  });
});
