import { describe, expect, it } from 'vitest';
import { ccnp, cnp, parse, type Setting, shop } from './shop.ts';

// Every field of CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy, by its path: it decides, it leaves a verdict
// unknown and says why, or the policy is refused and says so. What decides nothing is shown to decide nothing.

/** Question → what comes of it; or why the policy is not in force. */
type Expected = Readonly<Record<string, string>> | RegExp;
/** The spec but for its subject: shop/back for rules of ingress, shop/front for rules of egress. */
type Case = readonly [spec: string, expected: Expected, setting?: Setting];

const ALLOW = 'allow by a rule';
const DENY = 'deny for want of a rule';
const DENIED = 'deny by a rule';
const FREE = 'allow, not isolated';
const F = 'shop/front > shop/back';
const C = 'shop/cart > shop/back';
const http = (rule: string) =>
  `ingress: [{toPorts: [{ports: [{port: "8081", protocol: TCP}], rules: {http: [${rule}]}}]}]`;
const kafka = (rule: string) =>
  `egress: [{toPorts: [{ports: [{port: "9092", protocol: TCP}], rules: {kafka: [${rule}]}}]}]`;
const tls = (field: string) => `egress: [{toPorts: [{ports: [{port: "443", protocol: TCP}], ${field}}]}]`;
const OLD = { version: '1.18.11' };
const world = (port: string) => `shop/front > ip:198.51.100.1 ${port}`;
const groups = `{apiVersion: cilium.io/v2, kind: CiliumCIDRGroup, metadata: {name: office, labels: {site: north}}, spec: {externalCIDRs: [192.0.2.0/24]}}`;
const services = `{kind: Service, metadata: {name: bank, namespace: pay, labels: {of: money}}, spec: {selector: {app: bank}}}`;

const ofSpec: Readonly<Record<string, readonly Case[]>> = {
  description: [
    ['description: d, ingress: [{fromEntities: [all]}]', { [`${F} 1`]: ALLOW }],
    ['description: 7, ingress: [{fromEntities: [all]}]', /description: must be a string/],
  ],
  labels: [
    ['labels: [{key: a, source: k8s, value: b}], ingress: [{fromEntities: [all]}]', { [`${F} 1`]: ALLOW }],
    ['labels: [{value: b}], ingress: [{fromEntities: [all]}]', /labels\[0\].key: is required/],
  ],
  'log.value': [
    ['log: {value: v}, ingress: [{fromEntities: [all]}]', { [`${F} 1`]: ALLOW }],
    ['log: {value: []}, ingress: [{fromEntities: [all]}]', /log.value: must be a string/],
  ],
  'enableDefaultDeny.ingress': [
    ['ingress: [{fromEntities: [world]}]', { [`${F} 1`]: DENY }],
    ['enableDefaultDeny: {ingress: false}, ingress: [{fromEntities: [world]}]', { [`${F} 1`]: FREE }],
    ['enableDefaultDeny: {ingress: "false"}, ingress: [{}]', /enableDefaultDeny.ingress: must be true or false/],
  ],
  'enableDefaultDeny.egress': [
    ['egress: [{toEntities: [world]}]', { [`${F} 1`]: DENY }],
    ['enableDefaultDeny: {egress: false}, egress: [{toEntities: [world]}]', { [`${F} 1`]: FREE }],
    ['enableDefaultDeny: {ingress: false}, egress: [{toEntities: [world]}]', { [`${F} 1`]: DENY }],
  ],
  ingress: [
    ['ingress: [{}]', { [`${F} 1`]: DENY }],
    ['ingress: []', /at least one of ingress, ingressDeny, egress, egressDeny/],
  ],
  egress: [['egress: [{}]', { [`${F} 1`]: DENY, 'shop/back > shop/front 1': FREE }]],
  ingressDeny: [['ingressDeny: [{fromEntities: [all]}]', { [`${F} 1`]: DENIED }]],
  egressDeny: [['egressDeny: [{toEntities: [all]}]', { [`${F} 1`]: DENIED }]],
};

