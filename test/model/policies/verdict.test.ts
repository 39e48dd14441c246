import { describe, expect, it } from 'vitest';
import { ask, ccnp, cnp, np, type Setting, shop } from './shop.ts';

type Case = { policies: string; setting?: Setting; asks: Readonly<Record<string, string>> };

/** Every question of a case with its answer: `verdict: egress, ingress`. */
function each(cases: Readonly<Record<string, Case>>): void {
  it.each(Object.entries(cases))('%s', (_title, { policies, setting, asks }) => {
    const engine = shop(policies, setting);
    const answers = Object.keys(asks).map((question) => [question, ask(engine, question)]);
    expect(Object.fromEntries(answers)).toEqual(asks);
  });
}

const BACK = 'endpointSelector: {matchLabels: {app: back}}';
const FRONT = 'endpointSelector: {matchLabels: {app: front}}';

describe('isolation', () => {
  each({
    'without policies everything is allowed': {
      policies: '',
      asks: {
        'shop/front > shop/back 8081': 'allow: not-isolated, not-isolated',
        'ip:198.51.100.1 > shop/back 1/UDP': 'allow: outside-cluster, not-isolated',
        'shop/front > ip:198.51.100.1 443': 'allow: not-isolated, outside-cluster',
      },
    },
    'a direction is isolated by rules of that direction only': {
      policies: cnp(`{${BACK}, ingress: [{fromEndpoints: [{matchLabels: {app: front}}]}]}`),
      asks: {
        'shop/front > shop/back 1': 'allow: not-isolated, rule p ingress[0]',
        'shop/cart > shop/back 1': 'deny: not-isolated, default-deny p',
        'shop/back > shop/cart 1': 'allow: not-isolated, not-isolated',
      },
    },
    'source and target must both allow': {
      policies:
        cnp(`{${FRONT}, egress: [{toEndpoints: [{matchLabels: {app: back}}]}]}`, { name: 'out' }) +
        cnp(`{${BACK}, ingress: [{fromEndpoints: [{matchLabels: {app: cart}}]}]}`, { name: 'in' }),
      asks: {
        'shop/front > shop/back 1': 'deny: rule out egress[0], default-deny in',
        'shop/cart > shop/back 1': 'allow: not-isolated, rule in ingress[0]',
        'shop/front > shop/cart 1': 'deny: default-deny out, not-isolated',
      },
    },
    'a rule without peers and ports allows nobody in Cilium’s policies, everybody in Kubernetes’': {
      policies: cnp(`{${BACK}, ingress: [{}]}`) + np('{podSelector: {matchLabels: {app: cart}}, ingress: [{}]}'),
      asks: {
        'shop/front > shop/back 1': 'deny: not-isolated, default-deny p',
        'shop/front > shop/cart 1': 'allow: not-isolated, rule n ingress[0]',
        'ip:198.51.100.1 > shop/cart 1': 'allow: outside-cluster, rule n ingress[0]',
      },
    },
    'an empty list of peers selects nobody, one empty selector every pod of the namespace': {
      policies:
        cnp(`{${BACK}, ingress: [{fromEndpoints: [], toPorts: [{ports: [{port: "80"}]}]}]}`) +
        cnp('{endpointSelector: {matchLabels: {app: cart}}, ingress: [{fromEndpoints: [{}]}]}', { name: 'q' }),
      asks: {
        'shop/front > shop/back 80': 'deny: not-isolated, default-deny p',
        'shop/front > shop/cart 80': 'allow: not-isolated, rule q ingress[0]',
        'pay/bank > shop/cart 80': 'deny: not-isolated, default-deny q',
      },
    },
    'an empty list of rules is refused and isolates nobody': {
      policies: cnp(`{${BACK}, ingress: []}`),
      asks: { 'shop/front > shop/back 1': 'allow: not-isolated, not-isolated' },
    },
    'a policy that only denies isolates all the same': {
      policies: cnp(`{${BACK}, ingressDeny: [{fromEndpoints: [{matchLabels: {app: cart}}]}]}`),
      asks: {
        'shop/cart > shop/back 1': 'deny: not-isolated, explicit-deny p ingressDeny[0]',
        'shop/front > shop/back 1': 'deny: not-isolated, default-deny p',
      },
    },
    'unless it says that it does not, and nobody else isolates': {
      policies: cnp(
        `{${BACK}, enableDefaultDeny: {ingress: false}, ingressDeny: [{fromEndpoints: [{matchLabels: {app: cart}}]}]}`,
      ),
      asks: {
        'shop/cart > shop/back 1': 'deny: not-isolated, explicit-deny p ingressDeny[0]',
        'shop/front > shop/back 1': 'allow: not-isolated, not-isolated',
      },
    },
    'one policy that isolates is enough': {
      policies:
        cnp(
          `{${BACK}, enableDefaultDeny: {ingress: false}, ingress: [{fromEndpoints: [{matchLabels: {app: cart}}]}]}`,
        ) + cnp(`{${BACK}, ingress: [{}]}`, { name: 'q' }),
      asks: {
        'shop/cart > shop/back 1': 'allow: not-isolated, rule p ingress[0]',
        'shop/front > shop/back 1': 'deny: not-isolated, default-deny q',
      },
    },
    'enableDefaultDeny counts for nothing where Cilium does not listen to it': {
      policies: cnp(
        `{${BACK}, enableDefaultDeny: {ingress: false}, ingress: [{fromEndpoints: [{matchLabels: {app: cart}}]}]}`,
      ),
      setting: { config: { 'enable-non-default-deny-policies': 'false' } },
      asks: { 'shop/front > shop/back 1': 'deny: not-isolated, default-deny p' },
    },
    'deny wins whatever else allows, in whatever kind of policy': {
      policies:
        ccnp(
          '{endpointSelector: {matchLabels: {app: back}}, ingressDeny: [{fromEndpoints: [{matchLabels: {tier: web}}]}]}',
        ) +
        cnp(`{${BACK}, ingress: [{fromEntities: [all]}]}`) +
        np('{podSelector: {}, ingress: [{}]}'),
      asks: {
        'shop/front > shop/back 1': 'deny: not-isolated, explicit-deny c ingressDeny[0]',
        'pay/audit > shop/back 1': 'deny: not-isolated, explicit-deny c ingressDeny[0]',
        'shop/cart > shop/back 1': 'allow: not-isolated, rule n ingress[0]+p ingress[0]',
      },
    },
    'enforcement always denies where nothing is written, never allows whatever is': {
      policies: cnp(`{${BACK}, ingress: [{}]}`),
      setting: { config: { 'enable-policy': 'always' } },
      asks: {
        'shop/front > shop/cart 1': 'deny: default-deny, default-deny',
        'shop/front > shop/back 1': 'deny: default-deny, default-deny p',
      },
    },
    'enforcement never': {
      policies: cnp(`{${BACK}, ingress: [{}]}`),
      setting: { config: { 'enable-policy': 'never' } },
      asks: { 'shop/front > shop/back 1': 'allow: not-isolated, not-isolated' },
    },
    'of several specs each has its own subject': {
      policies: `{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: p, namespace: shop}, specs: [
        {${BACK}, ingress: [{fromEndpoints: [{matchLabels: {app: front}}]}]},
        {${FRONT}, ingress: [{fromEndpoints: [{matchLabels: {app: cart}}]}]}]}`,
      asks: {
        'shop/front > shop/back 1': 'allow: not-isolated, rule p specs[0].ingress[0]',
        'shop/cart > shop/front 1': 'allow: not-isolated, rule p specs[1].ingress[0]',
        'shop/back > shop/front 1': 'deny: not-isolated, default-deny p',
      },
    },
  });
});

