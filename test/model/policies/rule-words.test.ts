import { expect, it } from 'vitest';
import { ruleWords, subjectWords } from '../../../src/model/policies/rule-words.ts';
import { ccnp, cnp, np, shop } from './shop.ts';

const BACK = 'endpointSelector: {matchLabels: {app: back}}';
const NODES = { config: { 'enable-node-selector-labels': 'true' } };

const said: [string, string[]][] = [
  [
    cnp(
      `{${BACK}, ingress: [{fromEndpoints: [{matchLabels: {app: front}}], toPorts: [{ports: [{port: "8080", protocol: TCP}, {port: http, protocol: TCP}], rules: {http: [{method: GET, path: /api}]}}]}]}`,
    ),
    ['from pods app=front in namespace shop to 8080/TCP and http/TCP; HTTP is inspected (GET /api)'],
  ],
  [
    cnp(`{${BACK}, ingress: [{fromEntities: [host, remote-node]}, {fromEntities: [world, cluster]}]}`),
    [
      'from any node to every port',
      'from the world outside the cluster, or from anything in the cluster, its nodes too, to every port',
    ],
  ],
  [
    cnp(`{${BACK}, ingress: [{}], egress: [{}]}`),
    ['isolates in ingress, allows nothing', 'isolates in egress, allows nothing'],
  ],
  [
    cnp(`{${BACK}, enableDefaultDeny: {ingress: false}, ingress: [{}, {fromEntities: [all]}]}`),
    ['names nobody: it has no effect', 'from anybody to every port; isolates nobody in ingress'],
  ],
  [
    cnp(`{${BACK}, ingress: [{fromEndpoints: []}]}`),
    ['isolates in ingress, allows nothing; fromEndpoints: an empty list selects nobody'],
  ],
  [
    cnp(
      `{${BACK}, ingressDeny: [{fromEndpoints: [{matchLabels: {app: cart, "k8s:io.kubernetes.pod.namespace": pay}}], toPorts: [{ports: [{port: "53"}]}]}], egressDeny: [{toCIDRSet: [{cidr: 10.0.0.0/8, except: [10.1.0.0/16]}]}]}`,
    ),
    [
      'denies from pods app=cart in namespace pay to 53 (any protocol)',
      'denies to addresses 10.0.0.0/8 except 10.1.0.0/16 on every port',
    ],
  ],
  [
    cnp(
      `{${BACK}, egress: [{toFQDNs: [{matchName: api.example.com}, {matchPattern: "*.example.org"}], toPorts: [{ports: [{port: "443", protocol: TCP}]}]}, {toEndpoints: [{matchLabels: {"k8s:io.kubernetes.pod.namespace": kube-system, k8s-app: kube-dns}}], toPorts: [{ports: [{port: "53", protocol: UDP}], rules: {dns: [{matchPattern: "*"}]}}]}]}`,
    ),
    [
      'to what api.example.com resolves to, or to names like *.example.org, on 443/TCP',
      'to pods k8s-app=kube-dns in namespace kube-system on 53/UDP; DNS queries are inspected (*)',
    ],
  ],
  [
    cnp(
      `{${BACK}, egress: [{toServices: [{k8sService: {serviceName: db, namespace: pay}}]}, {toGroups: [{aws: {}}]}, {toCIDR: [0.0.0.0/0, "::/0"]}, {toCIDRSet: [{cidrGroupRef: office}]}]}`,
    ),
    [
      'to service pay/db on every port',
      'to a cloud group (what a cloud group holds is not known here) on every port',
      'to any IPv4 address outside the cluster, or to any IPv6 address outside the cluster, on every port',
      'to the addresses of CIDR group office on every port',
    ],
  ],
  [
    cnp(
      `{${BACK}, ingress: [{icmps: [{fields: [{type: EchoRequest}, {type: 128, family: IPv6}]}]}, {fromEndpoints: [{matchExpressions: [{key: app, operator: NotIn, values: [a, b]}]}], authentication: {mode: required}, toPorts: [{ports: [{port: "8000", endPort: 8010, protocol: UDP}, {port: "0", protocol: TCP}]}]}]}`,
    ),
    [
      'from anybody to ICMP type 8 and ICMPv6 type 128',
      'from pods app notin (a,b) in namespace shop to 8000-8010/UDP and every TCP port; both ends must prove who they are (mutual authentication)',
    ],
  ],
  [
    cnp(
      `{${BACK}, ingress: [{fromEndpoints: [{}], toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{}, {method: GET}, {path: /a}, {path: /b}, {path: /c}]}}, {ports: [{port: "81", protocol: TCP}]}]}, {fromNodes: [{matchLabels: {pool: web}}]}]}`,
    ),
    [
      'from all pods in namespace shop to 80/TCP and 81/TCP; on 80/TCP HTTP is inspected (anything, GET, /a, /b and 1 more)',
      'from nodes pool=web to every port',
    ],
  ],
  [
    ccnp(
      `{endpointSelector: {}, ingress: [{fromEndpoints: [{}]}, {fromEndpoints: [{matchLabels: {"k8s:io.cilium.k8s.namespace.labels.team": sales, "k8s:io.cilium.k8s.policy.serviceaccount": clerk}}]}, {fromEndpoints: [{matchLabels: {"reserved:host": ""}}]}]}`,
    ),
    [
      'from all pods in any namespace to every port',
      'from all pods of service account clerk in namespaces with team=sales to every port',
      'from its own node to every port',
    ],
  ],
  [
    np(
      '{podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{from: [{namespaceSelector: {}}, {podSelector: {matchLabels: {app: x}}, namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: pay}}}, {ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: http}]}]}',
    ),
    [
      'from all pods in any namespace, or from pods app=x in namespace pay, or from addresses 10.0.0.0/8, to http/TCP',
      'isolates in egress, allows nothing',
    ],
  ],
  [np('{podSelector: {}, ingress: [{}]}'), ['from anybody to every port']],
  [
    np(
      '{podSelector: {}, policyTypes: [Ingress], egress: [{to: [{namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [x]}]}}]}]}',
    ),
    [
      'isolates in ingress, allows nothing',
      'to anything with team notin (x) (nodes and the world too) on every port; stands outside policyTypes: Cilium takes it all the same',
    ],
  ],
  [
    cnp(`{${BACK}, ingress: [{fromEndpoints: [{}], fromPlanets: [mars]}]}`),
    ['from all pods in namespace shop to every port; there is no field fromPlanets; it has no effect'],
  ],
];

