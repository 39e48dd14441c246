// Lints that judge a policy by the cluster it stands in: by what Azure carries, by services, nodes, identities, changes.
import { describe, expect, it } from 'vitest';
import { groundOf } from '../../../src/checks/policies/ground.ts';
import { lints } from '../../../src/checks/policies/index.ts';
import { blindness, lintAll } from '../../../src/checks/policies/linter.ts';
import { ccnp, cnp, np, type Setting, shop } from '../../model/policies/shop.ts';

const BACK = 'endpointSelector: {matchLabels: {app: back}}';
const FRONT = 'endpointSelector: {matchLabels: {app: front}}';
const http = `{${BACK}, ingress: [{fromEndpoints: [{}], toPorts: [{ports: [{port: "8081", protocol: TCP}], rules: {http: [{method: GET}]}}]}]}`;
const dnsRule = (pattern: string) =>
  `{toEndpoints: [{matchLabels: {k8s:io.kubernetes.pod.namespace: kube-system, k8s-app: kube-dns}}], toPorts: [{ports: [{port: "53"}], rules: {dns: [{matchPattern: "${pattern}"}]}}]}`;
const names = (pattern = '*.a.b') => `{${FRONT}, egress: [${dnsRule(pattern)}, {toFQDNs: [{matchPattern: "*.a.b"}]}]}`;

const agent = '{kind: DaemonSet, metadata: {name: cilium, namespace: kube-system}}\n---\n';
const security = (...containers: string[]) =>
  `{kind: DaemonSet, metadata: {name: acns-security-agent, namespace: kube-system}, spec: {template: {spec: {containers: [${containers.map((name) => `{name: ${name}}`).join(', ')}]}}}}\n---\n`;

/** Azure's Cilium with its proxies as cilium-config says, and these DaemonSets. */
function aks(proxy: 'true' | 'false', objects = ''): Setting {
  return { config: { ipam: 'delegated-plugin', 'enable-l7-proxy': proxy }, objects };
}
const byo: Setting = { config: { ipam: 'cluster-pool', 'enable-l7-proxy': 'true' } };

const open = (more: string) =>
  `{kind: Service, metadata: {name: web, namespace: shop}, spec: {type: LoadBalancer, selector: {app: front}, ports: [{port: 80, targetPort: http}]${more}}}`;
const inside = open('').replace('LoadBalancer', 'ClusterIP');

const metricsServer =
  '{kind: Pod, metadata: {name: ms, namespace: shop, labels: {k8s-app: metrics-server}}, spec: {nodeName: node-1, containers: [{name: c}]}, status: {podIP: 10.8.0.20}}';

/** The back's pod with an identity of its own. */
const identity = (labels: string) =>
  `{kind: CiliumEndpoint, metadata: {name: back, namespace: shop}, status: {identity: {id: 4711}}}
---
{kind: CiliumIdentity, metadata: {name: "4711"}, security-labels: {"k8s:io.kubernetes.pod.namespace": shop, ${labels}}}`;

function lint(policies: string, setting?: Setting): string[] {
  return lintAll(groundOf(shop(policies, setting).index)).map(
    ({ lint: { id }, object, lapse: { path, text } }) => `${id} ${object.name} ${path}: ${text}`,
  );
}

const only = (id: string, lines: readonly string[]) =>
  lines.filter((line) => line.startsWith(`policies/${id} `)).map((line) => line.slice(`policies/${id} `.length));

const noHttp = 'has layer 7 rules, and Advanced Container Networking Services do not carry them here';
const noNames = 'goes by names, and Advanced Container Networking Services are not on here';