describe('whom a selector means', () => {
  each({
    'a CiliumNetworkPolicy means its own namespace unless it names one': {
      policies: cnp(`{${BACK}, ingress: [
        {fromEndpoints: [{matchLabels: {tier: web}}]},
        {fromEndpoints: [{matchLabels: {app: bank, k8s:io.kubernetes.pod.namespace: pay}}]}]}`),
      asks: {
        'shop/front > shop/back 1': 'allow: not-isolated, rule p ingress[0]',
        'pay/audit > shop/back 1': 'deny: not-isolated, default-deny p',
        'pay/bank > shop/back 1': 'allow: not-isolated, rule p ingress[1]',
      },
    },
    'labels of the namespace name namespaces too': {
      policies: cnp(
        `{${BACK}, ingress: [{fromEndpoints: [{matchLabels: {io.cilium.k8s.namespace.labels.team: money}}]}]}`,
      ),
      asks: {
        'pay/audit > shop/back 1': 'allow: not-isolated, rule p ingress[0]',
        'shop/front > shop/back 1': 'deny: not-isolated, default-deny p',
      },
    },
    'any:, k8s: and no prefix mean the same label of a pod; another source does not': {
      policies: cnp(`{endpointSelector: {matchLabels: {k8s:app: back}}, ingress: [
        {fromEndpoints: [{matchLabels: {any:app: front}}]}, {fromEndpoints: [{matchLabels: {container:app: cart}}]}]}`),
      asks: {
        'shop/front > shop/back 1': 'allow: not-isolated, rule p ingress[0]',
        'shop/cart > shop/back 1': 'deny: not-isolated, default-deny p',
      },
    },
    'the subject stays in the policy’s namespace, whatever its k8s: label says': {
      policies: cnp('{endpointSelector: {matchLabels: {k8s:io.kubernetes.pod.namespace: pay}}, ingress: [{}]}'),
      asks: {
        'shop/front > shop/back 1': 'deny: not-isolated, default-deny p',
        'shop/front > pay/bank 1': 'allow: not-isolated, not-isolated',
      },
    },
    'NotIn and DoesNotExist match what has no such label': {
      policies: cnp(`{${BACK}, ingress: [
        {fromEndpoints: [{matchExpressions: [{key: tier, operator: DoesNotExist}, {key: app, operator: NotIn, values: [bank]}]}]}]}`),
      asks: {
        'shop/cart > shop/back 1': 'allow: not-isolated, rule p ingress[0]',
        'shop/front > shop/back 1': 'deny: not-isolated, default-deny p',
      },
    },
    'a clusterwide policy means every namespace, and pods only': {
      policies: ccnp('{endpointSelector: {matchLabels: {app: back}}, ingress: [{fromEndpoints: [{}]}]}'),
      asks: {
        'pay/bank > shop/back 1': 'allow: not-isolated, rule c ingress[0]',
        'ip:198.51.100.1 > shop/back 1': 'deny: outside-cluster, default-deny c',
        'entity:remote-node > shop/back 1': 'deny: not-isolated, default-deny c',
      },
    },
    'service accounts are labels': {
      policies: cnp(
        `{${BACK}, ingress: [{fromEndpoints: [{matchLabels: {io.cilium.k8s.policy.serviceaccount: clerk}}]}]}`,
      ),
      asks: {
        'shop/front > shop/back 1': 'allow: not-isolated, rule p ingress[0]',
        'shop/cart > shop/back 1': 'deny: not-isolated, default-deny p',
      },
    },
    'a NetworkPolicy’s podSelector and namespaceSelector: together, as two items, and empty': {
      policies: np(`{podSelector: {matchLabels: {app: back}}, ingress: [
        {from: [{namespaceSelector: {matchLabels: {team: money}}, podSelector: {matchLabels: {app: bank}}}], ports: [{port: 1}]},
        {from: [{namespaceSelector: {matchLabels: {team: money}}}, {podSelector: {matchLabels: {app: cart}}}], ports: [{port: 2}]},
        {from: [{namespaceSelector: {}}], ports: [{port: 3}]}]}`),
      asks: {
        'pay/bank > shop/back 1': 'allow: not-isolated, rule n ingress[0]',
        'pay/audit > shop/back 1': 'deny: not-isolated, default-deny n',
        'pay/audit > shop/back 2': 'allow: not-isolated, rule n ingress[1]',
        'shop/cart > shop/back 2': 'allow: not-isolated, rule n ingress[1]',
        'kube-system/dns > shop/back 2': 'deny: not-isolated, default-deny n',
        'kube-system/dns > shop/back 3': 'allow: not-isolated, rule n ingress[2]',
        'ip:198.51.100.1 > shop/back 3': 'deny: outside-cluster, default-deny n',
      },
    },
    'a namespace that was not read may have any label but its name': {
      policies: np(`{podSelector: {matchLabels: {app: back}}, ingress: [
        {from: [{namespaceSelector: {matchLabels: {team: money}}}]},
        {from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: lost}}}], ports: [{port: 7}]}]}`),
      setting: {
        objects: '{kind: Pod, metadata: {name: x, namespace: lost}, spec: {containers: []}, status: {podIP: 10.8.0.9}}',
      },
      asks: {
        'lost/x > shop/back 1': 'unknown: not-isolated, unknown',
        'lost/x > shop/back 7': 'allow: not-isolated, rule n ingress[1]',
      },
    },
  });
});