const ofIngress: Readonly<Record<string, readonly Case[]>> = {
  fromEndpoints: [
    ['ingress: [{fromEndpoints: [{matchLabels: {app: front}}]}]', { [`${F} 1`]: ALLOW, [`${C} 1`]: DENY }],
    [
      'ingress: [{fromEndpoints: [{matchExpressions: [{key: app, operator: In, values: [front]}]}]}]',
      { [`${F} 1`]: ALLOW, [`${C} 1`]: DENY },
    ],
    ['ingress: [{fromEndpoints: [{matchExpressions: [{operator: Exists}]}]}]', /a key is required/],
  ],
  fromRequires: [
    [
      'ingress: [{fromRequires: [{matchLabels: {app: front}}], fromEntities: [cluster]}]',
      {
        [`${F} 1`]: 'unknown: fromRequires and toRequires are not evaluated',
        'ip:198.51.100.1 > shop/back 1': DENY,
      },
    ],
  ],
  fromCIDR: [
    [
      'ingress: [{fromCIDR: [192.0.2.0/24]}]',
      { 'ip:192.0.2.9 > shop/back 1': ALLOW, 'ip:198.51.100.1 > shop/back 1': DENY },
    ],
  ],
  'fromCIDRSet.cidr': [
    [
      'ingress: [{fromCIDRSet: [{cidr: 192.0.2.0/24}]}]',
      { 'ip:192.0.2.9 > shop/back 1': ALLOW, 'ip:198.51.100.1 > shop/back 1': DENY },
    ],
  ],
  'fromCIDRSet.except': [
    [
      'ingress: [{fromCIDRSet: [{cidr: 192.0.2.0/24, except: [192.0.2.8/29]}]}]',
      { 'ip:192.0.2.9 > shop/back 1': DENY, 'ip:192.0.2.1 > shop/back 1': ALLOW },
    ],
  ],
  'fromCIDRSet.cidrGroupRef': [
    [
      'ingress: [{fromCIDRSet: [{cidrGroupRef: office}]}]',
      { 'ip:192.0.2.9 > shop/back 1': ALLOW, 'ip:198.51.100.1 > shop/back 1': DENY },
      { objects: groups },
    ],
    ['ingress: [{fromCIDRSet: [{cidrGroupRef: gone}]}]', { 'ip:192.0.2.9 > shop/back 1': DENY }, { objects: groups }],
  ],
  'fromCIDRSet.cidrGroupSelector': [
    [
      'ingress: [{fromCIDRSet: [{cidrGroupSelector: {matchLabels: {site: north}}}]}]',
      { 'ip:192.0.2.9 > shop/back 1': ALLOW },
      { objects: groups },
    ],
    [
      'ingress: [{fromCIDRSet: [{cidrGroupSelector: {matchLabels: {site: south}}}]}]',
      { 'ip:192.0.2.9 > shop/back 1': DENY },
      { objects: groups },
    ],
  ],
  fromEntities: [
    ['ingress: [{fromEntities: [remote-node]}]', { 'entity:remote-node > shop/back 1': ALLOW, [`${F} 1`]: DENY }],
    [
      'ingress: [{fromEntities: [cluster-mesh]}]',
      { [`${F} 1`]: 'unknown: what is in other clusters of the mesh is not known here' },
    ],
    ['ingress: [{fromEntities: [cluster-mesh]}]', /unsupported entity: cluster-mesh/, OLD],
  ],
  fromGroups: [
    [
      'ingress: [{fromGroups: [{aws: {labels: {a: b}, region: r, securityGroupsIds: [sg-1], securityGroupsNames: [n]}}]}]',
      {
        'ip:198.51.100.1 > shop/back 1': 'unknown: what a cloud group holds is not known here',
        'entity:remote-node > shop/back 1': DENY,
      },
    ],
  ],
  fromNodes: [
    ['ingress: [{fromNodes: [{matchLabels: {pool: agents}}]}]', /fromNodes needs enable-node-selector-labels/],
    [
      'ingress: [{fromNodes: [{matchLabels: {pool: agents}}]}]',
      { 'kube-system/agent > shop/back 1': ALLOW, [`${F} 1`]: DENY },
      { config: { 'enable-node-selector-labels': 'true' } },
    ],
    [
      'ingress: [{fromNodes: [{matchLabels: {pool: web}}]}]',
      { 'kube-system/agent > shop/back 1': DENY },
      { config: { 'enable-node-selector-labels': 'true' } },
    ],
  ],
  'authentication.mode': [
    ['ingress: [{fromEntities: [all], authentication: {mode: disabled}}]', { [`${F} 1`]: ALLOW }],
    [
      'ingress: [{fromEndpoints: [{matchLabels: {app: front}}], authentication: {mode: required}}]',
      { [`${F} 1`]: 'unknown: asks for mutual authentication (required)', [`${C} 1`]: DENY },
    ],
    [
      'ingress: [{fromEntities: [all], authentication: {mode: test-always-fail}}]',
      { [`${F} 1`]: 'unknown: asks for mutual authentication (test-always-fail)' },
    ],
    ['ingress: [{fromEntities: [all], authentication: {}}]', /authentication: mode "" is none/],
  ],
  'icmps.fields.type': [
    [
      'ingress: [{icmps: [{fields: [{type: 8}]}]}]',
      { [`${F} 8/ICMP`]: ALLOW, [`${F} 0/ICMP`]: DENY, [`${F} 8`]: DENY },
    ],
    ['ingress: [{icmps: [{fields: [{type: EchoRequest}]}]}]', { [`${F} 8/ICMP`]: ALLOW, [`${F} 0/ICMP`]: DENY }],
    ['ingress: [{icmps: [{fields: [{}]}]}]', /is no ICMP type/],
  ],
  'icmps.fields.family': [
    ['ingress: [{icmps: [{fields: [{family: IPv6, type: 128}]}]}]', { [`${F} 8/ICMP`]: DENY }],
    ['ingress: [{icmps: [{fields: [{family: IPv5, type: 8}]}]}]', /wrong family: IPv5/],
  ],
};