describe('says', () => {
  it.each<[string, string, string, string[], Setting?]>([
    ['HTTP, no proxy at all', 'l7-without-acns', cnp(http), [`p spec.ingress[0].toPorts[0]: ${noHttp}`], aks('false')],
    [
      'HTTP, a security agent without Envoy',
      'l7-without-acns',
      cnp(http),
      [`p spec.ingress[0]: ${noHttp}`],
      aks('true', agent + security('acns-security-agent')),
    ],
    [
      'names, no proxy at all',
      'fqdn-without-acns',
      cnp(names()),
      [`p spec.egress[0].toPorts[0]: ${noNames}`],
      aks('false'),
    ],
    [
      'names, no security agent',
      'fqdn-without-acns',
      cnp(names()),
      [`p spec.egress[0]: ${noNames}`, `p spec.egress[1]: ${noNames}`],
      aks('true', agent),
    ],
    [
      'every name, which AKS refuses',
      'fqdn-wildcard-unsupported',
      cnp(names('*')),
      ['p spec.egress[0]: lets every name through (matchPattern "*"), which AKS does not support'],
      aks('true', agent + security('acns-security-agent')),
    ],
    [
      'a load balancer before isolated pods',
      'load-balancer-now-filtered',
      np('{podSelector: {}}'),
      ['n spec: service shop/web is open to the outside, and nothing lets the outside in to its pods’ port 8080/TCP'],
      { objects: open('') },
    ],
    [
      'a load balancer, and its port open for the cluster alone',
      'load-balancer-now-filtered',
      cnp(
        `{${FRONT}, ingress: [{fromEntities: [world], toPorts: [{ports: [{port: "9090"}]}]}, {fromEndpoints: [{}]}]}`,
      ),
      ['p spec: service shop/web is open to the outside, and nothing lets the outside in to its pods’ port 8080/TCP'],
      { objects: open('') },
    ],
    [
      'external addresses are the outside, too',
      'load-balancer-now-filtered',
      np('{podSelector: {}}'),
      ['n spec: service shop/web is open to the outside, and nothing lets the outside in to its pods’ port 8080/TCP'],
      { objects: open(', externalIPs: [192.0.2.1]').replace('LoadBalancer', 'ClusterIP') },
    ],
    [
      'metrics-server without its nodes',
      'kubelet-egress-blocked',
      np('{podSelector: {}, policyTypes: [Egress]}'),
      ['n spec: shop/ms asks kubelets for metrics, and may not reach its node on 10250/TCP'],
      { objects: metricsServer },
    ],
    [
      'kubelets by their addresses',
      'kubelet-egress-blocked',
      np('{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.9.0.0/24}}], ports: [{port: 10250}]}]}'),
      ['n spec.egress[0]: means nodes on 10250/TCP, and the pods’ own node is not among what it allows'],
    ],
    [
      'node exporters of the other nodes only',
      'kubelet-egress-blocked',
      cnp(`{${FRONT}, egress: [{toEntities: [remote-node], toPorts: [{ports: [{port: "9100", protocol: TCP}]}]}]}`),
      ['p spec.egress[0]: means nodes on 9100/TCP, and the pods’ own node is not among what it allows'],
    ],
    [
      'the node’s DNS cache by its address alone',
      'kubelet-egress-blocked',
      cnp(`{${FRONT}, egress: [{toCIDR: [169.254.10.0/24], toPorts: [{ports: [{port: "53"}]}]}]}`),
      ['p spec.egress[0]: means nodes on 53/UDP, and the pods’ own node is not among what it allows'],
    ],
    [
      'a map for six where there are six pods',
      'policy-map-pressure',
      np('{podSelector: {matchLabels: {app: back}}, ingress: [{from: [{namespaceSelector: {}}]}]}') +
        np('{podSelector: {matchLabels: {app: back}}, ingress: [{from: [{podSelector: {}}]}]}', { name: 'small' }),
      ['n spec.ingress[0]: ≈9 entries for shop/back, where a policy map holds 6; 6 of them by this policy'],
      { config: { 'bpf-policy-map-max': '6' } },
    ],
    [
      'an allow within a deny of its own',
      'shadowed-by-deny',
      cnp(
        `{${BACK}, ingress: [{fromEndpoints: [{matchLabels: {app: front}}], toPorts: [{ports: [{port: "80"}]}]}], ingressDeny: [{fromEndpoints: [{}]}]}`,
      ),
      ['p spec.ingress[0]: allows nothing: CiliumNetworkPolicy shop/p ingressDeny[0] denies all of it'],
    ],
    [
      'an allow within another policy’s deny',
      'shadowed-by-deny',
      np('{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.1.2.0/24}}]}]}') +
        ccnp('{endpointSelector: {}, egressDeny: [{toCIDR: [10.1.0.0/16]}]}'),
      ['n spec.egress[0]: allows nothing: CiliumClusterwideNetworkPolicy c egressDeny[0] denies all of it'],
    ],
    [
      'a label that identities leave out',
      'identity-labels-differ',
      np('{podSelector: {matchLabels: {app: back}}, ingress: [{from: [{podSelector: {}}]}]}'),
      ['n spec: by app: pod shop/back says back, its identity has no such label'],
      { objects: identity('"k8s:tier": web') },
    ],
    [
      'a label that an identity has otherwise',
      'identity-labels-differ',
      cnp(`{${FRONT}, ingress: [{fromEndpoints: [{matchLabels: {app: back}}]}]}`),
      ['p spec.ingress[0]: by app: pod shop/back says back, its identity says old'],
      { objects: identity('"k8s:app": old') },
    ],
    [
      'pods that policies of their namespace leave out',
      'namespace-without-default-deny',
      cnp(`{${BACK}, ingress: [{fromEndpoints: [{}]}]}`),
      ['shop policy: no policy isolates 2 of its 3 pods, front for one'],
    ],
  ])('%s', (_title, id, policies, expected, setting) => {
    expect(only(id, lint(policies, setting))).toEqual(expected);
  });

  it('an open namespace where the others are closed', () => {
    const namespaces = ['a', 'b', 'c', 'd'].map(
      (name) => `{kind: Pod, metadata: {name: p, namespace: ${name}}, spec: {containers: []}}\n---\n`,
    );
    const closed = ['a', 'b', 'c', 'shop', 'pay'].map((namespace) => np('{podSelector: {}}', { namespace }));
    const said = lint(closed.join(''), { objects: namespaces.join('') });
    expect(only('namespace-without-default-deny', said)).toEqual([
      'd policy: no policy isolates its pods: they take connections from everywhere',
    ]);
  });
});