describe('nodes, the world and other entities', () => {
  each({
    'what has no namespace is in none that NotIn names: the world and the nodes are meant as well': {
      policies:
        np(
          '{podSelector: {matchLabels: {app: back}}, ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [money]}]}}]}]}',
        ) +
        cnp(
          '{endpointSelector: {matchLabels: {app: cart}}, ingress: [{fromEndpoints: [{matchExpressions: [{key: "k8s:io.kubernetes.pod.namespace", operator: NotIn, values: [pay]}]}]}]}',
        ),
      asks: {
        'shop/front > shop/back 1': 'allow: not-isolated, rule n ingress[0]',
        'pay/bank > shop/back 1': 'deny: not-isolated, default-deny n',
        'ip:198.51.100.1 > shop/back 1': 'allow: outside-cluster, rule n ingress[0]',
        'shop/front > shop/cart 1': 'allow: not-isolated, rule p ingress[0]',
        'entity:remote-node > shop/cart 1': 'allow: not-isolated, rule p ingress[0]',
      },
    },
    'unless peers are of the own cluster, of which the world is not': {
      policies:
        np(
          '{podSelector: {matchLabels: {app: back}}, ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [money]}]}}]}]}',
        ) +
        cnp(
          '{endpointSelector: {matchLabels: {app: cart}}, ingress: [{fromEndpoints: [{matchExpressions: [{key: "k8s:io.kubernetes.pod.namespace", operator: NotIn, values: [pay]}]}]}]}',
        ),
      setting: { config: { 'policy-default-local-cluster': 'true' } },
      asks: {
        'shop/front > shop/back 1': 'allow: not-isolated, rule n ingress[0]',
        'pay/bank > shop/back 1': 'deny: not-isolated, default-deny n',
        'ip:198.51.100.1 > shop/back 1': 'deny: outside-cluster, default-deny n',
        'shop/front > shop/cart 1': 'allow: not-isolated, rule p ingress[0]',
        'entity:remote-node > shop/cart 1': 'deny: not-isolated, default-deny p',
      },
    },
    'clusterwide policies hold for Cilium’s own endpoints too, others do not': {
      policies:
        ccnp('{endpointSelector: {}, ingress: [{fromEntities: [remote-node]}]}') +
        cnp('{endpointSelector: {}, egress: [{}]}') +
        np('{podSelector: {}, policyTypes: [Egress]}'),
      asks: {
        'entity:remote-node > entity:health 4240': 'allow: not-isolated, rule c ingress[0]',
        'shop/front > entity:health 4240': 'deny: default-deny n+p, default-deny c',
        'entity:health > entity:remote-node 4240': 'allow: not-isolated, not-isolated',
        'pay/bank > entity:ingress 80': 'deny: not-isolated, default-deny c',
        'pay/bank > entity:unmanaged 80': 'allow: not-isolated, outside-cluster',
      },
    },
    'a pod without labels yet is denied what no rule allows it': {
      policies: ccnp(
        '{endpointSelector: {matchLabels: {"reserved:init": ""}}, egress: [{toEntities: [world]}], ingress: [{fromEntities: [host]}]}',
      ),
      asks: {
        'entity:init > ip:198.51.100.1 53/UDP': 'allow: rule c egress[0], outside-cluster',
        'entity:init > shop/back 8081': 'deny: default-deny c, not-isolated',
        'shop/front > entity:init 1': 'deny: not-isolated, default-deny c',
      },
    },
    'and without any policy as well': {
      policies: '',
      asks: { 'shop/front > entity:init 1': 'deny: not-isolated, default-deny' },
    },
    'a pod’s own node always reaches it, another node does not; neither way out is implied': {
      policies: np('{podSelector: {matchLabels: {app: back}}, policyTypes: [Ingress, Egress]}'),
      asks: {
        'entity:host > shop/back 1': 'allow: not-isolated, local-host',
        'kube-system/agent-1 > shop/back 1': 'allow: not-isolated, local-host',
        'entity:remote-node > shop/back 1': 'deny: not-isolated, default-deny n',
        'kube-system/agent > shop/back 1': 'deny: not-isolated, default-deny n',
        'entity:health > shop/back 1': 'deny: not-isolated, default-deny n',
        'shop/back > entity:host 1': 'deny: default-deny n, not-isolated',
      },
    },
    'unless allow-localhost leaves it to the policies': {
      policies: np('{podSelector: {matchLabels: {app: back}}, policyTypes: [Ingress]}'),
      setting: { config: { 'allow-localhost': 'policy' } },
      asks: { 'entity:host > shop/back 1': 'deny: not-isolated, default-deny n' },
    },
    'a deny of the host holds against it too': {
      policies: cnp(`{${BACK}, ingressDeny: [{fromEntities: [host], toPorts: [{ports: [{port: "22"}]}]}]}`),
      asks: {
        'entity:host > shop/back 22': 'deny: not-isolated, explicit-deny p ingressDeny[0]',
        'entity:host > shop/back 23': 'allow: not-isolated, local-host',
      },
    },
    'policies do not hold for pods of the host’s network': {
      policies: np('{podSelector: {}, policyTypes: [Ingress, Egress]}', { namespace: 'kube-system' }),
      asks: {
        'shop/front > kube-system/agent 1': 'allow: not-isolated, not-isolated',
        'kube-system/agent > shop/front 1': 'allow: not-isolated, not-isolated',
      },
    },
    'such a pod is host on its own node and remote-node elsewhere': {
      policies: cnp(`{${FRONT}, egress: [{toEntities: [host]}]}`),
      asks: {
        'shop/front > kube-system/agent-1 1': 'allow: rule p egress[0], not-isolated',
        'shop/front > kube-system/agent 1': 'deny: default-deny p, not-isolated',
      },
    },
    'where nothing says on which node a pod is, it may be this one or another': {
      policies: np('{podSelector: {matchLabels: {app: back}}, policyTypes: [Ingress]}'),
      setting: {
        objects:
          '{kind: Pod, metadata: {name: drift, namespace: kube-system}, spec: {hostNetwork: true, containers: []}, status: {}}',
      },
      asks: {
        'kube-system/drift > shop/back 1': 'unknown: not-isolated, unknown',
        'kube-system/drift > shop/cart 1': 'allow: not-isolated, not-isolated',
      },
    },
    'entities: world is outside, cluster is everything inside, all is everything, none is nothing': {
      policies: cnp(`{${BACK}, ingress: [
        {fromEntities: [world], toPorts: [{ports: [{port: "1"}]}]}, {fromEntities: [cluster], toPorts: [{ports: [{port: "2"}]}]},
        {fromEntities: [all], toPorts: [{ports: [{port: "3"}]}]}, {fromEntities: [none], toPorts: [{ports: [{port: "4"}]}]}]}`),
      asks: {
        'ip:198.51.100.1 > shop/back 1': 'allow: outside-cluster, rule p ingress[0]',
        'pay/bank > shop/back 1': 'deny: not-isolated, default-deny p',
        'pay/bank > shop/back 2': 'allow: not-isolated, rule p ingress[1]',
        'entity:remote-node > shop/back 2': 'allow: not-isolated, rule p ingress[1]',
        'entity:kube-apiserver > shop/back 2': 'allow: outside-cluster, rule p ingress[1]',
        'ip:198.51.100.1 > shop/back 2': 'deny: outside-cluster, default-deny p',
        'ip:198.51.100.1 > shop/back 3': 'allow: outside-cluster, rule p ingress[2]',
        'pay/bank > shop/back 4': 'deny: not-isolated, default-deny p',
      },
    },
    'the API server is outside the cluster where its address is no node’s': {
      policies: cnp(`{${FRONT}, egress: [{toEntities: [world]}]}`),
      setting: {
        objects: `{kind: EndpointSlice, metadata: {name: kubernetes, namespace: default, labels: {kubernetes.io/service-name: kubernetes}},
          endpoints: [{addresses: [203.0.113.7]}]}`,
      },
      asks: { 'shop/front > entity:kube-apiserver 443': 'allow: rule p egress[0], outside-cluster' },
    },
    'with the host firewall on, a host policy that may select the node leaves it open': {
      policies: ccnp('{nodeSelector: {matchLabels: {pool: agents}}, ingress: [{fromEntities: [cluster]}]}'),
      setting: { config: { 'enable-host-firewall': 'true' } },
      asks: {
        'shop/front > kube-system/agent 1': 'unknown: not-isolated, unknown',
        'shop/front > kube-system/agent-1 1': 'allow: not-isolated, not-isolated',
      },
    },
  });
});