const ofEgress: Readonly<Record<string, readonly Case[]>> = {
  toEndpoints: [
    ['egress: [{toEndpoints: [{matchLabels: {app: back}}]}]', { [`${F} 1`]: ALLOW, 'shop/front > shop/cart 1': DENY }],
  ],
  toRequires: [
    [
      'egress: [{toRequires: [{matchLabels: {app: back}}], toEntities: [cluster]}]',
      { [`${F} 1`]: 'unknown: fromRequires and toRequires are not evaluated', [world('1')]: DENY },
    ],
  ],
  toCIDR: [['egress: [{toCIDR: [198.51.100.0/24]}]', { [world('1')]: ALLOW, 'shop/front > ip:192.0.2.1 1': DENY }]],
  'toCIDRSet.cidr': [['egress: [{toCIDRSet: [{cidr: 198.51.100.0/24}]}]', { [world('1')]: ALLOW, [`${F} 1`]: DENY }]],
  'toCIDRSet.except': [
    ['egress: [{toCIDRSet: [{cidr: 198.51.100.0/24, except: [198.51.100.0/28]}]}]', { [world('1')]: DENY }],
  ],
  'toCIDRSet.cidrGroupRef': [
    ['egress: [{toCIDRSet: [{cidrGroupRef: office}]}]', { 'shop/front > ip:192.0.2.1 1': ALLOW }, { objects: groups }],
  ],
  'toCIDRSet.cidrGroupSelector': [
    [
      'egress: [{toCIDRSet: [{cidrGroupSelector: {matchExpressions: [{key: site, operator: Exists}]}}]}]',
      { 'shop/front > ip:192.0.2.1 1': ALLOW, [world('1')]: DENY },
      { objects: groups },
    ],
  ],
  toEntities: [['egress: [{toEntities: [world]}]', { [world('1')]: ALLOW, [`${F} 1`]: DENY }]],
  toGroups: [
    [
      'egress: [{toGroups: [{aws: {region: r}}]}]',
      { [world('1')]: 'unknown: what a cloud group holds is not known here', 'shop/front > entity:host 1': DENY },
    ],
  ],
  toNodes: [
    ['egress: [{toNodes: [{matchLabels: {pool: agents}}]}]', /toNodes needs enable-node-selector-labels/],
    [
      'egress: [{toNodes: [{matchLabels: {pool: agents}}]}]',
      { 'shop/front > kube-system/agent 1': ALLOW, 'shop/front > kube-system/agent-1 1': DENY },
      { config: { 'enable-node-selector-labels': 'true' } },
    ],
  ],
  'toFQDNs.matchName': [
    [
      'egress: [{toFQDNs: [{matchName: api.example.com}]}]',
      {
        'shop/front > fqdn:api.example.com@192.0.2.1 443': ALLOW,
        'shop/front > fqdn:b.example.com@192.0.2.1 443': DENY,
        'shop/front > fqdn:api.example.com 443': 'unknown: the address of api.example.com is not known',
      },
    ],
  ],
  'toFQDNs.matchPattern': [
    [
      'egress: [{toFQDNs: [{matchPattern: "*.example.com"}]}]',
      {
        'shop/front > fqdn:a.example.com@192.0.2.1 443': ALLOW,
        'shop/front > fqdn:example.com@192.0.2.1 443': DENY,
        'shop/front > fqdn:a.b.example.com@192.0.2.1 443': DENY,
      },
    ],
  ],
  'toServices.k8sService': [
    [
      'egress: [{toServices: [{k8sService: {serviceName: bank, namespace: pay}}]}]',
      { 'shop/front > pay/bank 1': ALLOW, 'shop/front > pay/audit 1': DENY },
      { objects: services },
    ],
    [
      'egress: [{toServices: [{k8sService: {serviceName: gone, namespace: pay}}]}]',
      { 'shop/front > pay/bank 1': 'unknown: service pay/gone is not known here' },
      { objects: services },
    ],
    ['egress: [{toServices: [{k8sService: {}}]}]', /names no service/],
  ],
  'toServices.k8sServiceSelector': [
    [
      'egress: [{toServices: [{k8sServiceSelector: {namespace: pay, selector: {matchLabels: {of: money}}}}]}]',
      { 'shop/front > pay/bank 1': ALLOW, 'shop/front > pay/audit 1': DENY },
      { objects: services },
    ],
  ],
  'authentication.mode': [
    [
      'egress: [{toEntities: [all], authentication: {mode: required}}]',
      { [`${F} 1`]: 'unknown: asks for mutual authentication (required)' },
    ],
  ],
  icmps: [['egress: [{icmps: [{fields: [{type: 8}]}]}]', { [`${F} 8/ICMP`]: ALLOW, [`${F} 3/ICMP`]: DENY }]],
};

