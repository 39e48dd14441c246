import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { groundOf } from '../../../src/checks/policies/ground.ts';
import { lints } from '../../../src/checks/policies/index.ts';
import { lintAll } from '../../../src/checks/policies/linter.ts';
import { NEWEST } from '../../../src/model/policies/modes.ts';
import { readFacts } from '../../../src/model/policies/read-facts.ts';
import { createEngine } from '../../../src/model/policies/verdict.ts';
import { ccnp, cnp, np, objectsOf, type Setting, shop } from '../../model/policies/shop.ts';

const BACK = 'endpointSelector: {matchLabels: {app: back}}';
const FRONT = 'endpointSelector: {matchLabels: {app: front}}';
const dns = 'toEndpoints: [{matchLabels: {k8s:io.kubernetes.pod.namespace: kube-system, k8s-app: kube-dns}}]';

function lint(policies: string, setting?: Setting): string[] {
  const { index } = shop(policies, setting);
  return lintAll(groundOf(index)).map(({ lint: { id }, lapse: { path, text } }) => `${id} ${path}: ${text}`);
}

describe('says', () => {
  it.each<[string, string, string[], Setting?]>([
    [
      'rejected',
      cnp(`{${BACK}, ingress: [{fromEntities: [moon]}]}`),
      ['spec.ingress[0].fromEntities[0]: not in force: unsupported entity: moon'],
    ],
    [
      'unknown-api-version',
      np('{podSelector: {}}').replace('networking.k8s.io/v1', 'extensions/v1beta1'),
      ['apiVersion: NetworkPolicy is served as networking.k8s.io/v1, not extensions/v1beta1'],
    ],
    [
      'unknown-field',
      cnp(`{${BACK}, ingress: [{fromEndpoints: [{}], toPort: []}]}`),
      ['spec.ingress[0]: there is no field toPort; it has no effect'],
    ],
    [
      'seed-annotations',
      cnp(`{${BACK}, ingress: [{}]}`).replace(
        'namespace: shop',
        'namespace: shop, annotations: {io.cilium.network-policy.k8s.io/default: deny}',
      ),
      ['metadata.annotations: Cilium knows no annotation io.cilium.network-policy.k8s.io/default'],
    ],
    [
      'rules-outside-policy-types',
      np('{podSelector: {}, policyTypes: [Ingress], egress: [{}]}'),
      ['spec.egress: policyTypes leaves Egress out; Cilium takes the egress rules all the same, other networks do not'],
    ],
    [
      'empty-peer-list',
      cnp(`{${BACK}, ingress: [{fromEndpoints: []}]}`),
      ['spec.ingress[0].fromEndpoints: an empty list selects nobody'],
    ],
    [
      'end-port-unsupported-version',
      np('{podSelector: {}, ingress: [{ports: [{port: 80, endPort: 90}]}]}'),
      ['spec.ingress[0].ports[0]: endPort 90 is ignored before Cilium 1.17'],
      { version: '1.16.6' },
    ],
    [
      'empty-rule-allows-nothing',
      cnp(`{${BACK}, ingress: [{fromEndpoints: [{}]}, {}]}`),
      ['spec.ingress[1]: names neither peers nor ports: it allows nothing'],
    ],
    [
      'selects-nothing',
      cnp('{endpointSelector: {matchLabels: {app: bakc}}, ingress: [{}]}'),
      ['spec.endpointSelector: no pod has app=bakc,k8s:io.kubernetes.pod.namespace=shop'],
    ],
    [
      'peer-selects-nothing',
      cnp(`{${BACK}, ingress: [{fromEndpoints: [{matchLabels: {app: bank}}]}]}`),
      ['spec.ingress[0]: no pod has app=bank,k8s:io.kubernetes.pod.namespace=shop'],
    ],
    [
      'ip-block-cannot-match-pods',
      np('{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.8.0.0/16}}]}]}'),
      ['spec.ingress[0]: 10.8.0.0/16 covers addresses of pods, and matches none of them'],
    ],
    [
      'ip-block-cannot-match-nodes',
      cnp(`{${BACK}, ingress: [{fromCIDR: [10.9.0.0/24]}]}`),
      ['spec.ingress[0]: 10.9.0.0/24 covers node node-1, and does not match it'],
    ],
    [
      'host-network-not-enforced',
      np('{podSelector: {matchLabels: {app: agent}}}', { namespace: 'kube-system' }),
      ['spec: 2 pods it selects run in the host’s network, kube-system/agent for one: it does not hold there'],
    ],
    [
      'node-selector-not-enforced',
      ccnp('{nodeSelector: {}, ingress: [{fromEntities: [cluster]}]}'),
      ['spec.nodeSelector: it selects nodes, and the host firewall is off (enable-host-firewall)'],
    ],
    [
      'deny-only-isolates',
      cnp(`{${BACK}, ingressDeny: [{fromEntities: [world]}]}`),
      ['spec.ingressDeny: it has only ingressDeny, and nothing else allows ingress: all of it is denied'],
    ],
    [
      'authentication-not-available',
      cnp(`{${BACK}, ingress: [{fromEndpoints: [{}], authentication: {mode: required}}]}`),
      ['spec.ingress[0].authentication: asks for mutual authentication, which is off here'],
      { config: { 'mesh-auth-enabled': 'false' } },
    ],
    [
      'identity-labels-excluded',
      cnp(`{${BACK}, ingress: [{fromEndpoints: [{matchLabels: {tier: web}}]}]}`),
      ['spec.ingress[0]: it selects by tier, which is excluded from identities'],
      { config: { labels: '!tier' } },
    ],
    [
      'fqdn-without-dns-rule',
      cnp(`{${FRONT}, egress: [{toFQDNs: [{matchName: a.b}]}, {${dns}}]}`),
      ['spec.egress[0]: names hosts, and no rule about the same pods has rules.dns'],
    ],
    [
      'fqdn-names-a-service',
      cnp(`{${FRONT}, egress: [{toFQDNs: [{matchName: back.shop.svc.cluster.local}]}]}`),
      ['spec.egress[0]: back.shop.svc.cluster.local is a service of the cluster'],
    ],
    [
      'dns-not-allowed',
      cnp(`{${FRONT}, egress: [{toEntities: [world]}]}`),
      ['spec.egress: shop/front may not ask kube-dns (53/UDP)'],
    ],
    [
      'named-port-missing',
      cnp(`{${BACK}, ingress: [{toPorts: [{ports: [{port: htpp, protocol: TCP}]}]}]}`),
      ['spec.ingress[0]: no pod has a TCP port named htpp'],
    ],
    [
      'named-port-ambiguous',
      cnp(`{${FRONT}, egress: [{toEntities: [all], toPorts: [{ports: [{port: http, protocol: TCP}]}]}]}`),
      ['spec.egress[0]: http stands for 8080, 8081 in this cluster'],
      { version: '1.18' },
    ],
    [
      'sctp-not-enforced',
      cnp(`{${BACK}, ingress: [{toPorts: [{ports: [{port: "80", protocol: SCTP}]}]}]}`),
      ['spec.ingress[0]: is about SCTP, which is switched off'],
      { config: { 'enable-sctp': 'false' } },
    ],
    [
      'l7-in-clusterwide',
      ccnp(
        `{${BACK}, ingress: [{fromEndpoints: [{}], toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{}]}}]}]}`,
      ),
      ['spec.ingress[0]: has layer 7 rules, which AKS supports in CiliumNetworkPolicies only'],
    ],
    [
      'duplicate',
      cnp(`{${BACK}, ingress: [{}]}`) + cnp(`{${BACK}, ingress: [{}]}`, { name: 'q' }),
      ['policy: it says the same as CiliumNetworkPolicy shop/p'],
    ],
  ])('%s', (id, policies, expected, setting) => {
    const said = lint(policies, setting).filter((line) => line.startsWith(`policies/${id} `));
    expect(said).toEqual(expected.map((line) => `policies/${id} ${line}`));
  });
});

