import { describe, expect, it } from 'vitest';
import { findDrift } from '../../../src/model/policies/drift.ts';
import { ccnp, cnp, np, objectsOf } from './shop.ts';

function drift(folder: string, cluster: string) {
  const { onlyInCluster, onlyInFolder, differ } = findDrift(objectsOf(folder), objectsOf(cluster));
  return [onlyInCluster.length, onlyInFolder.length, ...differ.flatMap(({ fields }) => fields)];
}

const deny = '{podSelector: {}}';

describe('what the server fills in is no drift', () => {
  it.each<[string, string, string]>([
    ['policyTypes', np(deny), np('{podSelector: {}, policyTypes: [Ingress]}')],
    [
      'policyTypes of egress',
      np('{podSelector: {}, egress: [{}]}'),
      np('{podSelector: {}, policyTypes: [Ingress, Egress], egress: [{}]}'),
    ],
    [
      'the protocol',
      np('{podSelector: {}, ingress: [{ports: [{port: 80}]}]}'),
      np('{policyTypes: [Ingress], podSelector: {}, ingress: [{ports: [{port: 80, protocol: TCP}]}]}'),
    ],
    ['empty lists', np('{podSelector: {matchLabels: {}}, ingress: [], policyTypes: [Ingress]}'), np(deny)],
    ['the namespace', np(deny).replace(', namespace: shop', ''), np(deny, { namespace: 'default' })],
    [
      'what it writes beside',
      cnp('{endpointSelector: {}, ingress: [{}]}'),
      cnp('{ingress: [{}], endpointSelector: {}}').replace('name: p,', 'name: p, uid: u, resourceVersion: "4",'),
    ],
    [
      'the family of ICMP',
      cnp('{endpointSelector: {}, ingress: [{icmps: [{fields: [{type: 8}]}]}]}'),
      cnp('{endpointSelector: {}, ingress: [{icmps: [{fields: [{family: IPv4, type: 8}]}]}]}'),
    ],
    ['pods beside them', '{kind: Pod, metadata: {name: a}}', ''],
  ])('%s', (_title, folder, cluster) => {
    expect(drift(folder, cluster)).toEqual([0, 0]);
  });
});

describe('drift', () => {
  it.each<[string, string, string, (string | number)[]]>([
    [
      'a port',
      cnp('{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: "80"}]}]}]}'),
      cnp('{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: "81"}]}]}]}'),
      [0, 0, 'spec.ingress[0].toPorts[0].ports[0].port'],
    ],
    [
      'a label with dots',
      cnp('{endpointSelector: {matchLabels: {a.b/c: x}}, ingress: [{}]}'),
      cnp('{endpointSelector: {matchLabels: {a.b/c: y}}, ingress: [{}]}'),
      [0, 0, 'spec.endpointSelector.matchLabels[a.b/c]'],
    ],
    [
      'a list that is empty: Cilium minds the difference',
      cnp('{endpointSelector: {}, ingress: [{fromEndpoints: []}]}'),
      cnp('{endpointSelector: {}, ingress: [{}]}'),
      [0, 0, 'spec.ingress[0].fromEndpoints'],
    ],
    [
      'isolation that is gone',
      np('{podSelector: {}, policyTypes: [Ingress, Egress]}'),
      np(deny),
      [0, 0, 'spec.policyTypes[1]'],
    ],
    ['one here and one there', np(deny, { name: 'a' }), ccnp('{endpointSelector: {}, ingress: [{}]}', 'b'), [1, 1]],
    ['another namespace', np(deny), np(deny, { namespace: 'pay' }), [1, 1]],
  ])('%s', (_title, folder, cluster, expected) => {
    expect(drift(folder, cluster)).toEqual(expected);
  });
});