const ofToPorts: Readonly<Record<string, readonly Case[]>> = {
  'ports.port': [
    ['ingress: [{toPorts: [{ports: [{port: "80"}]}]}]', { [`${F} 80`]: ALLOW, [`${F} 81`]: DENY }],
    ['ingress: [{toPorts: [{ports: [{port: http}]}]}]', { [`${F} 8081`]: ALLOW, [`${F} 8080`]: DENY }],
    ['ingress: [{toPorts: [{ports: [{protocol: TCP}]}]}]', /port must be given/],
  ],
  'ports.endPort': [
    [
      'ingress: [{toPorts: [{ports: [{port: "80", endPort: 82}]}]}]',
      { [`${F} 82`]: ALLOW, [`${F} 83`]: DENY, [`${F} 79`]: DENY },
    ],
    ['ingress: [{toPorts: [{ports: [{port: "80", endPort: 70000}]}]}]', /endPort is no port number/],
  ],
  'ports.protocol': [
    [
      'ingress: [{toPorts: [{ports: [{port: "80", protocol: UDP}]}]}]',
      { [`${F} 80/UDP`]: ALLOW, [`${F} 80`]: DENY, [`${F} 80/SCTP`]: DENY },
    ],
    ['ingress: [{toPorts: [{ports: [{port: "80", protocol: ANY}]}]}]', { [`${F} 80/SCTP`]: ALLOW, [`${F} 80`]: ALLOW }],
    ['ingress: [{toPorts: [{ports: [{protocol: VRRP}]}]}]', /protocol "VRRP" is none/],
    [
      'ingress: [{toPorts: [{ports: [{protocol: VRRP}]}]}]',
      { [`${F} 80`]: DENY },
      { config: { 'enable-extended-ip-protocols': 'true' } },
    ],
  ],
  rules: [
    [
      'ingress: [{toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {}}]}]',
      /rules must name one of http, dns, kafka, l7proto/,
    ],
  ],
  'rules.http.method': [
    [http('{method: GET}'), { [`${F} 8081`]: `${ALLOW} via http`, [`${F} 80`]: DENY }],
    [http('{method: "("}'), /method: "\(" is no expression/],
  ],
  'rules.http.path': [
    [http('{path: /api}'), { [`${F} 8081`]: `${ALLOW} via http` }],
    [http('{path: "/a(?=b)"}'), /path: .* is no expression/],
  ],
  'rules.http.host': [[http('{host: a.b}'), { [`${F} 8081`]: `${ALLOW} via http` }]],
  'rules.http.headers': [[http('{headers: ["X-A: b"]}'), { [`${F} 8081`]: `${ALLOW} via http` }]],
  'rules.http.headerMatches': [
    [
      http('{headerMatches: [{name: X-A, value: b, mismatch: REPLACE, secret: {name: s, namespace: n}}]}'),
      { [`${F} 8081`]: `${ALLOW} via http` },
    ],
    [http('{headerMatches: [{value: b}]}'), /headerMatches: name is required/],
    [http('{headerMatches: [{name: X-A, mismatch: DROP}]}'), /mismatch "DROP" is none/],
  ],
  'rules.http, empty': [
    ['ingress: [{toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: []}}]}]', { [`${F} 80`]: ALLOW }],
    ['ingress: [{toPorts: [{ports: [{port: "80"}], rules: {http: []}}]}]', /only apply to TCP \(not ANY\)/],
  ],
  'rules.dns.matchName': [
    [
      'egress: [{toPorts: [{ports: [{port: "53", protocol: UDP}], rules: {dns: [{matchName: a.b}]}}]}]',
      { 'shop/front > kube-system/dns 53/UDP': `${ALLOW} via dns`, 'shop/front > kube-system/dns 53': DENY },
    ],
  ],
  'rules.dns.matchPattern': [
    [
      'egress: [{toPorts: [{ports: [{port: "53"}], rules: {dns: [{matchPattern: "*"}]}}]}]',
      { 'shop/front > kube-system/dns 53/UDP': `${ALLOW} via dns` },
    ],
  ],
  'rules.kafka.role': [
    [kafka('{role: produce, topic: t}'), { [world('9092')]: `${ALLOW} via kafka`, [world('1')]: DENY }, OLD],
    [
      kafka('{role: produce}'),
      { [world('9092')]: 'unknown: whether this Cilium still takes Kafka rules is not known', [world('1')]: DENY },
      { version: '1.20.1' },
    ],
    [kafka('{role: drop}'), /role "drop" is none/],
  ],
  'rules.kafka.apiKey': [
    [kafka('{apiKey: fetch}'), { [world('9092')]: `${ALLOW} via kafka` }, OLD],
    [kafka('{apiKey: fetch, role: consume}'), /role and apiKey cannot stand together/],
  ],
  'rules.kafka.apiVersion': [
    [kafka('{apiVersion: "2"}'), { [world('9092')]: `${ALLOW} via kafka` }, OLD],
    [kafka('{apiVersion: two}'), /apiVersion "two" is none/],
  ],
  'rules.kafka.clientID': [[kafka('{clientID: c}'), { [world('9092')]: `${ALLOW} via kafka` }, OLD]],
  'rules.kafka.topic': [
    [kafka('{topic: a.b-c}'), { [world('9092')]: `${ALLOW} via kafka` }, OLD],
    [kafka('{topic: "a b"}'), /topic "a b" is none/],
  ],
  'rules.l7proto': [[tls('rules: {l7proto: envoy.x, l7: [{a: b}]}'), { [world('443')]: `${ALLOW} via other` }]],
  'rules.l7': [[tls('rules: {l7: [{a: b}]}'), /l7 needs an l7proto/]],
  serverNames: [
    [tls('serverNames: [a.b]'), { [world('443')]: `${ALLOW} via tls` }],
    [tls('serverNames: [""]'), /an empty server name is not allowed/],
    [tls('serverNames: [a.b], rules: {http: [{}]}'), /serverNames are not allowed with L7 rules without TLS/],
  ],
  terminatingTLS: [
    [
      tls('terminatingTLS: {secret: {name: s, namespace: n}, certificate: c, privateKey: k, trustedCA: t}'),
      { [world('443')]: `${ALLOW} via tls` },
    ],
    [tls('terminatingTLS: {certificate: c}'), /terminatingTLS.secret.name: is required/],
    [
      tls('serverNames: [a.b], terminatingTLS: {secret: {name: s}}, rules: {http: [{}]}'),
      { [world('443')]: `${ALLOW} via http` },
    ],
  ],
  originatingTLS: [
    [tls('originatingTLS: {secret: {name: s}}'), { [world('443')]: `${ALLOW} via tls` }],
    [tls('originatingTLS: {secret: {}}'), /originatingTLS.secret.name: is required/],
  ],
  listener: [
    [
      tls('listener: {name: l, priority: 5, envoyConfig: {kind: CiliumEnvoyConfig, name: e}}'),
      { [world('443')]: `${ALLOW} via other`, [world('80')]: DENY },
    ],
    [tls('listener: {envoyConfig: {name: e}}'), /listener.name: is required/],
    [tls('listener: {name: l}'), /envoyConfig.name: is required/],
    [tls('listener: {name: l, envoyConfig: {name: e, kind: Envoy}}'), /kind: "Envoy" is none/],
    [tls('listener: {name: l, priority: 101, envoyConfig: {name: e}}'), /priority: must be between 1 and 100/],
    [
      'ingress: [{toPorts: [{ports: [{port: "80", protocol: TCP}], listener: {name: l, envoyConfig: {name: e}}}]}]',
      /a listener is not allowed on ingress/,
    ],
  ],
};

