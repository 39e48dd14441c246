import { expect, it } from 'vitest';
import { ask, cnp, np, type Setting, shop } from './shop.ts';

// Every field of NetworkPolicy and CiliumCIDRGroup, by its path, with what it changes or why it is refused.

type Row = [field: string, spec: string, expected: Readonly<Record<string, string>> | RegExp, setting?: Setting];

const BACK = 'podSelector: {matchLabels: {app: back}}';
const F = 'shop/front > shop/back';
const C = 'shop/cart > shop/back';
const ALLOW = 'allow: not-isolated, rule n ingress[0]';
const DENY = 'deny: not-isolated, default-deny n';
const FREE = 'allow: not-isolated, not-isolated';
const from = (peer: string) => `${BACK}, ingress: [{from: [${peer}]}]`;
const ports = (port: string) => `${BACK}, ingress: [{ports: [${port}]}]`;

it.each<Row>([
  ['podSelector.matchLabels', `${BACK}, ingress: []`, { [`${F} 1`]: DENY, 'shop/front > shop/cart 1': FREE }],
  [
    'podSelector.matchExpressions',
    'podSelector: {matchExpressions: [{key: tier, operator: DoesNotExist}]}, ingress: []',
    { [`${F} 1`]: DENY, 'shop/back > shop/front 1': FREE },
  ],
  ['podSelector, empty', 'podSelector: {}', { [`${F} 1`]: DENY, 'shop/front > pay/bank 1': FREE }],
  ['podSelector, absent', 'policyTypes: [Ingress]', { [`${F} 1`]: DENY }],
  ['policyTypes, absent', `${BACK}`, { [`${F} 1`]: DENY, 'shop/back > shop/front 1': FREE }],
  [
    'policyTypes, absent, with egress',
    `${BACK}, egress: [{}]`,
    { [`${F} 1`]: DENY, 'shop/back > shop/front 1': 'allow: rule n egress[0], not-isolated' },
  ],
  [
    'policyTypes Egress',
    `${BACK}, policyTypes: [Egress]`,
    { [`${F} 1`]: FREE, 'shop/back > shop/front 1': 'deny: default-deny n, not-isolated' },
  ],
  ['policyTypes, a word that is none', `${BACK}, policyTypes: [Both]`, /"Both" is no type/],
  [
    'ingress[].from.podSelector',
    from('{podSelector: {matchLabels: {app: front}}}'),
    { [`${F} 1`]: ALLOW, [`${C} 1`]: DENY },
  ],
  [
    'ingress[].from.namespaceSelector',
    from('{namespaceSelector: {matchLabels: {team: money}}}'),
    { 'pay/bank > shop/back 1': ALLOW, [`${F} 1`]: DENY },
  ],
  [
    'ingress[].from.namespaceSelector, empty',
    from('{namespaceSelector: {}}'),
    { 'pay/bank > shop/back 1': ALLOW, 'entity:remote-node > shop/back 1': DENY },
  ],
  [
    'ingress[].from, both selectors in one item',
    from('{namespaceSelector: {matchLabels: {team: money}}, podSelector: {matchLabels: {app: bank}}}'),
    { 'pay/bank > shop/back 1': ALLOW, 'pay/audit > shop/back 1': DENY },
  ],
  [
    'ingress[].from.ipBlock.cidr',
    from('{ipBlock: {cidr: 192.0.2.0/24}}'),
    { 'ip:192.0.2.1 > shop/back 1': 'allow: outside-cluster, rule n ingress[0]', [`${F} 1`]: DENY },
  ],
  [
    'ingress[].from.ipBlock.except',
    from('{ipBlock: {cidr: 192.0.2.0/24, except: [192.0.2.0/30]}}'),
    { 'ip:192.0.2.1 > shop/back 1': 'deny: outside-cluster, default-deny n' },
  ],
  [
    'ingress[].from.ipBlock, except outside',
    from('{ipBlock: {cidr: 192.0.2.0/24, except: [10.0.0.0/8]}}'),
    /does not lie/,
  ],
  ['ingress[].from, empty', `${BACK}, ingress: [{from: []}]`, { [`${F} 1`]: ALLOW }],
  ['ingress[].ports.port, a number', ports('{port: 80}'), { [`${F} 80`]: ALLOW, [`${F} 81`]: DENY }],
  ['ingress[].ports.port, a name', ports('{port: http}'), { [`${F} 8081`]: ALLOW, [`${F} 8080`]: DENY }],
  ['ingress[].ports.port, absent', ports('{protocol: UDP}'), { [`${F} 7/UDP`]: ALLOW, [`${F} 7`]: DENY }],
  ['ingress[].ports.port, 0', ports('{port: 0}'), /not between 1 and 65535/],
  ['ingress[].ports.protocol', ports('{port: 80, protocol: UDP}'), { [`${F} 80/UDP`]: ALLOW, [`${F} 80`]: DENY }],
  ['ingress[].ports.protocol, none', ports('{port: 80, protocol: ANY}'), /protocol "ANY" is none/],
  ['ingress[].ports.endPort', ports('{port: 80, endPort: 82}'), { [`${F} 82`]: ALLOW, [`${F} 83`]: DENY }],
  ['ingress[].ports.endPort without port', ports('{endPort: 82}'), /endPort needs a port/],
  ['ingress[].ports.endPort, a name', ports('{port: http, endPort: 82}'), /beside a port name/],
  [
    'egress[].to.podSelector',
    `${BACK}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: cart}}}]}]`,
    {
      'shop/back > shop/cart 1': 'allow: rule n egress[0], not-isolated',
      'shop/back > shop/front 1': 'deny: default-deny n, not-isolated',
    },
  ],
  [
    'egress[].to.ipBlock and ports',
    `${BACK}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}]`,
    {
      'shop/back > ip:192.0.2.1 443': 'allow: rule n egress[0], outside-cluster',
      'shop/back > ip:192.0.2.1 80': 'deny: default-deny n, outside-cluster',
      'shop/back > shop/cart 443': 'deny: default-deny n, not-isolated',
    },
  ],
])('NetworkPolicy %s', (_field, spec, expected, setting) => {
  const engine = shop(np(`{${spec}}`), setting);
  if (expected instanceof RegExp) {
    expect(engine.index.facts.policies[0]?.rejected.join('\n')).toMatch(expected);
    expect(ask(engine, `${F} 1`)).toBe(FREE);
    return;
  }
  expect(Object.fromEntries(Object.keys(expected).map((question) => [question, ask(engine, question)]))).toEqual(
    expected,
  );
});