describe('says nothing of', () => {
  it.each<[string, string, Setting?]>([
    [
      'default deny, in either way',
      np('{podSelector: {}, policyTypes: [Ingress, Egress]}') +
        cnp('{endpointSelector: {}, ingress: [{}], egress: [{}]}'),
    ],
    [
      'a deny beside an allow',
      cnp(`{${BACK}, ingress: [{fromEntities: [all]}], ingressDeny: [{fromEntities: [world]}]}`),
    ],
    [
      'a deny that does not isolate',
      cnp(`{${BACK}, enableDefaultDeny: {ingress: false}, ingressDeny: [{fromEntities: [world]}]}`),
    ],
    [
      'names with DNS, in another policy',
      cnp(`{${FRONT}, egress: [{toFQDNs: [{matchName: a.b}]}]}`) +
        cnp(
          `{endpointSelector: {}, egress: [{${dns}, toPorts: [{ports: [{port: "53"}], rules: {dns: [{matchPattern: "*"}]}}]}]}`,
          { name: 'dns' },
        ),
    ],
    [
      'the internet without the cluster',
      np(
        '{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}, {to: [{namespaceSelector: {}}]}]}',
      ),
    ],
    [
      'SCTP among all protocols',
      cnp(`{${BACK}, ingress: [{toPorts: [{ports: [{port: "80"}]}]}]}`),
      { config: { 'enable-sctp': 'false' } },
    ],
    ['a range where ranges are honoured', np('{podSelector: {}, ingress: [{ports: [{port: 80, endPort: 90}]}]}')],
    [
      'a named port that some pod has',
      cnp(`{${FRONT}, egress: [{toEndpoints: [{}], toPorts: [{ports: [{port: http, protocol: TCP}]}]}, {${dns}}]}`),
    ],
    [
      'every pod of a namespace with agents in it',
      np('{podSelector: {}, ingress: [{}]}', { namespace: 'kube-system' }),
    ],
    [
      'host policies where they hold',
      ccnp('{nodeSelector: {}, ingress: [{fromEntities: [cluster]}]}'),
      { config: { 'enable-host-firewall': 'true' } },
    ],
    ['policies alone, without a cluster', ''],
  ])('%s', (_title, policies, setting) => {
    // That the shop's other pods stay open is said of the namespace, not of a policy.
    expect(lint(policies, setting).filter((line) => !line.startsWith('policies/namespace-'))).toEqual([]);
  });
});

