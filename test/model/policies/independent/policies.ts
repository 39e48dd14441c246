import type { RawObject } from '../../../../src/model/objects/row.ts';
import type { Entry, Question } from './evaluate.ts';
import type { End } from './identity.ts';
import { isRejected } from './rejected.ts';
import {
  type CidrRule,
  CLUSTER,
  inCidr,
  isEntity,
  nameMatches,
  ownCluster,
  peerOf,
  type Selector,
  selects,
  subjectOf,
} from './selectors.ts';

// NetworkPolicy, CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy as entries: subject, peers, ports, verdict.

export type Port = { port?: string | number; endPort?: number; protocol?: string };
export type PortRule = {
  ports?: Port[];
  rules?: { http?: object[]; dns?: object[]; kafka?: object[]; l7proto?: string; l7?: object[] };
  serverNames?: string[];
  terminatingTLS?: object;
  originatingTLS?: object;
  listener?: { name: string };
};
export type ApiRule = {
  [peers: string]: unknown;
  toPorts?: PortRule[];
  icmps?: { fields?: { family?: string; type: number | string }[] }[];
};
export type Spec = {
  endpointSelector?: Selector;
  nodeSelector?: Selector;
  ingress?: ApiRule[];
  ingressDeny?: ApiRule[];
  egress?: ApiRule[];
  egressDeny?: ApiRule[];
  enableDefaultDeny?: { ingress?: boolean; egress?: boolean };
};
type Direction = 'ingress' | 'egress';

export function entriesOf(direction: Direction, subject: End, objects: readonly RawObject[]): Entry[] {
  return objects.flatMap((object) => {
    const { namespace = '', name } = (object.metadata ?? {}) as { namespace?: string; name: string };
    const policy = `${object.kind}/${namespace}/${name}`;
    if (object.kind === 'NetworkPolicy') return fromKubernetes(direction, subject, object, policy, namespace, objects);
    if (object.kind !== 'CiliumNetworkPolicy' && object.kind !== 'CiliumClusterwideNetworkPolicy') return [];
    const { spec, specs = [] } = object as { spec?: Spec; specs?: Spec[] };
    const all = [...(spec ? [spec] : []), ...specs];
    if (all.length === 0 || all.some((one) => isRejected(one, namespace))) return [];
    return all.flatMap((one) => fromCilium(direction, subject, one, policy, namespace, objects));
  });
}

function fromCilium(
  direction: Direction,
  subject: End,
  spec: Spec,
  policy: string,
  namespace: string,
  objects: readonly RawObject[],
): Entry[] {
  // Host policies: nobody's here, the host firewall is off.
  if (!spec.endpointSelector || !selects(subjectOf(spec.endpointSelector, namespace), subject.labels)) return [];
  const defaultDeny = spec.enableDefaultDeny?.[direction] ?? true;
  const endpoints = spec.endpointSelector;
  return ([direction, `${direction}Deny`] as const).flatMap((list) =>
    (spec[list] ?? []).map((rule): Entry => {
      return {
        policy,
        deny: list !== direction,
        defaultDeny,
        matches: (peer, question, target) => {
          const peers = peersOf(rule, namespace, endpoints, objects);
          const ports = portsOf(rule);
          if (peers === 'nobody' || (peers === 'not said' && ports === 'not said')) return false;
          return (peers === 'not said' || peers(peer)) && (ports === 'not said' || ports(question, target));
        },
      };
    }),
  );
}

type Peers = ((peer: End) => boolean) | 'nobody' | 'not said';

function peersOf(rule: ApiRule, namespace: string, subject: Selector, objects: readonly RawObject[]): Peers {
  const list = <T>(name: string) => (rule[`from${name}`] ?? rule[`to${name}`]) as T[] | undefined;
  const endpoints = list<Selector>('Endpoints');
  const entities = list<string>('Entities');
  const cidrs = list<string>('CIDR')?.map((cidr): CidrRule => ({ cidr }));
  const cidrSets = list<CidrRule>('CIDRSet');
  const fqdns = rule.toFQDNs as { matchName?: string; matchPattern?: string }[] | undefined;
  const services = rule.toServices as { k8sService?: { serviceName: string; namespace?: string } }[] | undefined;
  for (const one of [endpoints, entities, cidrs, cidrSets]) if (one?.length === 0) return 'nobody';
  if (endpoints)
    return ({ labels }) =>
      endpoints.some((one) => selects(peerOf(one, namespace, subject, ownCluster(objects)), labels));
  if (entities) return ({ labels }) => entities.some((one) => isEntity(one, labels));
  const blocks = cidrs ?? cidrSets;
  if (blocks) return (peer) => blocks.some((one) => inCidr(one, peer, objects));
  if (fqdns && fqdns.length > 0)
    return ({ learned }) => learned !== '' && fqdns.some((one) => nameMatches(one, learned));
  if (services && services.length > 0)
    return (peer) => services.some(({ k8sService }) => k8sService && isBackend(peer, k8sService, namespace, objects));
  return 'not said';
}

