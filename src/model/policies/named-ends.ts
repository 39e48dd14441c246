import { text } from '../objects/raw.ts';
import type { PodFacts, PolicyFacts, ServiceFacts } from './facts.ts';
import type { PodsOf } from './groups.ts';
import { podsBehind } from './service-backends.ts';
import { isAddress, type Side, sideOfEntity, sideOutside, sidesOfPods } from './sides.ts';

/** An end as somebody named it, found. */
export type NamedEnd = {
  /** `pod shop/checkout-7d…`, `3 pods of Deployment shop/checkout`. */
  text: string;
  sides: readonly Side[];
  /** The service of that name; `named` = it is what was meant, else it only has ports that its pods do not declare. */
  service: { of: ServiceFacts; named: boolean } | undefined;
};

/**
 * Finds what a name stands for: `shop/db` is a pod, else a workload, else a service; `svc/shop/db` and the like say
 * which. A sentence where there is no such thing, or more than one. `perNode` keeps pods of different nodes apart.
 */
export function findNamedEnd(of: PodsOf, typed: string, perNode = false): NamedEnd | string {
  const name = text(typed, 400).trim();
  if (name.startsWith('entity:')) return entityEnd(name.slice('entity:'.length));
  if (name.startsWith('fqdn:')) {
    const [fqdn = '', ip] = name.slice('fqdn:'.length).split('@');
    if (fqdn === '') return 'A name is missing after fqdn:.';
    return outsideEnd(sideOutside({ fqdn, ...(ip === undefined ? {} : { ip }) }), `the name ${fqdn}`);
  }
  const address = name.startsWith('ip:') ? name.slice(3) : name;
  if (isAddress(address)) return addressEnd(of, address, perNode);
  const wanted = parseName(name, of.facts);
  return typeof wanted === 'string' ? wanted : objectEnd(of, wanted, perNode);
}

const ENTITIES = ['world', 'host', 'remote-node', 'kube-apiserver', 'health', 'init', 'ingress', 'unmanaged'];

/** Names that begin as typed, workloads and services before pods. */
export function endNames({ facts }: PodsOf, typed: string, most = 50): readonly string[] {
  const start = typed.trim().toLowerCase();
  const begins = (name: string) => name.startsWith(start) || (!start.includes('/') && name.includes(`/${start}`));
  const found = new Set<string>();
  const later = new Set<string>();
  for (const { namespace, name } of facts.services) {
    if (begins(`${namespace}/${name}`)) found.add(`${namespace}/${name}`);
  }
  for (const { namespace, name, workload, ended } of facts.pods) {
    if (ended) continue;
    const full = `${namespace}/${workload.name}`;
    if (begins(full)) found.add(full);
    if (later.size < most && begins(`${namespace}/${name}`)) later.add(`${namespace}/${name}`);
  }
  const entities = ENTITIES.map((one) => `entity:${one}`).filter((one) => one.startsWith(start));
  // Exactly what was typed so far before what merely contains it.
  const order = (name: string) => `${name.startsWith(start) ? 0 : 1}${name}`;
  const named = [...found].toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
  return [...new Set([...named, ...[...later].sort(), ...entities])].slice(0, most);
}

type Wanted = { /** In lower case, '' = any. */ kind: string; namespace: string | undefined; name: string };

const KINDS: Readonly<Record<string, string>> = {
  po: 'pod',
  svc: 'service',
  deploy: 'deployment',
  sts: 'statefulset',
  ds: 'daemonset',
  rs: 'replicaset',
  no: 'node',
};
const KNOWN = ['pod', 'service', 'deployment', 'statefulset', 'daemonset', 'replicaset', 'job', 'node'];

function parseName(name: string, { pods }: PolicyFacts): Wanted | string {
  const parts = name.split('/');
  const [first = '', second, third] = parts;
  if (parts.length > 3 || parts.includes('')) return `"${name}" names no end: ${EXAMPLES}`;
  const kind = kindOf(first);
  if (second === undefined) return { kind: '', namespace: undefined, name: first };
  if (third !== undefined) {
    return kind === '' ? `"${first}" is no kind of end: ${EXAMPLES}` : { kind, namespace: second, name: third };
  }
  if (kind !== '' && !pods.some(({ namespace }) => namespace === first))
    return { kind, namespace: undefined, name: second };
  return { kind: '', namespace: first, name: second };
}

const EXAMPLES = 'give NAMESPACE/NAME, svc/NAMESPACE/NAME, an address, entity:world or fqdn:NAME.';

function kindOf(word: string): string {
  const lower = word.toLowerCase().replace(/s$/, '');
  const known = KINDS[word.toLowerCase()] ?? lower;
  return KNOWN.includes(known) ? known : '';
}