const deny = (name: string) => `${name.startsWith('from') ? 'ingressDeny' : 'egressDeny'}`;
const denies = (name: string, value: string): string => `${deny(name)}: [{${name}: ${value}}]`;
const ofDenyRules: Readonly<Record<string, readonly Case[]>> = {
  fromEndpoints: [[denies('fromEndpoints', '[{matchLabels: {app: front}}]'), { [`${F} 1`]: DENIED, [`${C} 1`]: DENY }]],
  fromCIDR: [[denies('fromCIDR', '[192.0.2.0/24]'), { 'ip:192.0.2.1 > shop/back 1': DENIED, [`${F} 1`]: DENY }]],
  fromCIDRSet: [
    [
      denies('fromCIDRSet', '[{cidr: 192.0.2.0/24, except: [192.0.2.1/32]}]'),
      { 'ip:192.0.2.1 > shop/back 1': DENY, 'ip:192.0.2.2 > shop/back 1': DENIED },
    ],
  ],
  fromEntities: [[denies('fromEntities', '[host]'), { 'entity:host > shop/back 1': DENIED }]],
  fromGroups: [
    [
      `enableDefaultDeny: {ingress: false}, ${denies('fromGroups', '[{aws: {}}]')}`,
      { 'ip:192.0.2.1 > shop/back 1': 'unknown: what a cloud group holds is not known here' },
    ],
  ],
  fromNodes: [
    [
      denies('fromNodes', '[{matchLabels: {pool: agents}}]'),
      { 'kube-system/agent > shop/back 1': DENIED },
      { config: { 'enable-node-selector-labels': 'true' } },
    ],
    [denies('fromNodes', '[{}]'), /fromNodes needs enable-node-selector-labels/],
  ],
  fromRequires: [
    [
      'ingressDeny: [{fromRequires: [{}], fromEntities: [all]}]',
      { [`${F} 1`]: 'unknown: fromRequires and toRequires are not evaluated' },
    ],
  ],
  toPorts: [['ingressDeny: [{toPorts: [{ports: [{port: "80"}]}]}]', { [`${F} 80`]: DENIED, [`${F} 81`]: DENY }]],
  icmps: [['ingressDeny: [{icmps: [{fields: [{type: 8}]}]}]', { [`${F} 8/ICMP`]: DENIED, [`${F} 3/ICMP`]: DENY }]],
  toEndpoints: [[denies('toEndpoints', '[{matchLabels: {app: back}}]'), { [`${F} 1`]: DENIED, [world('1')]: DENY }]],
  toCIDR: [[denies('toCIDR', '[198.51.100.0/24]'), { [world('1')]: DENIED, [`${F} 1`]: DENY }]],
  toCIDRSet: [[denies('toCIDRSet', '[{cidr: 198.51.100.0/24}]'), { [world('1')]: DENIED, [`${F} 1`]: DENY }]],
  toEntities: [[denies('toEntities', '[world]'), { [world('1')]: DENIED, [`${F} 1`]: DENY }]],
  toGroups: [
    [
      `enableDefaultDeny: {egress: false}, ${denies('toGroups', '[{aws: {}}]')}`,
      { [world('1')]: 'unknown: what a cloud group holds is not known here' },
    ],
  ],
  toNodes: [[denies('toNodes', '[{}]'), /toNodes needs enable-node-selector-labels/]],
  toRequires: [
    [
      'egressDeny: [{toRequires: [{}], toEntities: [all]}]',
      { [`${F} 1`]: 'unknown: fromRequires and toRequires are not evaluated' },
    ],
  ],
  toServices: [
    [
      `enableDefaultDeny: {egress: false}, ${denies('toServices', '[{k8sService: {serviceName: bank, namespace: pay}}]')}`,
      { 'shop/front > pay/bank 1': 'unknown: toServices of a deny rule is not looked up' },
      { objects: services },
    ],
  ],
};