function isBackend(
  { labels, namespace }: End,
  service: { serviceName: string; namespace?: string },
  own: string,
  objects: readonly RawObject[],
): boolean {
  const where = service.namespace ?? own;
  return objects.some((one) => {
    const { name, namespace: at } = one.metadata as { name: string; namespace?: string };
    const { selector } = (one.spec ?? {}) as { selector?: Record<string, string> };
    if (one.kind !== 'Service' || name !== service.serviceName || at !== where || at !== namespace) return false;
    return selector !== undefined && selects({ matchLabels: selector }, labels);
  });
}

function portsOf({ toPorts = [], icmps = [] }: ApiRule): ((question: Question, target: End) => boolean) | 'not said' {
  if (toPorts.length === 0 && icmps.length === 0) return 'not said';
  return (question, target) => {
    if (question.protocol === 'ICMP') {
      const fields = icmps.flatMap(({ fields: some = [] }) => some);
      return fields.some(({ family, type }) => family !== 'IPv6' && icmpType(type) === question.port);
    }
    return toPorts.some(({ ports = [] }) => ports.some((port) => portMatches(port, question, target)));
  };
}

function icmpType(type: number | string): number {
  return type === 'EchoRequest' ? 8 : type === 'EchoReply' ? 0 : Number(type);
}

function portMatches({ port = 0, endPort = 0, protocol = 'ANY' }: Port, question: Question, target: End): boolean {
  if (protocol !== 'ANY' && protocol !== question.protocol) return false;
  if (question.protocol === 'ICMP') return false;
  const number = Number(port);
  if (Number.isNaN(number))
    return target.ports.some(
      (one) =>
        one.name === String(port).toLowerCase() && one.port === question.port && one.protocol === question.protocol,
    );
  if (number === 0 && (endPort === 0 || endPort === 65_535)) return true;
  return endPort > number ? number <= question.port && question.port <= endPort : number === question.port;
}

type KubernetesRule = {
  from?: { podSelector?: Selector; namespaceSelector?: Selector; ipBlock?: CidrRule }[];
  to?: KubernetesRule['from'];
  ports?: Port[];
};

function fromKubernetes(
  direction: Direction,
  subject: End,
  object: RawObject,
  policy: string,
  namespace: string,
  objects: readonly RawObject[],
): Entry[] {
  const spec = object.spec as {
    podSelector?: Selector;
    policyTypes?: string[];
    ingress?: KubernetesRule[];
    egress?: KubernetesRule[];
  };
  if (subject.namespace !== namespace || !selects(k8s(spec.podSelector ?? {}), subject.labels)) return [];
  const rules = spec[direction] ?? [];
  const types = spec.policyTypes ?? [];
  const cluster = ownCluster(objects);
  const ofCluster: Selector = cluster === '' ? {} : { matchLabels: { [CLUSTER]: cluster } };
  const isolates =
    direction === 'ingress' ? types.includes('Ingress') || !types.includes('Egress') : types.includes('Egress');
  const entry = (matches: Entry['matches']): Entry => ({ policy, deny: false, defaultDeny: true, matches });
  if (rules.length === 0) return isolates ? [entry(() => false)] : [];
  // Rules of a direction that policyTypes leaves out are in force all the same: Cilium does not look.
  return rules.map((rule) =>
    entry((peer, question, target) => {
      const peers = (direction === 'ingress' ? rule.from : rule.to) ?? [];
      const isPeer =
        peers.length === 0 ||
        peers.some(({ podSelector, namespaceSelector, ipBlock }) => {
          if (ipBlock) return inCidr(ipBlock, peer, objects);
          if (!namespaceSelector) return peer.namespace === namespace && selects(k8s(podSelector ?? {}), peer.labels);
          // Only an empty selector asks for a namespace at all: `not in production` is also true of the world.
          const any = isEmpty(namespaceSelector) && peer.namespace === '';
          const inCluster = isEmpty(ofCluster) || selectsCluster(podSelector) || selects(k8s(ofCluster), peer.labels);
          return (
            inCluster &&
            !any &&
            selects(ofNamespace(namespaceSelector), peer.labels) &&
            selects(k8s(podSelector ?? {}), peer.labels)
          );
        });
      const ports = rule.ports ?? [];
      return (
        isPeer &&
        (ports.length === 0 || ports.some((port) => portMatches({ protocol: 'TCP', ...port }, question, target)))
      );
    }),
  );
}

function selectsCluster({ matchLabels = {}, matchExpressions = [] }: Selector = {}): boolean {
  return CLUSTER in matchLabels || matchExpressions.some(({ key }) => key === CLUSTER);
}

function isEmpty({ matchLabels = {}, matchExpressions = [] }: Selector): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

function k8s(selector: Selector, prefix = ''): Selector {
  const key = (text: string) => `k8s:${prefix}${text}`;
  return {
    matchLabels: Object.fromEntries(
      Object.entries(selector.matchLabels ?? {}).map(([name, value]) => [key(name), value]),
    ),
    matchExpressions: (selector.matchExpressions ?? []).map((one) => ({ ...one, key: key(one.key) })),
  };
}

function ofNamespace(selector: Selector): Selector {
  return k8s(selector, 'io.cilium.k8s.namespace.labels.');
}
