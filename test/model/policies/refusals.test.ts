import { expect, it } from 'vitest';
import { ccnp, cnp, np, type Setting, shop } from './shop.ts';

const BACK = 'endpointSelector: {matchLabels: {app: back}}';
const ingress = (rule: string) => cnp(`{${BACK}, ingress: [${rule}]}`);
const egress = (rule: string) => cnp(`{${BACK}, egress: [${rule}]}`);
const port = (text: string, more = '') => `{toPorts: [{ports: [${text}]${more}}]}`;

// Refused by the API server or by Cilium: not in force, with the reason.
it.each<[string, string, RegExp, Setting?]>([
  [
    'two ways of naming peers',
    ingress('{fromEndpoints: [{}], fromEntities: [world]}'),
    /combining fromEndpoints and fromEntities/,
  ],
  [
    'names beside a CIDR',
    egress('{toFQDNs: [{matchName: a.b}], toCIDR: [192.0.2.0/24]}'),
    /combining toCIDR and toFQDNs/,
  ],
  ['no entity', ingress('{fromEntities: [moon]}'), /ingress\[0\].fromEntities\[0\]: unsupported entity: moon/],
  ['no CIDR', ingress('{fromCIDR: [300.0.0.0/8]}'), /"300.0.0.0\/8" is no CIDR/],
  ['an address without length in a set', ingress('{fromCIDRSet: [{cidr: 192.0.2.1}]}'), /no CIDR with a prefix length/],
  ['an except outside', ingress('{fromCIDRSet: [{cidr: 192.0.2.0/24, except: [10.0.0.0/8]}]}'), /does not lie within/],
  ['a CIDR and a group', ingress('{fromCIDRSet: [{cidr: 192.0.2.0/24, cidrGroupRef: x}]}'), /exactly one of cidr/],
  [
    'ICMP beside ports',
    ingress('{toPorts: [{ports: [{port: "1"}]}], icmps: [{fields: [{type: 8}]}]}'),
    /icmps may only stand without/,
  ],
  ['no ICMP type', ingress('{icmps: [{fields: [{type: Ping}]}]}'), /"Ping" is no ICMP type/],
  ['a port that is a number', ingress(port('{port: 80}')), /port must be given, as a string/],
  ['no port', ingress(port('{port: "70000"}')), /is no port/],
  ['no protocol', ingress(port('{port: "80", protocol: tcp}')), /protocol "tcp"/],
  ['too many ports', ingress(port(Array(41).fill('{port: "80"}').join(','))), /max is 40/],
  ['HTTP without TCP', ingress(port('{port: "80"}', ', rules: {http: [{}]}')), /only apply to TCP \(not ANY\)/],
  ['HTTP at port 0', ingress(port('{port: "0", protocol: TCP}', ', rules: {http: [{}]}')), /port 0/],
  [
    'DNS rules on ingress',
    ingress(port('{port: "53"}', ', rules: {dns: [{matchPattern: "*"}]}')),
    /not allowed on ingress/,
  ],
  [
    'DNS rules with a range',
    egress(port('{port: "53", endPort: 54}', ', rules: {dns: [{matchPattern: "*"}]}')),
    /port ranges/,
  ],
  [
    'two kinds of layer 7',
    egress(port('{port: "80", protocol: TCP}', ', rules: {http: [{}], kafka: [{}]}')),
    /more than one type/,
  ],
  [
    'layer 7 without the proxy',
    egress(port('{port: "80", protocol: TCP}', ', rules: {http: [{}]}')),
    /not enabled/,
    { config: { 'enable-l7-proxy': 'false' } },
  ],
  [
    'ICMP rules where they are off',
    ingress('{icmps: [{fields: [{type: 8}]}]}'),
    /enable-icmp-rules/,
    { config: { 'enable-icmp-rules': 'false' } },
  ],
  ['nodes as peers where they are off', egress('{toNodes: [{}]}'), /enable-node-selector-labels/],
  ['a bad pattern of names', egress('{toFQDNs: [{matchPattern: "a b"}]}'), /no name or pattern/],
  ['a name and a pattern', egress('{toFQDNs: [{matchName: a.b, matchPattern: "*.b"}]}'), /exactly one of matchName/],
  ['no subject', cnp('{ingress: [{}]}'), /must have one of endpointSelector/],
  ['two subjects', ccnp('{endpointSelector: {}, nodeSelector: {}, ingress: [{}]}'), /cannot have both/],
  ['nodes as subject of a namespace’s policy', cnp('{nodeSelector: {}, ingress: [{}]}'), /cannot have a nodeSelector/],
  ['no rules', cnp(`{${BACK}}`), /at least one of ingress/],
  [
    'an operator nobody knows',
    ingress('{fromEndpoints: [{matchExpressions: [{key: a, operator: Like, values: [b]}]}]}'),
    /"Like" is no operator/,
  ],
  ['In without values', ingress('{fromEndpoints: [{matchExpressions: [{key: a, operator: In}]}]}'), /needs values/],
  ['a label key with a blank', ingress('{fromEndpoints: [{matchLabels: {"a b": x}}]}'), /"a b" is no label key/],
  [
    'a label key in capitals before the slash',
    cnp('{endpointSelector: {matchExpressions: [{key: "k8s:Foo.example/x", operator: Exists}]}, ingress: [{}]}'),
    /no label key/,
  ],
  ['a label key of a NetworkPolicy', np('{podSelector: {matchLabels: {"k8s:app": x}}}'), /"k8s:app" is no label key/],
  [
    'a DNS rule without a name',
    egress(port('{port: "53"}', ', rules: {dns: [{}]}')),
    /exactly one of matchName and matchPattern/,
  ],
  [
    'a DNS rule with what is no pattern',
    egress(port('{port: "53"}', ', rules: {dns: [{matchPattern: "a b"}]}')),
    /"a b" is no name or pattern/,
  ],
  [
    'two kinds of layer 7, one of them empty',
    egress(port('{port: "80", protocol: TCP}', ', rules: {http: [], dns: [{matchPattern: "*"}]}')),
    /more than one type/,
  ],
  [
    'a kind that the agents do not look at',
    np('{podSelector: {}}'),
    /told not to look at any NetworkPolicy/,
    { config: { 'enable-k8s-networkpolicy': 'false' } },
  ],
  ['a label value that is a number', ingress('{fromEndpoints: [{matchLabels: {a: 1}}]}'), /must be a string/],
  ['a list that is none', cnp(`{${BACK}, ingress: {}}`), /spec.ingress: must be a list/],
  [
    'no spec',
    '{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: p, namespace: shop}}',
    /neither spec nor specs/,
  ],
  [
    'a version nobody serves',
    cnp(`{${BACK}, ingress: [{}]}`).replace('cilium.io/v2', 'cilium.io/v1alpha1'),
    /served as cilium.io\/v2/,
  ],
  [
    'a block beside a selector',
    np('{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}]}]}'),
    /cannot stand beside/,
  ],
  ['an empty peer', np('{podSelector: {}, ingress: [{from: [{}]}]}'), /must specify a peer/],
  ['an endPort below', np('{podSelector: {}, ingress: [{ports: [{port: 80, endPort: 70}]}]}'), /not below port/],
  [
    'an endPort of a name',
    np('{podSelector: {}, ingress: [{ports: [{port: http, endPort: 90}]}]}'),
    /beside a port name/,
  ],
  ['no policy type', np('{podSelector: {}, policyTypes: [ingress]}'), /"ingress" is no type/],
])('refuses %s', (_title, policies, reason, setting) => {
  const [policy] = shop(policies, setting).index.facts.policies;
  expect(policy?.rejected.join('\n')).toMatch(reason);
  expect(policy?.specs).toEqual([]);
});

