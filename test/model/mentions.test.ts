import { describe, expect, test } from 'vitest';
import { mentions, readSearch } from '../../src/model/mentions.ts';
import { refText } from '../../src/model/ref.ts';
import { snapshotOf } from '../fixtures/snapshot-of.ts';

test.each([
  ['10.1.2.3', { type: 'ip', ip: '10.1.2.3' }],
  [' fd00:0:0::1 ', { type: 'ip', ip: 'fd00::1' }],
  ['12345', { type: 'identity', id: 12_345 }],
  ['web-0', { type: 'pod', namespace: '', name: 'web-0' }],
  ['shop/web-0', { type: 'pod', namespace: 'shop', name: 'web-0' }],
  ['10.1', { type: 'pod', namespace: '', name: '10.1' }],
  ['', undefined],
])('%j is read as %j', (text, search) => expect(readSearch(text)).toEqual(search));

const snapshot = snapshotOf(`
{kind: Namespace, metadata: {name: shop, uid: ns}}
---
{kind: Pod, metadata: {name: web, namespace: shop, uid: p}, spec: {nodeName: n1}, status: {phase: Running, podIP: 10.1.0.1}}
---
{kind: CiliumEndpoint, metadata: {name: web, namespace: shop, uid: e}, status: {state: ready, identity: {id: 777}, networking: {addressing: [{ipv4: 10.1.0.1}]}}}
---
{kind: CiliumEndpointSlice, metadata: {name: ces-1, uid: s}, namespace: shop, endpoints: [{name: old, id: 778, networking: {addressing: [{ipv4: 10.1.0.1}]}}, {name: web, id: 777, networking: {addressing: [{ipv4: 10.1.0.1}]}}]}
---
{kind: EndpointSlice, metadata: {name: web-x, namespace: shop, uid: k, labels: {kubernetes.io/service-name: web}}, endpoints: [{addresses: [10.1.0.1], targetRef: {name: web}}]}
---
{kind: Service, metadata: {name: web, namespace: shop, uid: v}, spec: {clusterIP: 10.2.0.1}}
---
{kind: Node, metadata: {name: n1, uid: n}, status: {addresses: [{type: InternalIP, address: 10.0.0.4}]}}
---
{kind: CiliumNode, metadata: {name: n1, uid: cn}, spec: {addresses: [{type: CiliumInternalIP, ip: 10.0.9.9}]}}
---
{kind: CiliumIdentity, metadata: {name: "777", uid: i}, security-labels: {"k8s:app": web}}
---
{kind: Event, metadata: {name: ev, namespace: shop, uid: ev}, reason: BackOff, message: said, involvedObject: {kind: Pod, name: web, uid: p}}`);

describe('every object that mentions', () => {
  test.each([
    [
      '10.1.0.1',
      [
        'Pod shop/web',
        'CiliumEndpoint shop/web',
        'CiliumEndpointSlice ces-1',
        'CiliumEndpointSlice ces-1',
        'EndpointSlice shop/web-x',
      ],
    ],
    ['10.2.0.1', ['Service shop/web']],
    ['10.0.0.4', ['Node n1']],
    ['10.0.9.9', ['CiliumNode n1']],
    ['777', ['CiliumIdentity 777', 'CiliumEndpoint shop/web', 'CiliumEndpointSlice ces-1']],
    ['778', ['CiliumEndpointSlice ces-1']],
    [
      'web',
      [
        'Pod shop/web',
        'CiliumEndpoint shop/web',
        'CiliumEndpointSlice ces-1',
        'EndpointSlice shop/web-x',
        'Event shop/ev',
      ],
    ],
    ['shop/old', ['CiliumEndpointSlice ces-1']],
    ['10.9.9.9', []],
    ['other/web', []],
  ])('%s', (text, objects) => {
    const search = readSearch(text);
    expect(search && mentions(snapshot, search).map((one) => refText(one.object))).toEqual(objects);
  });

  test('says how', () => {
    expect(mentions(snapshot, { type: 'identity', id: 778 }).map((one) => one.detail)).toEqual([
      'entry shop/old, 10.1.0.1, identity 778',
    ]);
  });
});