describe('addresses and names', () => {
  each({
    'a CIDR never means pods or nodes, to allow or to deny': {
      policies:
        cnp(`{${FRONT}, egress: [{toCIDR: [0.0.0.0/0]}]}`) +
        cnp(`{${BACK}, egress: [{toEntities: [all]}], egressDeny: [{toCIDR: [10.0.0.0/8]}]}`, { name: 'q' }),
      asks: {
        'shop/front > ip:198.51.100.1 443': 'allow: rule p egress[0], outside-cluster',
        'shop/front > shop/back 1': 'deny: default-deny p, not-isolated',
        'shop/front > ip:10.8.0.3 1': 'deny: default-deny p, not-isolated',
        'shop/front > entity:host 1': 'deny: default-deny p, not-isolated',
        'shop/back > shop/cart 1': 'allow: rule q egress[0], not-isolated',
        'shop/back > ip:10.1.2.3 1': 'deny: explicit-deny q egressDeny[0], outside-cluster',
      },
    },
    'unless policy-cidr-match-mode says so': {
      policies: cnp(`{${FRONT}, egress: [{toCIDR: [10.9.0.0/24]}, {toCIDR: [10.8.0.2/32]}]}`),
      setting: { config: { 'policy-cidr-match-mode': 'nodes' } },
      asks: {
        'shop/front > entity:remote-node 1': 'allow: rule p egress[0], not-isolated',
        'shop/front > shop/back 1': 'deny: default-deny p, not-isolated',
      },
    },
    'an except leaves out, it does not deny': {
      policies: cnp(
        `{${BACK}, ingress: [{fromCIDRSet: [{cidr: 192.0.2.0/24, except: [192.0.2.128/25]}]}, {fromCIDR: [192.0.2.200]}]}`,
      ),
      asks: {
        'ip:192.0.2.1 > shop/back 1': 'allow: outside-cluster, rule p ingress[0]',
        'ip:192.0.2.129 > shop/back 1': 'deny: outside-cluster, default-deny p',
        'ip:192.0.2.200 > shop/back 1': 'allow: outside-cluster, rule p ingress[1]',
      },
    },
    'CIDR groups by name and by label; one that is not there holds nothing': {
      policies:
        cnp(
          `{${BACK}, ingress: [{fromCIDRSet: [{cidrGroupRef: office}, {cidrGroupRef: gone}]}, {fromCIDRSet: [{cidrGroupSelector: {matchLabels: {kind: lab}}, except: [198.51.100.9/32]}]}]}`,
        ) +
        `{apiVersion: cilium.io/v2, kind: CiliumCIDRGroup, metadata: {name: office}, spec: {externalCIDRs: [192.0.2.0/24]}}
---
{apiVersion: cilium.io/v2alpha1, kind: CiliumCIDRGroup, metadata: {name: lab, labels: {kind: lab}}, spec: {externalCIDRs: [198.51.100.0/24]}}`,
      asks: {
        'ip:192.0.2.1 > shop/back 1': 'allow: outside-cluster, rule p ingress[0]',
        'ip:198.51.100.1 > shop/back 1': 'allow: outside-cluster, rule p ingress[1]',
        'ip:198.51.100.9 > shop/back 1': 'deny: outside-cluster, default-deny p',
      },
    },
    'ipBlock: outside only for Cilium, any address for the others': {
      policies: np('{podSelector: {matchLabels: {app: back}}, ingress: [{from: [{ipBlock: {cidr: 10.8.0.0/16}}]}]}'),
      asks: { 'shop/front > shop/back 1': 'deny: not-isolated, default-deny n' },
    },
    'ipBlock in the generic dialect': {
      policies: np(
        '{podSelector: {matchLabels: {app: back}}, ingress: [{from: [{ipBlock: {cidr: 10.8.0.0/16, except: [10.8.0.3/32]}}]}]}',
      ),
      setting: { dialect: 'generic' },
      asks: {
        'shop/front > shop/back 1': 'allow: not-isolated, rule n ingress[0]',
        'shop/cart > shop/back 1': 'deny: not-isolated, default-deny n',
      },
    },
    'names: an address learned for one matches, another does not, one nobody resolved is unknown': {
      policies: cnp(
        `{${FRONT}, egress: [{toFQDNs: [{matchName: api.example.com}, {matchPattern: "*.cdn.example.com"}]}]}`,
      ),
      asks: {
        'shop/front > fqdn:API.example.com.@192.0.2.1 443': 'allow: rule p egress[0], outside-cluster',
        'shop/front > fqdn:a.cdn.example.com@192.0.2.2 443': 'allow: rule p egress[0], outside-cluster',
        'shop/front > fqdn:a.b.cdn.example.com@192.0.2.3 443': 'deny: default-deny p, outside-cluster',
        'shop/front > ip:192.0.2.1 443': 'deny: default-deny p, outside-cluster',
        'shop/front > fqdn:api.example.com 443': 'unknown: unknown, outside-cluster',
        'shop/front > fqdn:api.example.com@10.8.0.2 443': 'deny: default-deny p, not-isolated',
      },
    },
    'of a live cluster nobody but the agents knows what was learned for a name': {
      policies: cnp(`{${FRONT}, egress: [{toFQDNs: [{matchName: api.example.com}]}, {toCIDR: [198.51.100.0/24]}]}`),
      setting: { live: true },
      asks: {
        'shop/front > ip:192.0.2.1 443': 'unknown: unknown, outside-cluster',
        'shop/front > ip:198.51.100.1 443': 'allow: rule p egress[1], outside-cluster',
        'shop/front > shop/back 443': 'deny: default-deny p, not-isolated',
      },
    },
    'services stand for the pods or addresses behind them': {
      policies: cnp(
        `{${FRONT}, egress: [{toServices: [{k8sService: {serviceName: bank, namespace: pay}}]}, {toServices: [{k8sServiceSelector: {selector: {matchLabels: {kind: outer}}}}]}]}`,
      ),
      setting: {
        objects: `{kind: Service, metadata: {name: bank, namespace: pay}, spec: {clusterIP: 10.7.0.1, selector: {app: bank}, ports: [{port: 80, targetPort: http}]}}
---
{kind: Service, metadata: {name: outer, namespace: shop, labels: {kind: outer}}, spec: {clusterIP: 10.7.0.2, ports: [{port: 80}]}}
---
{kind: EndpointSlice, metadata: {name: o, namespace: shop, labels: {kubernetes.io/service-name: outer}}, endpoints: [{addresses: [192.0.2.80]}]}`,
      },
      asks: {
        'shop/front > pay/bank 8080': 'allow: rule p egress[0], not-isolated',
        'shop/front > ip:10.7.0.1 80': 'allow: rule p egress[0], not-isolated',
        'shop/front > ip:192.0.2.80 80': 'allow: rule p egress[1], outside-cluster',
        'shop/front > pay/audit 8080': 'deny: default-deny p, not-isolated',
      },
    },
    'services of a deny rule are unknown: Cilium does not look them up': {
      policies: cnp(
        `{${FRONT}, egress: [{toEntities: [all]}], egressDeny: [{toServices: [{k8sService: {serviceName: bank, namespace: pay}}]}]}`,
      ),
      asks: { 'shop/front > pay/bank 1': 'unknown: unknown, not-isolated' },
    },
    'a service nobody knows and a cloud group are unknown': {
      policies:
        cnp(`{${FRONT}, egress: [{toServices: [{k8sService: {serviceName: gone, namespace: pay}}]}]}`) +
        cnp(`{${BACK}, egress: [{toGroups: [{aws: {region: x}}]}]}`, { name: 'q' }),
      asks: {
        'shop/front > pay/bank 1': 'unknown: unknown, not-isolated',
        'shop/back > ip:192.0.2.1 1': 'unknown: unknown, outside-cluster',
      },
    },
  });
});