function objectEnd(of: PodsOf, wanted: Wanted, perNode: boolean): NamedEnd | string {
  const { kind, namespace, name } = wanted;
  const { facts } = of;
  if (kind === 'node') return nodeEnd(facts, name);
  const here = facts.pods.filter((pod) => !pod.ended && (namespace === undefined || pod.namespace === namespace));
  const one = kind === '' || kind === 'pod' ? here.filter((pod) => pod.name === name) : [];
  const many =
    kind === 'pod' || kind === 'service' ? [] : here.filter(({ workload }) => isWorkload(workload, kind, name));
  const pods = one.length > 0 ? one : many;
  const services =
    kind === '' || kind === 'service'
      ? facts.services.filter(
          (service) => service.name === name && (namespace === undefined || service.namespace === namespace),
        )
      : [];
  const places = new Set((pods.length > 0 ? pods : services).map((found) => found.namespace));
  if (places.size > 1)
    return `${name} is in ${[...places].sort().join(', ')}: say which, as ${[...places].sort()[0]}/${name}.`;
  const service = services.find((found) => places.has(found.namespace));
  if (pods.length > 0) {
    const text = one.length > 0 ? `pod ${podName(one[0])}` : workloadText(many);
    return { text, sides: sidesOfPods(of, pods, perNode), service: service && { of: service, named: false } };
  }
  return service ? serviceEnd(of, service, perNode) : nothingWords(wanted, facts);
}

function isWorkload(workload: PodFacts['workload'], kind: string, name: string): boolean {
  return workload.name === name && (kind === '' || workload.kind.toLowerCase() === kind);
}

function workloadText(pods: readonly PodFacts[]): string {
  const [first] = pods;
  const kinds = new Set(pods.map(({ workload }) => workload.kind));
  const what = `${[...kinds].join(' and ')} ${first?.namespace}/${first?.workload.name}`;
  return `${pods.length === 1 ? 'the pod' : `${pods.length} pods`} of ${what}`;
}

function podName(pod: PodFacts | undefined): string {
  return `${pod?.namespace}/${pod?.name}`;
}

function serviceEnd(of: PodsOf, service: ServiceFacts, perNode: boolean): NamedEnd | string {
  const { pods, outside } = podsBehind(of.facts, service);
  const name = `service ${service.namespace}/${service.name}`;
  const sides = [...sidesOfPods(of, pods, perNode), ...outside.map((ip) => sideOutside({ ip }))];
  if (sides.length === 0) return `Nothing stands behind ${name}: it has no endpoints.`;
  const count = pods.length + outside.length;
  return { text: `${name}, ${count} behind it`, sides, service: { of: service, named: true } };
}

function nodeEnd(facts: PolicyFacts, name: string): NamedEnd | string {
  const ip = facts.nodes.find((node) => node.name === name)?.ips[0];
  if (ip === undefined) return `There is no node ${name}.`;
  return outsideEnd({ ...sideOutside({ ip }), kind: 'Node', name, node: 'a node' }, `node ${name}`);
}

function addressEnd(of: PodsOf, ip: string, perNode: boolean): NamedEnd | string {
  const { facts } = of;
  const pod = facts.pods.find((one) => !one.ended && !one.hostNetwork && one.ips.includes(ip));
  if (pod) return { text: `pod ${podName(pod)} (${ip})`, sides: sidesOfPods(of, [pod], perNode), service: undefined };
  const node = facts.nodes.find((one) => one.ips.includes(ip));
  if (node)
    return outsideEnd(
      { ...sideOutside({ ip }), kind: 'Node', name: node.name, node: 'a node' },
      `node ${node.name} (${ip})`,
    );
  const service = facts.services.find((one) => one.ips.includes(ip));
  return service ? serviceEnd(of, service, perNode) : outsideEnd(sideOutside({ ip }), `${ip}, outside the cluster`);
}

function entityEnd(entity: string): NamedEnd | string {
  if (!ENTITIES.includes(entity)) return `"${entity}" is no end: there are ${ENTITIES.join(', ')}.`;
  return outsideEnd(sideOfEntity(entity), `entity ${entity}`);
}

function outsideEnd(side: Side, text: string): NamedEnd {
  return { text, sides: [side], service: undefined };
}

function nothingWords({ kind, namespace, name }: Wanted, facts: PolicyFacts): string {
  const what = kind === '' ? 'pod, workload or service' : kind;
  if (
    namespace !== undefined &&
    !facts.namespaces.has(namespace) &&
    !facts.pods.some((pod) => pod.namespace === namespace)
  )
    return `There is no namespace ${namespace}.`;
  return `There is no ${what} ${namespace === undefined ? name : `${namespace}/${name}`}.`;
}