const tables = { spec: ofSpec, ingress: ofIngress, egress: ofEgress, toPorts: ofToPorts, 'deny rules': ofDenyRules };
type Row = readonly [field: string, spec: string, expected: Expected, setting: Setting | undefined];
const rows: Row[] = Object.entries(tables).flatMap(([place, table]) =>
  Object.entries(table).flatMap(([field, cases]) =>
    cases.map(([spec, expected, setting]): Row => [`${place}: ${field}`, spec, expected, setting]),
  ),
);

describe.each([
  ['CiliumNetworkPolicy', cnp],
  ['CiliumClusterwideNetworkPolicy', ccnp],
] as const)('every field of a %s', (_kind, written) => {
  it.each(rows)('%s, %s', (_field, spec, expected, setting) => {
    const subject = /\begress/.test(spec.replace(/enableDefaultDeny: \{.*?\}/, '')) ? 'front' : 'back';
    check(written(`{endpointSelector: {matchLabels: {app: ${subject}}}, ${spec}}`), expected, setting);
    const several = written('{}').replace(
      'spec: {}',
      `specs: [{endpointSelector: {matchLabels: {app: ${subject}}}, ${spec}}]`,
    );
    check(several, expected, setting);
  });
});

describe('whom a policy is about', () => {
  it.each<[title: string, policies: string, expected: Expected, setting?: Setting]>([
    [
      'endpointSelector',
      cnp('{endpointSelector: {matchExpressions: [{key: app, operator: NotIn, values: [back]}]}, ingress: [{}]}'),
      { 'shop/front > shop/cart 1': DENY, [`${F} 1`]: FREE },
    ],
    [
      'endpointSelector of a clusterwide policy',
      ccnp('{endpointSelector: {matchLabels: {app: bank}}, ingress: [{}]}'),
      { 'shop/front > pay/bank 1': DENY, [`${F} 1`]: FREE },
    ],
    [
      'nodeSelector, with the host firewall off',
      ccnp('{nodeSelector: {matchLabels: {pool: agents}}, ingressDeny: [{fromEntities: [all]}]}'),
      { 'shop/front > kube-system/agent 1': FREE, [`${F} 1`]: FREE },
    ],
    [
      'nodeSelector, with the host firewall on',
      ccnp('{nodeSelector: {matchLabels: {pool: agents}}, ingressDeny: [{fromEntities: [all]}]}'),
      {
        'shop/front > kube-system/agent 1':
          'unknown: the host firewall is on, and host policies are not evaluated: CiliumClusterwideNetworkPolicy c',
        'shop/front > kube-system/agent-1 1': FREE,
      },
      { config: { 'enable-host-firewall': 'true' } },
    ],
    ['nodeSelector of a namespace’s policy', cnp('{nodeSelector: {}, ingress: [{}]}'), /cannot have a nodeSelector/],
    [
      'spec and specs together',
      cnp('{endpointSelector: {matchLabels: {app: back}}, ingress: [{}]}').replace(
        'spec:',
        'specs: [{endpointSelector: {matchLabels: {app: cart}}, ingress: [{}]}], spec:',
      ),
      { [`${F} 1`]: DENY, 'shop/front > shop/cart 1': DENY },
    ],
    [
      'one refused of several specs refuses all',
      cnp('{endpointSelector: {}, ingress: [{}]}').replace('spec:', 'specs: [{ingress: [{}]}], spec:'),
      /specs\[0\]: must have one of endpointSelector or nodeSelector/,
    ],
  ])('%s', (_title, policies, expected, setting) => check(policies, expected, setting));
});