describe('ports and protocols', () => {
  each({
    'a range that ends at or below its begin is its first port, one that begins with 0 is a range': {
      policies:
        cnp(`{${BACK}, ingress: [{toPorts: [{ports: [{port: "80", endPort: 70}, {port: "81", endPort: 81}]}]}]}`) +
        cnp(
          '{endpointSelector: {matchLabels: {app: cart}}, ingress: [{toPorts: [{ports: [{port: "0", endPort: 99}]}]}]}',
          {
            name: 'q',
          },
        ),
      asks: {
        'shop/front > shop/back 80': 'allow: not-isolated, rule p ingress[0]',
        'shop/front > shop/back 81': 'allow: not-isolated, rule p ingress[0]',
        'shop/front > shop/back 70': 'deny: not-isolated, default-deny p',
        'shop/front > shop/cart 99': 'allow: not-isolated, rule q ingress[0]',
        'shop/front > shop/cart 100': 'deny: not-isolated, default-deny q',
      },
    },
    'no protocol is any, a number is one port, ranges are inclusive': {
      policies: cnp(
        `{${BACK}, ingress: [{toPorts: [{ports: [{port: "53"}, {port: "80", endPort: 90, protocol: TCP}]}]}]}`,
      ),
      asks: {
        'shop/front > shop/back 53/UDP': 'allow: not-isolated, rule p ingress[0]',
        'ip:192.0.2.1 > shop/back 53/SCTP': 'allow: outside-cluster, rule p ingress[0]',
        'shop/front > shop/back 80': 'allow: not-isolated, rule p ingress[0]',
        'shop/front > shop/back 90': 'allow: not-isolated, rule p ingress[0]',
        'shop/front > shop/back 91': 'deny: not-isolated, default-deny p',
        'shop/front > shop/back 80/UDP': 'deny: not-isolated, default-deny p',
      },
    },
    'ranges are ignored before 1.17': {
      policies: np('{podSelector: {}, ingress: [{ports: [{port: 80, endPort: 90}]}]}'),
      setting: { version: 'v1.16.6-250129' },
      asks: {
        'shop/front > shop/back 80': 'allow: not-isolated, rule n ingress[0]',
        'shop/front > shop/back 81': 'deny: not-isolated, default-deny n',
      },
    },
    'and unknown where nobody knows the version': {
      policies: np('{podSelector: {}, ingress: [{ports: [{port: 80, endPort: 90}]}]}'),
      setting: { version: '' },
      asks: { 'shop/front > shop/back 81': 'unknown: not-isolated, unknown' },
    },
    'an item without ports covers none; an empty list of items is as good as absent': {
      policies:
        cnp(`{${BACK}, ingress: [{fromEntities: [all], toPorts: [{}]}]}`) +
        cnp(`{${FRONT}, ingress: [{fromEntities: [all], toPorts: []}]}`, { name: 'q' }),
      asks: {
        'shop/cart > shop/back 1': 'deny: not-isolated, default-deny p',
        'shop/cart > shop/front 1': 'allow: not-isolated, rule q ingress[0]',
      },
    },
    'port 0 is every port of the protocol': {
      policies: cnp(`{${BACK}, ingress: [{toPorts: [{ports: [{port: "0", protocol: UDP}]}]}]}`),
      asks: {
        'shop/front > shop/back 7/UDP': 'allow: not-isolated, rule p ingress[0]',
        'shop/front > shop/back 7': 'deny: not-isolated, default-deny p',
        'shop/front > shop/back 8/ICMP': 'deny: not-isolated, default-deny p',
      },
    },
    'a named port is each target’s own': {
      policies:
        cnp(`{${FRONT}, egress: [{toEntities: [all], toPorts: [{ports: [{port: HTTP, protocol: TCP}]}]}]}`) +
        np('{podSelector: {matchLabels: {app: cart}}, egress: [{ports: [{port: dns}]}]}'),
      asks: {
        'shop/front > shop/back 8081': 'allow: rule p egress[0], not-isolated',
        'shop/front > shop/back 8080': 'deny: default-deny p, not-isolated',
        'shop/front > pay/bank 8080': 'allow: rule p egress[0], not-isolated',
        'shop/front > ip:192.0.2.1 8080': 'deny: default-deny p, outside-cluster',
        'shop/cart > shop/back 53': 'deny: default-deny n, not-isolated',
      },
    },
    'before 1.20 a name with several numbers in the cluster cannot be told': {
      policies: cnp(`{${FRONT}, egress: [{toEntities: [all], toPorts: [{ports: [{port: http, protocol: TCP}]}]}]}`),
      setting: { version: '1.18.11' },
      asks: { 'shop/front > shop/back 8081': 'unknown: unknown, not-isolated' },
    },
    'ICMP is let through by icmps and by rules without ports, never by ports': {
      policies:
        cnp(
          `{${BACK}, ingress: [{fromEndpoints: [{}], icmps: [{fields: [{type: EchoRequest}, {family: IPv6, type: 128}]}]}]}`,
        ) + cnp('{endpointSelector: {matchLabels: {app: cart}}, ingress: [{fromEndpoints: [{}]}]}', { name: 'q' }),
      asks: {
        'shop/front > shop/back 8/ICMP': 'allow: not-isolated, rule p ingress[0]',
        'shop/front > shop/back 0/ICMP': 'deny: not-isolated, default-deny p',
        'shop/front > shop/back 8': 'deny: not-isolated, default-deny p',
        'shop/front > shop/cart 8/ICMP': 'allow: not-isolated, rule q ingress[0]',
      },
    },
    'a namespaceSelector that only excludes: to Cilium the world has no such label either': {
      policies: np(
        `{podSelector: {matchLabels: {app: back}}, ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [sales]}]}}]}]}`,
      ),
      asks: {
        'pay/bank > shop/back 1': 'allow: not-isolated, rule n ingress[0]',
        'ip:192.0.2.1 > shop/back 1': 'allow: outside-cluster, rule n ingress[0]',
      },
    },
    'and to Kubernetes only pods are in namespaces': {
      policies: np(
        `{podSelector: {matchLabels: {app: back}}, ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [sales]}]}}]}]}`,
      ),
      setting: { dialect: 'generic' },
      asks: {
        'pay/bank > shop/back 1': 'allow: not-isolated, rule n ingress[0]',
        'ip:192.0.2.1 > shop/back 1': 'deny: outside-cluster, default-deny n',
      },
    },
    'rules outside policyTypes: Cilium takes them': {
      policies: np(
        '{podSelector: {matchLabels: {app: back}}, policyTypes: [Egress], ingress: [{from: [{podSelector: {matchLabels: {app: cart}}}]}], egress: [{}]}',
      ),
      asks: { 'shop/front > shop/back 1': 'deny: not-isolated, default-deny n' },
    },
    'rules outside policyTypes: Kubernetes does not': {
      policies: np(
        '{podSelector: {matchLabels: {app: back}}, policyTypes: [Egress], ingress: [{from: [{podSelector: {matchLabels: {app: cart}}}]}], egress: [{}]}',
      ),
      setting: { dialect: 'generic' },
      asks: { 'shop/front > shop/back 1': 'allow: not-isolated, not-isolated' },
    },
  });
});

