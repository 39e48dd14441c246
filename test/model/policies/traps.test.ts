import { expect, it } from 'vitest';
import { ask, ccnp, cnp, np, parse, type Setting, shop } from './shop.ts';

// What people trip over, paragraph by paragraph of the domain's chapter on policies: a case each, named by its place.

type Trap = {
  policies: string;
  setting?: Setting;
  asks?: Readonly<Record<string, string>>;
  /** Question → a note that comes with its answer. */
  notes?: Readonly<Record<string, RegExp>>;
  remark?: RegExp;
  refused?: RegExp;
};

const BACK = 'endpointSelector: {matchLabels: {app: back}}';
const FRONT = 'endpointSelector: {matchLabels: {app: front}}';
const into = (rules: string) => cnp(`{${BACK}, ingress: [${rules}]}`);
const out = (rules: string) => cnp(`{${FRONT}, egress: [${rules}]}`);
const toBack = (rules: string) => np(`{podSelector: {matchLabels: {app: back}}, ingress: [${rules}]}`);
const F = 'shop/front > shop/back';
const C = 'shop/cart > shop/back';
const WORLD = 'ip:198.51.100.1 > shop/back';
const IN = 'allow: not-isolated, rule p ingress[0]';
const NOT_IN = 'deny: not-isolated, default-deny p';
const OUT = 'allow: rule p egress[0], not-isolated';
const NOT_OUT = 'deny: default-deny p, not-isolated';
const FREE = 'allow: not-isolated, not-isolated';
const UNKNOWN_IN = 'unknown: not-isolated, unknown';
const UNKNOWN_OUT = 'unknown: unknown, outside-cluster';
const web = `{kind: Service, metadata: {name: web, namespace: shop}, spec: {clusterIP: 10.7.0.9, selector: {app: back}, ports: [{port: 80, targetPort: http}]}}`;