// A field that nobody knows is dropped by the API server; what is left says something else, and a remark says so.
it.each<[string, string]>([
  ['endpointSelector: {app: back}, ingress: [{}]', 'spec.endpointSelector: there is no field app'],
  [
    'endpointSelector: {}, ingress: [{fromEndpoints: [{app: x}]}]',
    'spec.ingress[0].fromEndpoints[0]: there is no field app',
  ],
  [
    'endpointSelector: {}, enableDefaultDeny: {Ingress: false}, ingress: [{}]',
    'spec.enableDefaultDeny: there is no field Ingress',
  ],
  ['endpointSelector: {}, ingress: [{icmps: [{types: [8]}]}]', 'spec.ingress[0].icmps[0]: there is no field types'],
  [
    'endpointSelector: {}, egress: [{toServices: [{k8sService: {name: x, serviceName: y}}]}]',
    'spec.egress[0].toServices[0].k8sService: there is no field name',
  ],
  [
    'endpointSelector: {}, egressDeny: [{toPorts: [{ports: [{port: "80"}], rules: {http: [{}]}}]}]',
    'spec.egressDeny[0].toPorts[0]: there is no field rules',
  ],
])('remarks on %s', (spec, remark) => {
  const [policy] = shop(cnp(`{${spec}}`)).index.facts.policies;
  expect(policy?.rejected).toEqual([]);
  expect(policy?.remarks.map(({ path, text }) => `${path}: ${text}`).join('\n')).toContain(remark);
});

function check(policies: string, expected: Expected, setting?: Setting): void {
  const engine = shop(policies, setting);
  const [policy] = engine.index.facts.policies;
  if (expected instanceof RegExp) {
    expect(policy?.rejected.join('\n')).toMatch(expected);
    expect(policy?.specs).toEqual([]);
    return;
  }
  expect(policy?.rejected).toEqual([]);
  const answers = Object.keys(expected).map((question) => {
    const { verdict, egress, ingress, l7, notes } = engine.ask(parse(question));
    const side = [egress, ingress].find(({ reason }) => reason !== 'not-isolated' && reason !== 'outside-cluster');
    if (verdict === 'unknown')
      return [question, `unknown: ${notes.map((one) => one.replace(/^.*\]: /, '')).join('; ')}`];
    const words = { rule: 'by a rule', 'explicit-deny': 'by a rule', 'default-deny': 'for want of a rule' };
    const why = side ? ` ${words[side.reason as keyof typeof words] ?? side.reason}` : ', not isolated';
    return [question, `${verdict}${why}${l7 ? ` via ${l7.type}` : ''}`];
  });
  expect(Object.fromEntries(answers)).toEqual(expected);
}