it.each(said)('says %s', (yaml, expected) => {
  const [policy] = shop(yaml, NODES).index.facts.policies;
  expect(policy?.rejected).toEqual([]);
  const rules = policy?.specs.flatMap((spec) => spec.rules) ?? [];
  expect(rules.map((rule) => ruleWords(rule, policy?.remarks))).toEqual(expected);
});

it('says only the first of very many peers', () => {
  const cidrs = Array.from({ length: 100 }, (_, index) => `10.0.${index}.0/24`);
  const [policy] = shop(cnp(`{${BACK}, egress: [{toCIDR: [${cidrs.join(', ')}]}]}`)).index.facts.policies;
  const [rule] = policy?.specs[0]?.rules ?? [];
  expect(rule && ruleWords(rule)).toMatch(/^to addresses 10\.0\.0\.0\/24, .* and 92 more, on every port$/);
});

it.each([
  [cnp(`{${BACK}, ingress: [{}]}`), 'pods app=back in namespace shop'],
  [np('{podSelector: {}}'), 'all pods in namespace shop'],
  [ccnp('{endpointSelector: {}, ingress: [{}]}'), 'all pods'],
  [ccnp('{nodeSelector: {matchLabels: {pool: web}}, ingress: [{}]}'), 'nodes pool=web (a host policy)'],
])('says whom %s is about', (yaml, expected) => {
  const [spec] = shop(yaml).index.facts.policies[0]?.specs ?? [];
  expect(spec && subjectWords(spec)).toBe(expected);
});