describe('layer 7 and authentication', () => {
  const http = 'toPorts: [{ports: [{port: "8081", protocol: TCP}], rules: {http: [{method: GET}]}}]';
  each({
    'a rule with layer 7 allows, and a proxy looks on': {
      policies: cnp(`{${BACK}, ingress: [{fromEndpoints: [{matchLabels: {app: front}}], ${http}}]}`),
      asks: {
        'shop/front > shop/back 8081': 'allow: not-isolated, rule p ingress[0] via http',
        'shop/front > shop/back 9090': 'deny: not-isolated, default-deny p',
        'shop/cart > shop/back 8081': 'deny: not-isolated, default-deny p',
      },
    },
    'another rule without it for the same peer and port lets everything by': {
      policies: cnp(
        `{${BACK}, ingress: [{fromEndpoints: [{matchLabels: {app: front}}], ${http}}, {fromEndpoints: [{}]}]}`,
      ),
      asks: { 'shop/front > shop/back 8081': 'allow: not-isolated, rule p ingress[0]' },
    },
    'DNS and TLS': {
      policies: cnp(`{${FRONT}, egress: [
        {toEndpoints: [{matchLabels: {k8s:io.kubernetes.pod.namespace: kube-system}}], toPorts: [{ports: [{port: "53", protocol: ANY}], rules: {dns: [{matchPattern: "*"}]}}]},
        {toEntities: [world], toPorts: [{ports: [{port: "443", protocol: TCP}], serverNames: [example.com]}]}]}`),
      asks: {
        'shop/front > kube-system/dns 53/UDP': 'allow: rule p egress[0], not-isolated via dns',
        'shop/front > ip:192.0.2.1 443': 'allow: rule p egress[1], outside-cluster via tls',
      },
    },
    'mutual authentication cannot be told from here': {
      policies: cnp(`{${BACK}, ingress: [{fromEndpoints: [{}], authentication: {mode: required}}]}`),
      asks: {
        'shop/front > shop/back 1': 'unknown: not-isolated, unknown',
        'pay/bank > shop/back 1': 'deny: not-isolated, default-deny p',
      },
    },
  });
});