const group = (fields: string, version = 'v2') =>
  `{apiVersion: cilium.io/${version}, kind: CiliumCIDRGroup, metadata: {name: office, labels: {site: north}}, ${fields}}`;
const byName = cnp(
  '{endpointSelector: {matchLabels: {app: back}}, ingress: [{fromCIDRSet: [{cidrGroupRef: office}]}]}',
);

it.each<[string, string, 'allow' | 'deny']>([
  ['spec.externalCIDRs', group('spec: {externalCIDRs: [10.1.0.0/16, 192.0.2.0/24]}'), 'allow'],
  ['spec.externalCIDRs, of the older version', group('spec: {externalCIDRs: [192.0.2.0/24]}', 'v2alpha1'), 'allow'],
  ['spec.externalCIDRs, another', group('spec: {externalCIDRs: [198.51.100.0/24]}'), 'deny'],
  ['spec.externalCIDRs, empty', group('spec: {externalCIDRs: []}'), 'deny'],
  ['spec, absent', group('metadata2: {}'), 'deny'],
])('CiliumCIDRGroup %s', (_field, objects, verdict) => {
  expect(ask(shop(byName, { objects }), 'ip:192.0.2.1 > shop/back 1')).toBe(
    verdict === 'allow' ? 'allow: outside-cluster, rule p ingress[0]' : 'deny: outside-cluster, default-deny p',
  );
});
