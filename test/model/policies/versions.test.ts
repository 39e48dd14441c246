import { describe, expect, it } from 'vitest';
import { ask, cnp, np, type Setting, shop } from './shop.ts';

// The same policy under versions below and above a change of Cilium, and under each way to set what cilium-config says.

const BACK = 'endpointSelector: {matchLabels: {app: back}}';
const into = (rules: string) => cnp(`{${BACK}, ingress: [${rules}]}`);
const out = (rules: string) => cnp(`{endpointSelector: {matchLabels: {app: front}}, egress: [${rules}]}`);
const F = 'shop/front > shop/back';

const IN = 'allow: not-isolated, rule p ingress[0]';
const NOT_IN = 'deny: not-isolated, default-deny p';
const MAYBE_IN = 'unknown: not-isolated, unknown';
const OUT = 'allow: rule p egress[0], not-isolated';
const NOT_OUT = 'deny: default-deny p, not-isolated';
const MAYBE_OUT = 'unknown: unknown, not-isolated';
const FREE = 'allow: not-isolated, not-isolated';

const range = np('{podSelector: {matchLabels: {app: back}}, ingress: [{ports: [{port: 80, endPort: 90}]}]}');
const ciliumRange = into('{toPorts: [{ports: [{port: "80", endPort: 90}]}]}');
const named = out('{toEntities: [all], toPorts: [{ports: [{port: http, protocol: TCP}]}]}');
const lone = out('{toEntities: [all], toPorts: [{ports: [{port: metrics, protocol: TCP}]}]}');
const service = out(
  '{toServices: [{k8sService: {serviceName: bank, namespace: pay}}], toPorts: [{ports: [{port: "8080"}]}]}',
);
const bank = '{kind: Service, metadata: {name: bank, namespace: pay}, spec: {selector: {app: bank}}}';
const kafka = into(
  '{fromEndpoints: [{}], toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {kafka: [{topic: t}]}}]}',
);
const mesh = into('{fromEntities: [cluster-mesh]}');

describe('versions', () => {
  it.each<[what: string, version: string, policies: string, question: string, answer: string, objects?: string]>([
    ['endPort', '1.16.19', range, `${F} 85`, 'deny: not-isolated, default-deny n'],
    ['endPort, its first port', '1.16.19', range, `${F} 80`, 'allow: not-isolated, rule n ingress[0]'],
    ['endPort', '1.17.0', range, `${F} 85`, 'allow: not-isolated, rule n ingress[0]'],
    ['endPort', '', range, `${F} 85`, MAYBE_IN],
    ['endPort of Cilium’s own', '1.16.19', ciliumRange, `${F} 85`, NOT_IN],
    ['endPort of Cilium’s own', '1.17.0', ciliumRange, `${F} 85`, IN],
    ['endPort, as AKS tags its images', 'v1.16.19-250129', range, `${F} 85`, 'deny: not-isolated, default-deny n'],
    ['endPort, as AKS tags its images', 'v1.17.17-260701', range, `${F} 85`, 'allow: not-isolated, rule n ingress[0]'],
    ['endPort, of a minor alone', '1.16', range, `${F} 85`, 'deny: not-isolated, default-deny n'],
    ['endPort, of a minor alone', '1.17', range, `${F} 85`, 'allow: not-isolated, rule n ingress[0]'],
    ['a port name with several numbers', '1.19.6', named, `${F} 8081`, MAYBE_OUT],
    ['a port name with several numbers', '1.20.0', named, `${F} 8081`, OUT],
    ['a port name with several numbers', '1.20.0', named, `${F} 8080`, NOT_OUT],
    ['a port name with one number', '1.19.6', lone, 'shop/front > shop/cart 9090', NOT_OUT],
    ['a service beside ports', '1.19.6', service, 'shop/front > pay/bank 8080', MAYBE_OUT, bank],
    ['a service beside ports', '1.20.0', service, 'shop/front > pay/bank 8080', OUT, bank],
    ['a service beside ports, another port', '1.20.0', service, 'shop/front > pay/bank 1', NOT_OUT, bank],
    ['Kafka', '1.19.6', kafka, `${F} 80`, `${IN} via kafka`],
    ['Kafka', '1.20.0', kafka, `${F} 80`, MAYBE_IN],
    ['the entity cluster-mesh, refused', '1.19.6', mesh, `${F} 80`, FREE],
    ['the entity cluster-mesh', '1.20.0', mesh, `${F} 80`, MAYBE_IN],
  ])('%s in "%s"', (_what, version, policies, question, answer, objects) => {
    expect(ask(shop(policies, { version, ...(objects ? { objects } : {}) }), question)).toBe(answer);
  });
});

const everybody = into('{fromEntities: [all]}');
const nobody = into('{}');
const nodes = into('{fromCIDR: [10.9.0.0/24]}');
const podRange = into('{fromCIDR: [10.8.0.0/24]}');
const world = into('{fromEntities: [world]}');
const six = into('{fromCIDR: ["2001:db8::/32"]}');
const everySix = into('{fromCIDR: ["::/0"]}');
const everyFour = into('{fromCIDR: [0.0.0.0/0]}');
const DUAL = { 'enable-ipv4': 'true', 'enable-ipv6': 'true' };
const AGENT = 'kube-system/agent > shop/back 1';
const cluster = into('{fromEntities: [cluster]}');
const closed = np('{podSelector: {matchLabels: {app: back}}}');