it.each<[string, string, Setting?]>([
  [
    'every field of an allow rule',
    egress(
      '{toEndpoints: [{}], authentication: {mode: disabled}, toPorts: [{ports: [{port: "80", protocol: TCP}], terminatingTLS: {secret: {name: x}}, originatingTLS: {secret: {name: x}}, serverNames: [a.b], rules: {http: [{path: /}]}}]}',
    ),
  ],
  [
    'a listener',
    egress(
      '{toEndpoints: [{}], toPorts: [{ports: [{port: "80", protocol: TCP}], listener: {name: l, envoyConfig: {name: e}}}]}',
    ),
  ],
  [
    'nodes as peers where they are on',
    egress('{toNodes: [{matchLabels: {pool: web}}]}'),
    { config: { 'enable-node-selector-labels': 'true' } },
  ],
  [
    'a clusterwide host policy',
    ccnp('{nodeSelector: {}, description: d, labels: [{key: a}], ingress: [{fromEntities: [cluster]}]}'),
  ],
  [
    'null where nothing is meant',
    cnp(`{${BACK}, ingress: [{fromEndpoints: null, fromEntities: [all]}], egress: null}`),
  ],
])('takes %s without a remark', (_title, policies, setting) => {
  const [policy] = shop(policies, setting).index.facts.policies;
  expect([policy?.rejected, policy?.remarks]).toEqual([[], []]);
});

it('remarks on fields that have no effect', () => {
  const policies = cnp(`{${BACK}, ingres: [], egressDeny: [{toFQDNs: [{matchName: a.b}], toEndpoints: [{}]}]}`);
  const [policy] = shop(policies).index.facts.policies;
  expect(policy?.remarks.map(({ path, text }) => `${path}: ${text}`)).toEqual([
    'spec: there is no field ingres; it has no effect',
    'spec.egressDeny[0]: there is no field toFQDNs; it has no effect',
  ]);
});