describe('which of several rules decided, as Cilium names it', () => {
  const web = 'fromEndpoints: [{matchLabels: {app: front}}]';
  const port = (numbers: string) => `toPorts: [{ports: [{${numbers}, protocol: TCP}]}]`;
  each({
    'of allows the narrowest port': {
      policies: cnp(
        `{${BACK}, ingress: [{${web}}, {${web}, ${port('port: "80", endPort: 89')}}, {${web}, ${port('port: "81"')}}]}`,
      ),
      asks: {
        'shop/front > shop/back 80': 'allow: not-isolated, rule p ingress[1]',
        'shop/front > shop/back 81': 'allow: not-isolated, rule p ingress[2]',
        'shop/front > shop/back 1': 'allow: not-isolated, rule p ingress[0]',
      },
    },
    'of denies the broadest': {
      policies: cnp(`{${BACK}, ingressDeny: [{${web}, ${port('port: "81"')}}, {${web}}]}`),
      asks: { 'shop/front > shop/back 81': 'deny: not-isolated, explicit-deny p ingressDeny[1]' },
    },
    'an allow that redirects before one that does not': {
      policies: cnp(
        `{${BACK}, ingress: [{${web}, ${port('port: "81"')}}, {toPorts: [{ports: [{port: "81", protocol: TCP}], rules: {http: [{}]}}]}]}`,
      ),
      asks: { 'shop/front > shop/back 81': 'allow: not-isolated, rule p ingress[1]' },
    },
    'the own node’s exception before everybody on every port': {
      policies: np('{podSelector: {matchLabels: {app: back}}, ingress: [{}]}'),
      asks: {
        'entity:host > shop/back 81': 'allow: not-isolated, local-host',
        'entity:remote-node > shop/back 81': 'allow: not-isolated, rule n ingress[0]',
      },
    },
  });
});