it('a block beside every pod is no longer about addresses, but about the policy map', () => {
  const beside = np(
    '{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}, {namespaceSelector: {}}, {podSelector: {}}]}]}',
  );
  expect(lint(beside)).toEqual([
    'policies/empty-policy-map-risk spec.egress[0]: an ipBlock together with an empty namespaceSelector: an entry for each identity of the cluster',
  ]);
});

it('of the samples that are passed around exactly what is wrong with them', () => {
  // An API version that never was, annotations that Cilium never knew, and every pod of the cluster beside a block.
  const samples = `
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: web-to-store, namespace: default}, spec: {podSelector: {matchLabels: {app: web}},
  policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: store}}}], ports: [{protocol: TCP, port: 9000}]}]}}
---
{apiVersion: cilium.io/v1alpha1, kind: CiliumNetworkPolicy, metadata: {name: web-to-store-cilium, namespace: default, annotations: {io.cilium.network-policy.k8s.io/strict: "true"}},
  spec: {endpointSelector: {matchLabels: {app: web}}, egress: [{toEndpoints: [{matchLabels: {app: store}}], toPorts: [{ports: [{protocol: TCP, port: 9000}]}]}]}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: let-web-in}, spec: {podSelector: {matchLabels: {app: store}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: around-the-block}, spec: {podSelector: {}, policyTypes: [Egress],
  egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}, {namespaceSelector: {}}, {podSelector: {}}]}]}}`;
  const { index } = createEngine(readFacts(objectsOf(samples), { version: NEWEST, dialect: 'cilium' }));
  expect(lintAll(groundOf(index)).map(({ lint: { id }, object }) => `${object.name} ${id}`)).toEqual([
    'web-to-store-cilium policies/unknown-api-version',
    'around-the-block policies/empty-policy-map-risk',
    'web-to-store-cilium policies/seed-annotations',
  ]);
});

describe('of policies in files without pods', () => {
  const alone = (...policies: string[]) => {
    const { index } = createEngine(
      readFacts(objectsOf(policies.join('\n---\n')), { version: NEWEST, dialect: 'cilium' }),
    );
    return lintAll(groundOf(index)).map(
      ({ lint: { id }, lapse: { path } }) => `${id.replace('policies/', '')} ${path}`,
    );
  };
  const anywhere = np('{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}');
  const web = np(
    '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}], ports: [{port: 443}]}]}',
  );
  const withDns = np(
    '{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 53, protocol: UDP}, {port: 53}]}]}',
  ).replace('name: p', 'name: dns');

  it.each<[string, string[], string[]]>([
    [
      'a range of every address never means pods, DNS servers among them',
      [anywhere],
      ['ip-block-cannot-match-pods spec.egress[0]', 'dns-not-allowed spec.egress'],
    ],
    ['who may go anywhere on a port asks for names', [web], ['dns-not-allowed spec.egress']],
    ['where another policy allows DNS it is not missing', [web, withDns], []],
    [
      'a range for those who come in is about pods, too',
      [np('{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: "::/0"}}]}]}')],
      ['ip-block-cannot-match-pods spec.ingress[0]'],
    ],
    [
      'out to the world by its name',
      [cnp('{endpointSelector: {}, egress: [{toEntities: [world]}]}')],
      ['dns-not-allowed spec.egress'],
    ],
    [
      'of whom certain pods are allowed nobody knows what else is',
      [np('{podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}], ports: [{port: 80}]}]}')],
      [],
    ],
    [
      'DNS servers of one’s own',
      [
        np(
          '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}], ports: [{port: 53, protocol: UDP}, {port: 443}]}]}',
        ),
      ],
      [],
    ],
  ])('%s', (_title, policies, expected) => expect(alone(...policies)).toEqual(expected));
});

it('every lint has its file under its id, and is in the list', () => {
  const folder = join(import.meta.dirname, '..', '..', '..', 'src', 'checks', 'policies');
  const files = readdirSync(folder).filter(
    (file) => /^export const \w+: Lint\b/m.test(readFileSync(join(folder, file), 'utf8')) && file !== 'index.ts',
  );
  expect(lints.map(({ id }) => `${id.replace('policies/', '')}.ts`).sort()).toEqual(files.sort());
  for (const { title, why } of lints) expect([title.length < 60, why.split(/\. /).length <= 3]).toEqual([true, true]);
});