describe('says nothing of', () => {
  it.each<[string, string, string, Setting?]>([
    [
      'HTTP where there is a proxy for it',
      'l7-without-acns',
      cnp(http),
      aks('true', agent + security('acns-security-agent', 'cilium-envoy')),
    ],
    ['HTTP where nobody knows who runs Cilium', 'l7-without-acns', cnp(http)],
    ['HTTP of a Cilium of one’s own', 'l7-without-acns', cnp(http), byo],
    ['HTTP where the DaemonSets were not read', 'l7-without-acns', cnp(http), aks('true')],
    ['DNS rules as HTTP', 'l7-without-acns', cnp(names()), aks('true', agent)],
    ['names with a security agent', 'fqdn-without-acns', cnp(names()), aks('true', agent + security('sdp'))],
    ['names of a Cilium of one’s own', 'fqdn-without-acns', cnp(names()), byo],
    ['every name of a Cilium of one’s own', 'fqdn-wildcard-unsupported', cnp(names('*')), byo],
    ['a domain’s names', 'fqdn-wildcard-unsupported', cnp(names()), aks('true')],
    ['a service of the cluster', 'load-balancer-now-filtered', np('{podSelector: {}}'), { objects: inside }],
    [
      'a load balancer with a rule for the world',
      'load-balancer-now-filtered',
      np('{podSelector: {}, ingress: [{ports: [{port: 8080}]}]}'),
      { objects: open('') },
    ],
    [
      'a load balancer with a rule for some of the world',
      'load-balancer-now-filtered',
      np('{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 203.0.113.0/24}}]}]}'),
      { objects: open('') },
    ],
    [
      'a load balancer whose nodes are let in',
      'load-balancer-now-filtered',
      cnp(`{${FRONT}, ingress: [{fromEntities: [remote-node, host]}]}`),
      { objects: open('') },
    ],
    [
      'a load balancer that somebody closed',
      'load-balancer-now-filtered',
      cnp(`{${FRONT}, ingress: [{fromEndpoints: [{}]}], ingressDeny: [{fromEntities: [world]}]}`),
      { objects: open('') },
    ],
    [
      'a load balancer before other pods',
      'load-balancer-now-filtered',
      cnp(`{${BACK}, ingress: [{}]}`),
      { objects: open('') },
    ],
    ['pods that ask no node', 'kubelet-egress-blocked', np('{podSelector: {}, policyTypes: [Egress]}')],
    [
      'metrics-server with its nodes',
      'kubelet-egress-blocked',
      cnp(
        '{endpointSelector: {}, egress: [{toEntities: [host, remote-node], toPorts: [{ports: [{port: "10250", protocol: TCP}]}]}]}',
      ),
      { objects: metricsServer },
    ],
    [
      'node exporters that are pods',
      'kubelet-egress-blocked',
      cnp(
        `{${FRONT}, egress: [{toEndpoints: [{matchLabels: {app: back}}], toPorts: [{ports: [{port: "9100", protocol: TCP}]}]}]}`,
      ),
    ],
    [
      'the node’s DNS cache with the node',
      'kubelet-egress-blocked',
      cnp(
        `{${FRONT}, egress: [{toCIDR: [169.254.10.0/24]}, {toEntities: [host], toPorts: [{ports: [{port: "53"}]}]}]}`,
      ),
    ],
    [
      'the internet, which holds that address, too',
      'kubelet-egress-blocked',
      np('{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}'),
    ],
    ['a map with room', 'policy-map-pressure', np('{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}')],
    [
      'an allow of which a deny takes a part',
      'shadowed-by-deny',
      cnp(
        `{${BACK}, ingress: [{fromEndpoints: [{}]}], ingressDeny: [{fromEndpoints: [{matchLabels: {app: front}}], toPorts: [{ports: [{port: "22"}]}]}]}`,
      ),
    ],
    [
      'an allow in the other direction',
      'shadowed-by-deny',
      cnp(`{${BACK}, egress: [{toEntities: [world]}], ingressDeny: [{fromEntities: [all]}]}`),
    ],
    [
      'a deny for some of the pods',
      'shadowed-by-deny',
      np('{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}') +
        cnp(`{${BACK}, ingressDeny: [{fromEntities: [all]}]}`),
    ],
    [
      'a range outside of the denied one',
      'shadowed-by-deny',
      cnp(`{${BACK}, egress: [{toCIDR: [10.0.0.0/8]}], egressDeny: [{toCIDR: [10.1.0.0/16]}]}`),
    ],
    [
      'labels that nobody selects by',
      'identity-labels-differ',
      np('{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: front}}}]}]}'),
      { objects: identity('"k8s:app": back') },
    ],
    [
      'a difference in another namespace',
      'identity-labels-differ',
      np('{podSelector: {matchLabels: {app: back}}}', { namespace: 'pay' }),
      { objects: identity('"k8s:tier": web') },
    ],
    ['a closed namespace', 'namespace-without-default-deny', np('{podSelector: {}}')],
    ['namespaces that nobody closes', 'namespace-without-default-deny', np('{podSelector: {}, policyTypes: [Egress]}')],
    [
      'the system’s own',
      'namespace-without-default-deny',
      np('{podSelector: {matchLabels: {app: x}}}', { namespace: 'kube-system' }),
    ],
  ])('%s', (_title, id, policies, setting) => {
    expect(only(id, lint(policies, setting))).toEqual([]);
  });
});