describe('cilium-config', () => {
  it.each<[what: string, config: Setting['config'], policies: string, question: string, answer: string]>([
    ['enable-policy, absent', {}, nobody, `${F} 1`, NOT_IN],
    ['enable-policy default', { 'enable-policy': 'default' }, nobody, 'shop/front > shop/cart 1', FREE],
    [
      'enable-policy always',
      { 'enable-policy': 'always' },
      everybody,
      `${F} 1`,
      'deny: default-deny, rule p ingress[0]',
    ],
    [
      'enable-policy always, no policy',
      { 'enable-policy': 'always' },
      '',
      'ip:192.0.2.1 > shop/back 1',
      'deny: outside-cluster, default-deny',
    ],
    [
      'enable-policy always, the own node',
      { 'enable-policy': 'always' },
      '',
      'entity:host > shop/back 1',
      'allow: not-isolated, local-host',
    ],
    ['enable-policy Always', { 'enable-policy': 'Always' }, '', `${F} 1`, 'deny: default-deny, default-deny'],
    ['enable-policy never', { 'enable-policy': 'never' }, nobody, `${F} 1`, FREE],
    ['policy-cidr-match-mode, empty', { 'policy-cidr-match-mode': '' }, nodes, AGENT, NOT_IN],
    ['policy-cidr-match-mode nodes', { 'policy-cidr-match-mode': 'nodes' }, nodes, AGENT, IN],
    ['policy-cidr-match-mode nodes, a pod', { 'policy-cidr-match-mode': 'nodes' }, podRange, `${F} 1`, NOT_IN],
    ['policy-cidr-match-mode pods', { 'policy-cidr-match-mode': 'pods' }, podRange, `${F} 1`, IN],
    ['policy-cidr-match-mode pods, a node', { 'policy-cidr-match-mode': 'pods' }, nodes, AGENT, NOT_IN],
    ['policy-cidr-match-mode of both', { 'policy-cidr-match-mode': 'nodes,pods' }, nodes, AGENT, IN],
    ['policy-cidr-match-mode of both', { 'policy-cidr-match-mode': 'nodes pods' }, podRange, `${F} 1`, IN],
    [
      'one family',
      { 'enable-ipv4': 'true' },
      world,
      'ip:198.51.100.1 > shop/back 1',
      'allow: outside-cluster, rule p ingress[0]',
    ],
    ['two families', DUAL, world, 'ip:198.51.100.1 > shop/back 1', 'allow: outside-cluster, rule p ingress[0]'],
    ['two families', DUAL, world, 'ip:2001:db8::9 > shop/back 1', 'allow: outside-cluster, rule p ingress[0]'],
    [
      'two families, a range of one',
      DUAL,
      six,
      'ip:2001:db8::9 > shop/back 1',
      'allow: outside-cluster, rule p ingress[0]',
    ],
    [
      'two families, a range of one',
      DUAL,
      six,
      'ip:198.51.100.1 > shop/back 1',
      'deny: outside-cluster, default-deny p',
    ],
    [
      'two families, all of one',
      DUAL,
      everySix,
      'ip:198.51.100.1 > shop/back 1',
      'deny: outside-cluster, default-deny p',
    ],
    [
      'two families, all of the other',
      DUAL,
      everyFour,
      'ip:2001:db8::9 > shop/back 1',
      'deny: outside-cluster, default-deny p',
    ],
    ['allow-localhost, absent', {}, closed, 'entity:host > shop/back 1', 'allow: not-isolated, local-host'],
    [
      'allow-localhost auto',
      { 'allow-localhost': 'auto' },
      closed,
      'entity:host > shop/back 1',
      'allow: not-isolated, local-host',
    ],
    [
      'allow-localhost policy',
      { 'allow-localhost': 'policy' },
      closed,
      'entity:host > shop/back 1',
      'deny: not-isolated, default-deny n',
    ],
    ['enable-k8s-networkpolicy false', { 'enable-k8s-networkpolicy': 'false' }, closed, `${F} 1`, FREE],
    ['enable-cilium-network-policy false', { 'enable-cilium-network-policy': 'false' }, nobody, `${F} 1`, FREE],
    ['cluster-name', { 'cluster-name': 'blue' }, cluster, 'pay/bank > shop/back 1', IN],
    [
      'policy-default-local-cluster',
      { 'policy-default-local-cluster': 'true', 'cluster-name': 'blue' },
      into('{fromEndpoints: [{}]}'),
      `${F} 1`,
      IN,
    ],
    [
      'enable-icmp-rules false',
      { 'enable-icmp-rules': 'false' },
      into('{icmps: [{fields: [{type: 8}]}]}'),
      `${F} 1`,
      FREE,
    ],
    [
      'enable-l7-proxy true',
      { 'enable-l7-proxy': 'true' },
      into('{toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{}]}}]}'),
      `${F} 80`,
      `${IN} via http`,
    ],
    [
      'enable-l7-proxy false',
      { 'enable-l7-proxy': 'false' },
      into('{toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{}]}}]}'),
      `${F} 80`,
      FREE,
    ],
    [
      'mesh-auth-enabled does not lift a doubt',
      { 'mesh-auth-enabled': 'false' },
      into('{fromEndpoints: [{}], authentication: {mode: required}}'),
      `${F} 1`,
      MAYBE_IN,
    ],
  ])('%s', (_what, config, policies, question, answer) => {
    expect(ask(shop(policies, config ? { config } : {}), question)).toBe(answer);
  });
});