describe('what is not in force, or may not be', () => {
  each({
    'a policy that is refused decides nothing, one that the operator calls invalid is unknown': {
      policies:
        cnp(`{${BACK}, ingress: [{fromEndpoints: [{}], fromCIDR: [192.0.2.0/24]}]}`) +
        `{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: q, namespace: shop}, spec: {${FRONT}, ingress: [{}]},
          status: {conditions: [{type: Valid, status: "False", message: too many}]}}`,
      asks: {
        'shop/cart > shop/back 1': 'allow: not-isolated, not-isolated',
        'shop/cart > shop/front 1': 'unknown: not-isolated, unknown',
      },
    },
    'tiered policies make those they are about unknown': {
      policies: `{apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: {name: t},
        spec: {tier: Admin, priority: 1, subject: {namespaces: {matchLabels: {team: money}}}, ingress: [{action: Deny, from: []}]}}`,
      asks: {
        'shop/front > pay/bank 1': 'unknown: not-isolated, unknown',
        'pay/bank > shop/front 1': 'allow: not-isolated, not-isolated',
      },
    },
    'labels come from the identity where the pod has one': {
      policies: cnp(`{endpointSelector: {}, ingress: [{fromEndpoints: [{matchLabels: {run: "7"}}]}]}`),
      setting: {
        objects: `{kind: Pod, metadata: {name: job, namespace: shop, labels: {app: job, run: "7"}}, spec: {containers: []}, status: {podIP: 10.8.0.20}}
---
{kind: CiliumEndpoint, metadata: {name: job, namespace: shop}, status: {identity: {id: 300}}}
---
{kind: CiliumIdentity, metadata: {name: "300"}, security-labels: {k8s:app: job, k8s:io.kubernetes.pod.namespace: shop}}
---
{kind: Pod, metadata: {name: old, namespace: shop, labels: {app: new}}, spec: {containers: []}, status: {podIP: 10.8.0.21}}
---
{kind: CiliumEndpoint, metadata: {name: old, namespace: shop}, status: {identity: {id: 5, labels: ["k8s:app=old", "k8s:io.kubernetes.pod.namespace=shop"]}}}`,
      },
      asks: {
        'shop/job > shop/back 1': 'deny: not-isolated, default-deny p',
        'shop/old > pay/bank 1': 'unknown: unknown, not-isolated',
      },
    },
    'labels that are excluded from identities are not seen': {
      policies: cnp(`{${BACK}, ingress: [{fromEndpoints: [{matchLabels: {tier: web}}]}]}`),
      setting: { config: { labels: '!tier' } },
      asks: { 'shop/front > shop/back 1': 'deny: not-isolated, default-deny p' },
    },
    'an end that is not there': {
      policies: '',
      asks: {
        'shop/gone > shop/back 1': 'unknown: unknown, unknown',
        'shop/front > entity:moon 1': 'unknown: unknown, unknown',
      },
    },
  });
});
