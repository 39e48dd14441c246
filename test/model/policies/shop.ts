import { parseAllDocuments } from 'yaml';
import type { RawObject } from '../../../src/model/objects/row.ts';
import type { DirectionVerdict } from '../../../src/model/policies/direction-verdict.ts';
import type { Peer } from '../../../src/model/policies/ends.ts';
import { NEWEST } from '../../../src/model/policies/modes.ts';
import { readFacts } from '../../../src/model/policies/read-facts.ts';
import type { PolicyRef, Protocol } from '../../../src/model/policies/rule.ts';
import { createEngine, type Engine } from '../../../src/model/policies/verdict.ts';

// A small shop on two nodes: shop/{front,back,cart}, pay/{bank,audit}, a DNS server, and an agent in node-2's network.
const cluster = `
{kind: Node, metadata: {name: node-1, labels: {pool: web}}, status: {addresses: [{type: InternalIP, address: 10.9.0.1}]}}
---
{kind: Node, metadata: {name: node-2, labels: {pool: agents}}, status: {addresses: [{type: InternalIP, address: 10.9.0.2}]}}
---
{kind: Namespace, metadata: {name: shop, labels: {team: sales, env: live}}}
---
{kind: Namespace, metadata: {name: pay, labels: {team: money, env: live}}}
---
{kind: Namespace, metadata: {name: kube-system}}
---
{kind: Pod, metadata: {name: front, namespace: shop, labels: {app: front, tier: web}}, spec: {nodeName: node-1, serviceAccountName: clerk,
  containers: [{name: c, ports: [{name: http, containerPort: 8080}, {name: metrics, containerPort: 9090}]}]}, status: {podIP: 10.8.0.1}}
---
{kind: Pod, metadata: {name: back, namespace: shop, labels: {app: back}}, spec: {nodeName: node-1,
  containers: [{name: c, ports: [{name: http, containerPort: 8081}, {name: dns, containerPort: 53, protocol: UDP}]}]}, status: {podIP: 10.8.0.2}}
---
{kind: Pod, metadata: {name: cart, namespace: shop, labels: {app: cart}}, spec: {nodeName: node-1, containers: [{name: c}]}, status: {podIP: 10.8.0.3}}
---
{kind: Pod, metadata: {name: bank, namespace: pay, labels: {app: bank}}, spec: {nodeName: node-1, containers: [{name: c, ports: [{name: http, containerPort: 8080}]}]}, status: {podIP: 10.8.0.4}}
---
{kind: Pod, metadata: {name: audit, namespace: pay, labels: {app: audit, tier: web}}, spec: {nodeName: node-1, containers: [{name: c}]}, status: {podIP: 10.8.0.5}}
---
{kind: Pod, metadata: {name: dns, namespace: kube-system, labels: {k8s-app: kube-dns}}, spec: {nodeName: node-1, containers: [{name: c, ports: [{name: dns, containerPort: 53, protocol: UDP}]}]}, status: {podIP: 10.8.0.6}}
---
{kind: Pod, metadata: {name: agent, namespace: kube-system, labels: {app: agent}}, spec: {nodeName: node-2, hostNetwork: true, containers: [{name: c}]}, status: {podIP: 10.9.0.2}}
---
{kind: Pod, metadata: {name: agent-1, namespace: kube-system, labels: {app: agent}}, spec: {nodeName: node-1, hostNetwork: true, containers: [{name: c}]}, status: {podIP: 10.9.0.1}}
`;

export type Setting = {
  dialect?: 'cilium' | 'generic';
  version?: string;
  live?: boolean;
  /** Data of cilium-config. */
  config?: Record<string, string>;
  /** More objects, as YAML. */
  objects?: string;
};

export function objectsOf(yaml: string): RawObject[] {
  return parseAllDocuments(yaml)
    .map((document) => document.toJS() as RawObject | null)
    .filter((one) => one !== null);
}

const always: readonly RawObject[] = objectsOf(cluster);

/** The shop with these policies. */
export function shop(
  policies: string,
  { dialect = 'cilium', version = NEWEST, live = false, config, objects = '' }: Setting = {},
): Engine {
  const all = [...always, ...objectsOf(`${objects}\n---\n${policies}`)];
  if (config)
    all.push({ kind: 'ConfigMap', metadata: { namespace: 'kube-system', name: 'cilium-config' }, data: config });
  return createEngine(readFacts(all, { version, dialect, live }));
}

/** A policy of the shop with only what a case is about written out. */
export function cnp(spec: string, { name = 'p', namespace = 'shop' } = {}): string {
  return `{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: ${name}, namespace: ${namespace}}, spec: ${spec}}\n---\n`;
}

export function ccnp(spec: string, name = 'c'): string {
  return `{apiVersion: cilium.io/v2, kind: CiliumClusterwideNetworkPolicy, metadata: {name: ${name}}, spec: ${spec}}\n---\n`;
}

export function np(spec: string, { name = 'n', namespace = 'shop' } = {}): string {
  return `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: ${name}, namespace: ${namespace}}, spec: ${spec}}\n---\n`;
}

/**
 * `shop/front > shop/back 8081` (TCP where no protocol is written) → the verdict, then egress and ingress with who
 * decided: `deny: not-isolated, default-deny p`.
 */
export function ask(engine: Engine, question: string): string {
  const { verdict, egress, ingress, l7 } = engine.ask(parse(question));
  const proxy = l7 ? ` via ${l7.type}` : '';
  return `${verdict}: ${side(egress)}, ${side(ingress)}${proxy}`;
}

export function parse(question: string) {
  const [from = '', to = '', what = ''] = question.split(/ > | (?=\S+$)/);
  const [port, protocol = 'TCP'] = what.split('/');
  return { from: peer(from), to: peer(to), port: Number(port), protocol: protocol as Protocol };
}

function peer(text: string): Peer {
  const [kind, rest = ''] = text.split(/:(.*)/s);
  if (kind === 'ip') return { ip: rest };
  if (kind === 'entity') return { entity: rest };
  const [fqdn = '', ip] = rest.split('@');
  return kind === 'fqdn' ? { fqdn, ...(ip ? { ip } : {}) } : { pod: text };
}

function side({ reason, rules, isolating }: DirectionVerdict): string {
  const named = ({ name }: PolicyRef, path: string) => (path === '' ? name : `${name} ${path}`);
  const by =
    reason === 'default-deny'
      ? isolating.map((ref) => named(ref, ''))
      : rules.map((rule) => named(rule.policy, rule.path));
  return by.length === 0 ? reason : `${reason} ${by.join('+')}`;
}