const traps: Readonly<Record<string, Trap>> = {
  '§0.2 the only version of the policies is cilium.io/v2': {
    policies: into('{}').replace('cilium.io/v2', 'cilium.io/v1alpha1'),
    refused: /served as cilium.io\/v2/,
    asks: { [`${F} 1`]: FREE },
  },
  '§0.3 the annotations of the seed text switch nothing': {
    policies: into('{fromEntities: [all]}').replace(
      'name: p',
      'name: p, annotations: {io.cilium.network-policy.k8s.io/strict: "true"}',
    ),
    remark: /annotation/,
    asks: { [`${F} 1`]: IN },
  },
  '§0.19 an ipBlock does not let nodes in, an entity does': {
    policies: toBack('{from: [{ipBlock: {cidr: 10.9.0.0/24}}]}') + into('{fromEntities: [remote-node]}'),
    asks: { 'kube-system/agent > shop/back 1': IN, 'ip:10.9.0.2 > shop/back 1': IN },
  },
  '§0.19 and without the entity they are denied': {
    policies: toBack('{from: [{ipBlock: {cidr: 10.9.0.0/24}}]}'),
    asks: { 'kube-system/agent > shop/back 1': 'deny: not-isolated, default-deny n' },
  },
  '§3 CIDR groups are served under two versions, in each the same': {
    policies: into('{fromCIDRSet: [{cidrGroupRef: a}, {cidrGroupRef: b}]}'),
    setting: {
      objects: `{apiVersion: cilium.io/v2, kind: CiliumCIDRGroup, metadata: {name: a}, spec: {externalCIDRs: [192.0.2.0/24]}}
---
{apiVersion: cilium.io/v2alpha1, kind: CiliumCIDRGroup, metadata: {name: b}, spec: {externalCIDRs: [198.51.100.0/24]}}`,
    },
    asks: {
      [`${WORLD} 1`]: 'allow: outside-cluster, rule p ingress[0]',
      'ip:192.0.2.1 > shop/back 1': 'allow: outside-cluster, rule p ingress[0]',
    },
  },
  '§7.1.1 a pod has the labels of its namespace, its service account and its cluster': {
    policies: into(
      '{fromEndpoints: [{matchLabels: {"k8s:io.kubernetes.pod.namespace": shop, "k8s:io.cilium.k8s.namespace.labels.team": sales, "k8s:io.cilium.k8s.policy.serviceaccount": clerk, "k8s:io.cilium.k8s.policy.cluster": blue}}]}',
    ),
    setting: { config: { 'cluster-name': 'blue' } },
    asks: { [`${F} 1`]: IN, [`${C} 1`]: NOT_IN },
  },
  '§7.1.1 of another cluster’s name it has none': {
    policies: into('{fromEndpoints: [{matchLabels: {"k8s:io.cilium.k8s.policy.cluster": green}}]}'),
    setting: { config: { 'cluster-name': 'blue' } },
    asks: { [`${F} 1`]: NOT_IN },
  },
  '§7.1.1 a label that identities leave out is not seen': {
    policies: into('{fromEndpoints: [{matchLabels: {tier: web}}]}'),
    setting: { config: { labels: '!tier' } },
    asks: { [`${F} 1`]: NOT_IN },
  },
  '§7.1.2 the same agent is host to a pod beside it and remote-node to others': {
    policies: into('{fromEntities: [remote-node]}'),
    setting: { config: { 'allow-localhost': 'policy' } },
    asks: { 'kube-system/agent > shop/back 1': IN, 'kube-system/agent-1 > shop/back 1': NOT_IN },
  },
  '§7.1.2 the API server is kube-apiserver, and a node besides': {
    policies:
      into('{fromEntities: [kube-apiserver]}') +
      cnp(`{${FRONT}, ingress: [{fromEntities: [remote-node]}]}`, { name: 'q' }),
    asks: {
      'entity:kube-apiserver > shop/back 1': 'allow: outside-cluster, rule p ingress[0]',
      'entity:kube-apiserver > shop/front 1': 'allow: outside-cluster, rule q ingress[0]',
    },
  },
  '§7.1.2 with two address families the world has two names, and the entity means both': {
    policies:
      into('{fromEntities: [world]}') +
      cnp(`{${FRONT}, ingress: [{fromEndpoints: [{matchLabels: {"reserved:world-ipv6": ""}}]}]}`, { name: 'q' }),
    setting: { config: { 'enable-ipv4': 'true', 'enable-ipv6': 'true' } },
    asks: {
      [`${WORLD} 1`]: 'allow: outside-cluster, rule p ingress[0]',
      'ip:2001:db8::1 > shop/back 1': 'allow: outside-cluster, rule p ingress[0]',
      'ip:2001:db8::1 > shop/front 1': 'allow: outside-cluster, rule q ingress[0]',
      'ip:198.51.100.1 > shop/front 1': 'deny: outside-cluster, default-deny q',
    },
  },
  '§7.1.2 with one it has one': {
    policies: into('{fromEndpoints: [{matchLabels: {"reserved:world-ipv4": ""}}]}'),
    setting: { config: { 'enable-ipv4': 'true', 'enable-ipv6': 'false' } },
    asks: { [`${WORLD} 1`]: 'deny: outside-cluster, default-deny p' },
  },
  '§7.1.2 a pod that Cilium does not manage is nobody’s but unmanaged': {
    policies: into('{fromEntities: [unmanaged]}'),
    asks: { 'entity:unmanaged > shop/back 1': 'allow: outside-cluster, rule p ingress[0]', [`${F} 1`]: NOT_IN },
  },
  '§7.1.3 policies see the port of the pod, never the service’s': {
    policies: out('{toEndpoints: [{matchLabels: {app: back}}], toPorts: [{ports: [{port: "8081"}]}]}'),
    setting: { objects: web },
    asks: { 'shop/front > ip:10.7.0.9 80': OUT },
  },
  '§7.1.3 a rule with the service’s port lets nothing by': {
    policies: out('{toEndpoints: [{matchLabels: {app: back}}], toPorts: [{ports: [{port: "80"}]}]}'),
    setting: { objects: web },
    asks: { 'shop/front > ip:10.7.0.9 80': NOT_OUT },
  },
  '§7.1.3 nor does one with the service’s address': {
    policies: out('{toCIDR: [10.7.0.9/32]}'),
    setting: { objects: web },
    asks: { 'shop/front > ip:10.7.0.9 80': NOT_OUT },
  },
  '§7.1.4 what the source may send the target may still refuse': {
    policies: out('{toEntities: [all]}') + np('{podSelector: {matchLabels: {app: back}}}'),
    asks: { [`${F} 1`]: 'deny: rule p egress[0], default-deny n' },
  },
  '§7.1.5 enforcement never': {
    policies: cnp(`{${BACK}, ingressDeny: [{fromEntities: [all]}]}`),
    setting: { config: { 'enable-policy': 'never' } },
    asks: { [`${F} 1`]: FREE },
  },
  '§7.1.5 enforcement always': {
    policies: into('{fromEntities: [all]}'),
    setting: { config: { 'enable-policy': 'always' } },
    asks: {
      [`${WORLD} 1`]: 'allow: outside-cluster, rule p ingress[0]',
      'shop/back > shop/cart 1': 'deny: default-deny, default-deny',
    },
  },
  '§7.1.5 the host is free while its firewall is off': {
    policies: ccnp('{nodeSelector: {}, ingressDeny: [{fromEntities: [all]}]}'),
    asks: { 'shop/front > kube-system/agent 1': FREE },
  },
  '§7.1.5 a pod without identity yet is denied without any policy': {
    policies: '',
    asks: { 'entity:init > shop/back 1': 'deny: default-deny, not-isolated' },
  },
  '§7.1.5 without default deny a deny still bites, and everything else passes': {
    policies: cnp(
      `{${BACK}, enableDefaultDeny: {ingress: false}, ingressDeny: [{fromEndpoints: [{matchLabels: {app: cart}}]}]}`,
    ),
    asks: {
      [`${C} 1`]: 'deny: not-isolated, explicit-deny p ingressDeny[0]',
      [`${WORLD} 1`]: 'allow: outside-cluster, not-isolated',
    },
  },
  '§7.1.5 probes of the own node reach a pod that denies everything, those of another do not': {
    policies: np('{podSelector: {matchLabels: {app: back}}}'),
    asks: {
      'entity:host > shop/back 1': 'allow: not-isolated, local-host',
      'entity:remote-node > shop/back 1': 'deny: not-isolated, default-deny n',
    },
  },
  '§7.1.5 the way to the own node is not implied': {
    policies: np('{podSelector: {matchLabels: {app: back}}, policyTypes: [Egress]}'),
    asks: { 'shop/back > entity:host 1': 'deny: default-deny n, not-isolated' },
  },
  '§7.1.5 a broad deny wins over the narrowest allow': {
    policies:
      into('{fromEndpoints: [{matchLabels: {app: front}}], toPorts: [{ports: [{port: "80", protocol: TCP}]}]}') +
      ccnp('{endpointSelector: {}, ingressDeny: [{fromEntities: [cluster]}]}'),
    asks: { [`${F} 80`]: 'deny: not-isolated, explicit-deny c ingressDeny[0]' },
  },
  '§7.1.5 layer 7 is bypassed by a plain rule for the same peer and port': {
    policies: into(
      '{fromEndpoints: [{}], toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{path: /}]}}]}, {fromEndpoints: [{matchLabels: {app: cart}}], toPorts: [{ports: [{port: "80"}]}]}',
    ),
    asks: { [`${F} 80`]: `${IN} via http`, [`${C} 80`]: IN },
  },
  '§7.1.5 kinds have no order among them: what any allows is allowed': {
    policies:
      toBack('{from: [{podSelector: {matchLabels: {app: cart}}}]}') +
      into('{fromEndpoints: [{matchLabels: {app: front}}]}') +
      ccnp('{endpointSelector: {matchLabels: {app: back}}, ingress: [{fromEntities: [world]}]}'),
    asks: {
      [`${C} 1`]: 'allow: not-isolated, rule n ingress[0]',
      [`${F} 1`]: IN,
      [`${WORLD} 1`]: 'allow: outside-cluster, rule c ingress[0]',
      'pay/bank > shop/back 1': 'deny: not-isolated, default-deny n+p+c',
    },
  },
  '§7.1.6 a name that no address was learned for': {
    policies: out('{toFQDNs: [{matchName: a.b}]}'),
    asks: { 'shop/front > fqdn:a.b 443': UNKNOWN_OUT },
    notes: { 'shop/front > fqdn:a.b 443': /the address of a.b is not known/ },
  },
  '§7.1.6 a cloud group, a service that is not there, mutual authentication': {
    policies:
      out('{toGroups: [{aws: {}}]}') +
      into('{fromEntities: [all], authentication: {mode: required}}').replace('name: p', 'name: q') +
      cnp(
        '{endpointSelector: {matchLabels: {app: cart}}, egress: [{toServices: [{k8sService: {serviceName: x, namespace: y}}]}]}',
        { name: 'r' },
      ),
    asks: {
      'shop/front > ip:192.0.2.1 1': UNKNOWN_OUT,
      'pay/bank > shop/back 1': UNKNOWN_IN,
      'shop/cart > pay/bank 1': 'unknown: unknown, not-isolated',
    },
    notes: { 'pay/bank > shop/back 1': /mutual authentication/, 'shop/cart > pay/bank 1': /service y\/x is not known/ },
  },
  '§7.1.6 an endpoint whose labels are not the pod’s': {
    policies: into('{fromEndpoints: [{matchLabels: {app: late}}]}'),
    setting: {
      objects: `{kind: Pod, metadata: {name: late, namespace: shop, labels: {app: late}}, spec: {containers: []}, status: {podIP: 10.8.0.30}}
---
{kind: CiliumEndpoint, metadata: {name: late, namespace: shop}, status: {identity: {id: 9, labels: ["k8s:app=early", "k8s:io.kubernetes.pod.namespace=shop"]}}}`,
    },
    asks: { 'shop/late > shop/back 1': 'unknown: unknown, unknown' },
  },
  '§7.1.6 a policy that the cluster calls invalid': {
    policies: `{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: p, namespace: shop}, spec: {${BACK}, ingress: [{}]}, status: {conditions: [{type: Valid, status: "False", message: no}]}}`,
    asks: { [`${F} 1`]: UNKNOWN_IN },
    notes: { [`${F} 1`]: /its status says it is not valid: no/ },
  },
  '§7.1.6 a version nobody knows, where it matters and where it does not': {
    policies: toBack('{ports: [{port: 80, endPort: 90}]}'),
    setting: { version: '' },
    asks: { [`${F} 85`]: UNKNOWN_IN, [`${F} 91`]: 'deny: not-isolated, default-deny n' },
  },
  '§7.2 a podSelector stays in its namespace, {} is all of it': {
    policies: np('{podSelector: {}, policyTypes: [Ingress]}'),
    asks: { [`${F} 1`]: 'deny: not-isolated, default-deny n', 'shop/front > pay/bank 1': FREE },
  },
  '§7.2 pods of the host’s network are never selected': {
    policies: np('{podSelector: {}, policyTypes: [Ingress, Egress]}', { namespace: 'kube-system' }),
    asks: { 'shop/front > kube-system/agent 1': FREE, 'kube-system/agent > shop/front 1': FREE },
  },
  '§7.2 without policyTypes ingress is isolated even by a policy that only writes egress': {
    policies: np('{podSelector: {matchLabels: {app: back}}, egress: [{}]}'),
    asks: {
      [`${F} 1`]: 'deny: not-isolated, default-deny n',
      'shop/back > shop/front 1': 'allow: rule n egress[0], not-isolated',
    },
  },
  '§7.2 rules outside policyTypes: Cilium takes them, and it is said': {
    policies: np(
      '{podSelector: {matchLabels: {app: back}}, policyTypes: [Egress], ingress: [{from: [{podSelector: {matchLabels: {app: cart}}}]}]}',
    ),
    asks: { [`${F} 1`]: 'deny: not-isolated, default-deny n', [`${C} 1`]: 'allow: not-isolated, rule n ingress[0]' },
    notes: { [`${C} 1`]: /outside its policyTypes/ },
    remark: /policyTypes leaves Ingress out/,
  },
  '§7.2 no peers is everybody, no ports is every port': {
    policies: toBack('{from: [], ports: []}'),
    asks: {
      [`${WORLD} 7/UDP`]: 'allow: outside-cluster, rule n ingress[0]',
      'entity:remote-node > shop/back 1': 'allow: not-isolated, rule n ingress[0]',
    },
  },
  '§7.2 an empty namespaceSelector is every pod, not the host, not the world': {
    policies: toBack('{from: [{namespaceSelector: {}}]}'),
    asks: {
      'kube-system/dns > shop/back 1': 'allow: not-isolated, rule n ingress[0]',
      [`${WORLD} 1`]: 'deny: outside-cluster, default-deny n',
      'entity:remote-node > shop/back 1': 'deny: not-isolated, default-deny n',
    },
  },
  '§7.2 two selectors in one item are both asked for': {
    policies: toBack(
      '{from: [{namespaceSelector: {matchLabels: {team: money}}, podSelector: {matchLabels: {tier: web}}}]}',
    ),
    asks: {
      'pay/audit > shop/back 1': 'allow: not-isolated, rule n ingress[0]',
      'pay/bank > shop/back 1': 'deny: not-isolated, default-deny n',
      [`${F} 1`]: 'deny: not-isolated, default-deny n',
    },
  },
  '§7.2 as two items either will do': {
    policies: toBack(
      '{from: [{namespaceSelector: {matchLabels: {team: money}}}, {podSelector: {matchLabels: {tier: web}}}]}',
    ),
    asks: {
      'pay/bank > shop/back 1': 'allow: not-isolated, rule n ingress[0]',
      [`${F} 1`]: 'allow: not-isolated, rule n ingress[0]',
    },
  },
  '§7.2 NotIn and DoesNotExist match what has no such label': {
    policies: toBack('{from: [{podSelector: {matchExpressions: [{key: tier, operator: NotIn, values: [web]}]}}]}'),
    asks: { [`${C} 1`]: 'allow: not-isolated, rule n ingress[0]', [`${F} 1`]: 'deny: not-isolated, default-deny n' },
  },
  '§7.2 a port without protocol is TCP': {
    policies: toBack('{ports: [{port: 80}]}'),
    asks: {
      [`${F} 80`]: 'allow: not-isolated, rule n ingress[0]',
      [`${F} 80/UDP`]: 'deny: not-isolated, default-deny n',
    },
  },
  '§7.2 a named port of ingress is the subject’s, of egress each peer’s': {
    policies:
      toBack('{ports: [{port: http}]}') +
      np('{podSelector: {matchLabels: {app: cart}}, policyTypes: [Egress], egress: [{ports: [{port: http}]}]}', {
        name: 'm',
      }),
    asks: {
      [`${F} 8081`]: 'allow: not-isolated, rule n ingress[0]',
      [`${F} 8080`]: 'deny: not-isolated, default-deny n',
      'shop/cart > pay/bank 8080': 'allow: rule m egress[0], not-isolated',
      'shop/cart > pay/audit 8080': 'deny: default-deny m, not-isolated',
    },
  },
  '§7.2 SCTP that is switched off is said to be': {
    policies: toBack('{ports: [{port: 80, protocol: SCTP}]}'),
    setting: { config: { 'enable-sctp': 'false' } },
    notes: { [`${F} 80/SCTP`]: /SCTP is switched off/ },
  },
  '§7.2 one empty rule is everybody, no rule is nobody': {
    policies:
      toBack('{}') +
      np('{podSelector: {matchLabels: {app: cart}}, policyTypes: [Ingress], ingress: []}', { name: 'm' }),
    asks: {
      [`${F} 1`]: 'allow: not-isolated, rule n ingress[0]',
      'shop/front > shop/cart 1': 'deny: not-isolated, default-deny m',
    },
  },
  '§7.2 what comes through a load balancer may come from a node': {
    policies: into('{fromEntities: [world]}'),
    asks: { [`${WORLD} 1`]: 'allow: outside-cluster, rule p ingress[0]', 'entity:remote-node > shop/back 1': NOT_IN },
  },
  '§7.3 neither spec nor specs': {
    policies: '{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: p, namespace: shop}}',
    refused: /neither spec nor specs/,
  },
  '§7.3 a rule without any direction': { policies: cnp(`{${BACK}}`), refused: /at least one of ingress/ },
  '§7.3 a nodeSelector in a namespace': {
    policies: cnp('{nodeSelector: {}, ingress: [{fromEntities: [all]}]}'),
    refused: /cannot have a nodeSelector/,
  },
  '§7.3 fromEndpoints without a namespace is the policy’s own': {
    policies: into('{fromEndpoints: [{matchLabels: {tier: web}}]}'),
    asks: { [`${F} 1`]: IN, 'pay/audit > shop/back 1': NOT_IN },
  },
  '§7.3 with a namespace, or a label of one, it is that': {
    policies: into(
      '{fromEndpoints: [{matchLabels: {"k8s:io.kubernetes.pod.namespace": pay}}, {matchLabels: {"any:io.cilium.k8s.namespace.labels.env": live}}]}',
    ),
    asks: { 'pay/bank > shop/back 1': IN, [`${F} 1`]: IN, 'kube-system/dns > shop/back 1': NOT_IN },
  },
  '§7.3 reserved labels are left alone': {
    policies: into('{fromEndpoints: [{matchLabels: {"reserved:remote-node": ""}}]}'),
    asks: { 'entity:remote-node > shop/back 1': IN, [`${F} 1`]: NOT_IN },
  },
  '§7.3 a clusterwide policy means pods of every namespace, and only pods': {
    policies: ccnp(`{${BACK}, ingress: [{fromEndpoints: [{}]}]}`),
    asks: {
      'pay/bank > shop/back 1': 'allow: not-isolated, rule c ingress[0]',
      'entity:remote-node > shop/back 1': 'deny: not-isolated, default-deny c',
      [`${WORLD} 1`]: 'deny: outside-cluster, default-deny c',
    },
  },
  '§7.3 but one about pods that have no labels yet does not ask for a namespace': {
    policies: ccnp('{endpointSelector: {matchLabels: {"reserved:init": ""}}, ingress: [{fromEndpoints: [{}]}]}'),
    asks: { 'entity:remote-node > entity:init 1': 'allow: not-isolated, rule c ingress[0]' },
  },
  '§7.3 two ways to name peers in one rule': {
    policies: out('{toFQDNs: [{matchName: a.b}], toEntities: [world]}'),
    refused: /combining toEntities and toFQDNs/,
    asks: { 'shop/front > shop/back 1': FREE },
  },
  '§7.3 an empty list of peers is nobody, an absent one with ports is everybody': {
    policies: into('{fromEndpoints: [], toPorts: [{ports: [{port: "80"}]}]}, {toPorts: [{ports: [{port: "81"}]}]}'),
    asks: { [`${F} 80`]: NOT_IN, [`${WORLD} 81`]: 'allow: outside-cluster, rule p ingress[1]' },
    remark: /an empty list selects nobody/,
  },
  '§7.3 an empty rule isolates and allows nobody': { policies: into('{}'), asks: { [`${F} 1`]: NOT_IN } },
  '§7.3 one empty selector is the namespace': {
    policies: into('{fromEndpoints: [{}]}'),
    asks: { [`${F} 1`]: IN, 'pay/bank > shop/back 1': NOT_IN },
  },
  '§7.3 the cluster is everything inside, its nodes and its own endpoints as well': {
    policies: into('{fromEntities: [cluster]}'),
    asks: {
      'pay/bank > shop/back 1': IN,
      'entity:health > shop/back 1': IN,
      'entity:ingress > shop/back 1': IN,
      'entity:remote-node > shop/back 1': IN,
      [`${WORLD} 1`]: 'deny: outside-cluster, default-deny p',
    },
  },
  '§7.3 names: a star stays within one label': {
    policies: out('{toFQDNs: [{matchPattern: "*.b.c"}]}'),
    asks: {
      'shop/front > fqdn:a.b.c@192.0.2.1 1': 'allow: rule p egress[0], outside-cluster',
      'shop/front > fqdn:b.c@192.0.2.1 1': 'deny: default-deny p, outside-cluster',
      'shop/front > fqdn:x.a.b.c@192.0.2.1 1': 'deny: default-deny p, outside-cluster',
    },
  },
  '§7.3 names: two stars go deeper': {
    policies: out('{toFQDNs: [{matchPattern: "**.b.c"}]}'),
    asks: { 'shop/front > fqdn:x.a.b.c@192.0.2.1 1': 'allow: rule p egress[0], outside-cluster' },
  },
  '§7.3 names are learned only where a rule shows Cilium the DNS': {
    policies: out('{toFQDNs: [{matchName: a.b}]}'),
    notes: { 'shop/front > fqdn:a.b@192.0.2.1 1': /no rule of this pod’s policies shows it its DNS/ },
  },
  '§7.3 a name that leads into the cluster is no name': {
    policies: out('{toFQDNs: [{matchName: a.b}]}'),
    asks: { 'shop/front > fqdn:a.b@10.8.0.2 1': NOT_OUT },
  },
  '§7.3 more than forty ports': {
    policies: into(`{toPorts: [{ports: [${Array(41).fill('{port: "1"}').join()}]}]}`),
    refused: /max is 40/,
  },
  '§7.3 layer 7 for other than TCP': {
    policies: into('{toPorts: [{ports: [{port: "80", protocol: ANY}], rules: {http: [{}]}}]}'),
    refused: /only apply to TCP/,
  },
  '§7.3 DNS rules on ingress': {
    policies: into('{toPorts: [{ports: [{port: "53"}], rules: {dns: [{matchPattern: "*"}]}}]}'),
    refused: /not allowed on ingress/,
  },
  '§7.3 layer 7 in a deny rule is dropped: the deny is broader than it looks': {
    policies: cnp(
      `{${BACK}, ingressDeny: [{fromEntities: [all], toPorts: [{ports: [{port: "80"}], rules: {http: [{path: /x}]}}]}]}`,
    ),
    asks: { [`${F} 80`]: 'deny: not-isolated, explicit-deny p ingressDeny[0]' },
    remark: /no field rules/,
  },
  '§7.3 layer 7 in a host policy': {
    policies: ccnp(
      '{nodeSelector: {}, ingress: [{toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{}]}}]}]}',
    ),
    refused: /host policies do not support L7/,
  },
  '§7.3 ports never let a ping by, icmps do': {
    policies:
      into('{fromEndpoints: [{}], toPorts: [{ports: [{port: "0"}]}]}') +
      into('{fromEndpoints: [{}], icmps: [{fields: [{type: 8}]}]}').replace('name: p', 'name: q'),
    asks: {
      [`${F} 8/ICMP`]: 'allow: not-isolated, rule q ingress[0]',
      [`${F} 0/ICMP`]: 'deny: not-isolated, default-deny p+q',
    },
  },
  '§7.3 icmps beside ports': {
    policies: into('{icmps: [{fields: [{type: 8}]}], toPorts: [{ports: [{port: "80"}]}]}'),
    refused: /icmps may only stand without/,
  },
  '§7.3 a policy that only denies isolates': {
    policies: cnp(`{${BACK}, ingressDeny: [{fromEndpoints: [{matchLabels: {app: cart}}]}]}`),
    asks: { [`${F} 1`]: NOT_IN },
  },
  '§7.3 of two policies one that isolates is enough': {
    policies:
      cnp(
        `{${BACK}, enableDefaultDeny: {ingress: false}, ingressDeny: [{fromEndpoints: [{matchLabels: {app: cart}}]}]}`,
      ) + cnp(`{${BACK}, ingress: [{fromEntities: [world]}]}`, { name: 'q' }),
    asks: { [`${F} 1`]: 'deny: not-isolated, default-deny q' },
  },
  '§7.4 a CIDR of everything is nobody inside, to allow': {
    policies: out('{toCIDR: [0.0.0.0/0]}'),
    asks: {
      [`${F} 1`]: NOT_OUT,
      'shop/front > ip:10.9.0.2 1': NOT_OUT,
      'shop/front > ip:192.0.2.1 1': 'allow: rule p egress[0], outside-cluster',
    },
  },
  '§7.4 and to deny': {
    policies: cnp(`{${FRONT}, enableDefaultDeny: {egress: false}, egressDeny: [{toCIDR: [0.0.0.0/0]}]}`),
    asks: { [`${F} 1`]: FREE, 'shop/front > ip:192.0.2.1 1': 'deny: explicit-deny p egressDeny[0], outside-cluster' },
  },
  '§7.4 with policy-cidr-match-mode nodes it selects nodes, and still no pods': {
    policies: out('{toCIDR: [10.8.0.0/15]}'),
    setting: { config: { 'policy-cidr-match-mode': 'nodes' } },
    asks: { 'shop/front > kube-system/agent 1': OUT, [`${F} 1`]: NOT_OUT },
  },
  '§7.4 with pods it selects pods': {
    policies: out('{toCIDR: [10.8.0.0/15]}'),
    setting: { config: { 'policy-cidr-match-mode': 'pods' } },
    asks: { [`${F} 1`]: OUT, 'shop/front > kube-system/agent 1': NOT_OUT },
  },
  '§7.4 for the pods an ipBlock meant there is the empty namespaceSelector': {
    policies: toBack('{from: [{ipBlock: {cidr: 0.0.0.0/0}}, {namespaceSelector: {}, podSelector: {}}]}'),
    asks: {
      [`${F} 1`]: 'allow: not-isolated, rule n ingress[0]',
      'entity:remote-node > shop/back 1': 'deny: not-isolated, default-deny n',
    },
  },
  '§7.4 a resolver on the node is a CIDR and the host': {
    policies: out('{toCIDR: [169.254.10.0/24]}, {toEntities: [host]}'),
    asks: {
      'shop/front > ip:169.254.10.11 53/UDP': 'allow: rule p egress[0], outside-cluster',
      'shop/front > entity:host 53/UDP': 'allow: rule p egress[1], not-isolated',
    },
  },
  '§7.4 the metadata service is in the world': {
    policies: cnp(`{${FRONT}, enableDefaultDeny: {egress: false}, egressDeny: [{toCIDR: [169.254.169.254/32]}]}`),
    asks: { 'shop/front > ip:169.254.169.254 80': 'deny: explicit-deny p egressDeny[0], outside-cluster' },
  },
  '§7.5 nodes cannot be told apart as peers': {
    policies: into('{fromNodes: [{matchLabels: {pool: agents}}]}'),
    refused: /enable-node-selector-labels/,
  },
  '§7.5 without its proxy layer 7 and names are refused': {
    policies: into('{toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{}]}}]}'),
    setting: { config: { 'enable-l7-proxy': 'false' } },
    refused: /needs? the L7 proxy/,
  },
  '§7.6 policies with an order of their own leave those they are about unknown': {
    policies: `{apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: {name: t}, spec: {tier: Baseline, priority: 1, subject: {namespaces: {matchLabels: {team: sales}}}, ingress: [{action: Deny, from: []}]}}`,
    asks: { [`${F} 1`]: UNKNOWN_IN, 'shop/front > pay/bank 1': FREE },
  },
};

it.each(Object.entries(traps))('domain %s', (_title, { policies, setting, asks = {}, notes = {}, remark, refused }) => {
  const engine = shop(policies, setting);
  const read = engine.index.facts.policies;
  const answers = Object.keys(asks).map((question) => [question, ask(engine, question)]);
  expect(Object.fromEntries(answers)).toEqual(asks);
  for (const [question, note] of Object.entries(notes)) {
    expect(engine.ask(parse(question)).notes.join('\n')).toMatch(note);
  }
  if (remark) expect(read.flatMap(({ remarks }) => remarks.map(({ text }) => text)).join('\n')).toMatch(remark);
  if (refused) expect(read.flatMap(({ rejected }) => rejected).join('\n')).toMatch(refused);
  else expect(read.flatMap(({ rejected }) => rejected)).toEqual([]);
});