it('one refusal is told once, in the words of who sells what is missing', () => {
  const said = lint(cnp(http), aks('false')).filter((line) => !line.startsWith('policies/namespace'));
  expect(said.map((line) => line.split(' ')[0])).toEqual(['policies/l7-without-acns']);
});

it('says what it could not look at, and why', () => {
  const blind = (policies: string, setting?: Setting) => {
    const ground = groundOf(shop(policies, setting).index);
    return lints.map((one) => `${one.id} ${blindness(one, ground)}`).filter((line) => !line.endsWith(' '));
  };
  expect(blind('')).toEqual([
    'policies/l7-without-acns whether Azure runs this Cilium is not known',
    'policies/fqdn-without-acns whether Azure runs this Cilium is not known',
    'policies/fqdn-wildcard-unsupported whether Azure runs this Cilium is not known',
    'policies/load-balancer-now-filtered no services are known',
    'policies/changed-shortly-before nobody watched policies change',
  ]);
  expect(blind('', aks('true', open(''))).slice(0, 2)).toEqual([
    'policies/l7-without-acns whether Advanced Container Networking Services are on is not known',
    'policies/fqdn-without-acns whether Advanced Container Networking Services are on is not known',
  ]);
  expect(blind('', { ...byo, objects: open('') })).toEqual([
    'policies/changed-shortly-before nobody watched policies change',
  ]);
});
