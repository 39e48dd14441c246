import { expect, it } from 'vitest';
import { cnp, parse, shop } from './shop.ts';

const BACK = 'endpointSelector: {matchLabels: {app: back}}';

it.each<[string, string, string, string[]]>([
  [
    'the port',
    '{fromEndpoints: [{}], toPorts: [{ports: [{port: "80", protocol: TCP}]}]}',
    'shop/front > shop/back 81',
    ['port: CiliumNetworkPolicy shop/p ingress[0] allows 80/TCP, not 81/TCP'],
  ],
  [
    'the protocol',
    '{fromEndpoints: [{}], toPorts: [{ports: [{port: "80", protocol: TCP}]}]}',
    'shop/front > shop/back 80/UDP',
    ['protocol: CiliumNetworkPolicy shop/p ingress[0] allows 80/TCP, not 80/UDP'],
  ],
  [
    'a label',
    '{fromEndpoints: [{matchLabels: {tier: db}}]}',
    'shop/front > shop/back 1',
    ['label: CiliumNetworkPolicy shop/p ingress[0] wants tier=db (it has web)'],
  ],
  [
    'the namespace',
    '{fromEndpoints: [{matchLabels: {app: bank}}]}',
    'pay/bank > shop/back 1',
    ['namespace: CiliumNetworkPolicy shop/p ingress[0] wants namespace=shop (it has pay)'],
  ],
  [
    'that a CIDR means no pod',
    '{fromCIDR: [10.8.0.0/16]}',
    'shop/front > shop/back 1',
    ['address: CiliumNetworkPolicy shop/p ingress[0] allows 10.8.0.0/16, and CIDRs do not match pods or nodes'],
  ],
  [
    'nothing where all differs',
    '{fromEndpoints: [{matchLabels: {app: cart}}], toPorts: [{ports: [{port: "80"}]}]}',
    'shop/front > shop/back 81',
    [],
  ],
])('names %s', (_title, rule, question, expected) => {
  const engine = shop(cnp(`{${BACK}, ingress: [${rule}]}`));
  const near = engine.nearMisses(parse(question), 'ingress');
  expect(near.map(({ differs, text }) => `${differs}: ${text}`)).toEqual(expected);
});

it('puts first what falls short by least', () => {
  const engine = shop(
    cnp(
      `{${BACK}, ingress: [{fromEndpoints: [{matchLabels: {app: x, tier: y}}]}, {fromEndpoints: [{matchLabels: {app: x, tier: web}}]}]}`,
    ),
  );
  const near = engine.nearMisses(parse('shop/front > shop/back 1'), 'ingress');
  expect(near.map(({ rule }) => rule.path)).toEqual(['ingress[1]', 'ingress[0]']);
});
