// Who talks to whom, and what becomes of it, as Hubble would log it: what is denied is what the agents count as drops.
import type { L7, Rule } from '../../model/policies/rule.ts';
import { chance, chanceBetween, pick } from '../voices/chance.ts';
import { attemptsPerSecond, deniedFlowsOf } from '../voices/drops.ts';
import type { PolicyView } from '../voices/policy-view.ts';
import { type CausesInForce, type FailingAnswers, noCauses } from '../world/causes.ts';
import type { Seen } from './observed.ts';

/** Between two pods, seen from one side. */
export type Conversation = {
  key: string;
  /** The node whose agent sees it. */
  node: string;
  /** Both ends are there since; of what is forwarded: they talk. */
  since: number;
  /** Until one of the two left; Infinity: it goes on. */
  until: number;
  perSecond: number;
  /** The columns that say who the two are. */
  ends: Readonly<Record<string, unknown>>;
  direction: 'INGRESS' | 'EGRESS';
  verdict: 'FORWARDED' | 'DROPPED';
  /** As Hubble names it: POLICY_DENIED by default, POLICY_DENY by a rule that says so. */
  dropReason: string;
  protocol: string;
  port: number;
  /** The column of the policies that decided; null where no rule did. */
  policies: unknown;
  /** What the proxy saw, without names and paths: aggregation drops them. */
  layer7: Readonly<Record<string, unknown>> | undefined;
};

/** Forwarded conversations that are told of, at most: there are always more than anybody would log. */
const mostForwarded = 90;

/** `left` are those that are there no more: they talked to whoever was there with them. */
export function conversations(
  view: PolicyView,
  seen: readonly Seen[],
  left: readonly Seen[] = [],
  causes: CausesInForce = noCauses(),
): Conversation[] {
  const now = Map.groupBy(seen, ({ identity }) => identity);
  const ever = Map.groupBy([...seen, ...left], ({ identity }) => identity);
  return [
    ...seen.flatMap((one) => denied(view, one, now)),
    ...left.flatMap((one) => denied(view, one, ever)),
    ...forwarded(view, seen, seen),
    ...forwarded(view, left, seen),
    ...called(view, seen, causes),
  ];
}

function denied(view: PolicyView, own: Seen, byIdentity: ReadonlyMap<number, readonly Seen[]>): Conversation[] {
  return deniedFlowsOf(view, own.endpoint).flatMap((flow) => {
    const others = (byIdentity.get(flow.identity) ?? []).filter(
      (one) => one.until > own.since && one.since < own.until,
    );
    const other = others[chanceBetween(`${own.pod} ${flow.identity}`, 0, Math.max(0, others.length - 1))];
    if (other === undefined) return [];
    const egress = flow.direction === 'EGRESS';
    return conversation(egress ? own : other, egress ? other : own, flow.direction, {
      perSecond: attemptsPerSecond,
      verdict: 'DROPPED',
      dropReason: flow.denied ? 'POLICY_DENY' : 'POLICY_DENIED',
      protocol: flow.protocol,
      port: flow.port,
      rules: flow.denied ? flow.verdict.rules : [],
    });
  });
}

/** What some of these say to their resolver and to a partner among `seen`. */
function forwarded(view: PolicyView, own: readonly Seen[], seen: readonly Seen[]): Conversation[] {
  const resolver = seen.find(({ namespace, workload }) => namespace === 'kube-system' && workload.name === 'coredns');
  const talkers = own.filter(({ namespace }) => namespace !== 'kube-system');
  const sorted = talkers.toSorted((a, b) => chance(`${a.pod} talks`) - chance(`${b.pod} talks`));
  const told: Conversation[] = [];
  for (const from of sorted) {
    if (told.length >= mostForwarded) break;
    if (resolver !== undefined) told.push(...forwardedTo(view, from, resolver, 53, 'UDP'));
    const to = partnerOf(from, seen);
    if (to !== undefined) told.push(...forwardedTo(view, from, to, portOf(to), 'TCP'));
  }
  return told;
}

/** Steady traffic: spread over whoever answers, or held on to whoever answered first. */
function called(view: PolicyView, seen: readonly Seen[], causes: CausesInForce): Conversation[] {
  const since = causes.since('calls');
  return causes.now().calls.flatMap(({ namespace, from, to, perSecond, held }) => {
    const here = seen.filter((one) => one.namespace === namespace && one.answersSince < Number.POSITIVE_INFINITY);
    const backends = here.filter((one) => hasLabels(one, to)).sort((a, b) => a.answersSince - b.answersSince);
    const chosen = held ? backends.slice(0, 1) : backends;
    return here
      .filter((one) => hasLabels(one, from))
      .flatMap((client) =>
        chosen.flatMap((backend) => {
          const steady = { since, perSecond: perSecond / chosen.length, causes };
          return forwardedTo(view, client, backend, portOf(backend), 'TCP', steady);
        }),
      );
  });
}

function hasLabels({ endpoint }: Seen, labels: Readonly<Record<string, string>>): boolean {
  const own = endpoint.status?.identity?.labels ?? [];
  return Object.entries(labels).every(([key, value]) => own.includes(`k8s:${key}=${value}`));
}

type Steady = { since: number; perSecond: number; causes: CausesInForce };

/** As the receiving side sees it, and as the proxy does where one looks into it. Nothing where a policy stops it. */
function forwardedTo(
  view: PolicyView,
  source: Seen,
  destination: Seen,
  port: number,
  protocol: 'TCP' | 'UDP',
  steady?: Steady,
): Conversation[] {
  const verdicts = view.verdicts(source.identity, destination.identity, { port, protocol });
  if (verdicts?.egress.verdict !== 'allow' || verdicts.ingress.verdict !== 'allow') return [];
  const key = `${source.pod} ${destination.pod} ${port}`;
  const perSecond = steady?.perSecond ?? 0.1 + chance(`${key} rate`) * 0.9;
  const failing = steady && failingOf(destination, steady.causes);
  const base = { verdict: 'FORWARDED' as const, dropReason: '', protocol, port };
  const plain = conversation(source, destination, 'INGRESS', { ...base, perSecond, rules: verdicts.ingress.rules });
  const looks = (['egress', 'ingress'] as const).flatMap((side) => {
    const { rules } = verdicts[side];
    const l7 = seenBy(rules);
    if (l7 === undefined) return [];
    // What the proxy logs of a call is its answer, which goes the other way.
    return answersOf(l7, `${source.workload.name}.${source.namespace}`, failing).map(({ layer7, share }) =>
      conversation(destination, source, side === 'egress' ? 'INGRESS' : 'EGRESS', {
        ...base,
        perSecond: perSecond * share,
        rules,
        layer7,
      }),
    );
  });
  const told = [plain, ...looks];
  return steady === undefined
    ? told
    : told.map((one) => ({ ...one, key: `${one.key} steady`, since: Math.max(one.since, steady.since) }));
}

/** What a proxy looks at, also where it lets everything by. */
function seenBy(rules: readonly Rule[]): L7 | undefined {
  const ports = rules.flatMap((rule) => (rule.ports === 'all' ? [] : rule.ports));
  return ports.flatMap((port) => (port.type === 'transport' ? (port.l7 ?? []) : []))[0];
}

/** Resolvers look names up with each search domain first, so that one answer in a few says that there is no such name. */
function answersOf(
  { type }: L7,
  who: string,
  failing?: FailingAnswers,
): { layer7: Record<string, unknown>; share: number }[] {
  if (type === 'dns') {
    const dns = (rcode: number, share: number) => ({
      layer7: { type: 'RESPONSE', dns: { rcode, qtypes: ['A', 'AAAA'], rrtypes: rcode === 0 ? ['A'] : [] } },
      share,
    });
    return [dns(0, 0.7), dns(3, 0.25), ...(chance(`${who} servfail`) < 0.3 ? [dns(2, 0.05)] : [])];
  }
  if (type !== 'http') return [];
  const http = (code: number, share: number) => ({
    layer7: { type: 'RESPONSE', http: { code, method: pick(`${who} method`, ['GET', 'POST']), protocol: 'HTTP/1.1' } },
    share,
  });
  if (failing !== undefined) return [http(200, 1 - failing.share), http(failing.status, failing.share)];
  return [http(200, 0.92), http(503, 0.05), http(404, 0.03)];
}

function failingOf(server: Seen, causes: CausesInForce): FailingAnswers | undefined {
  return causes
    .now()
    .failingAnswers.find(({ namespace, labels }) => namespace === server.namespace && hasLabels(server, labels));
}

type About = Pick<Conversation, 'perSecond' | 'verdict' | 'dropReason' | 'protocol' | 'port'> & {
  rules: readonly Rule[];
  layer7?: Conversation['layer7'];
};

function conversation(
  source: Seen,
  destination: Seen,
  direction: Conversation['direction'],
  about: About,
): Conversation {
  const kind = `${about.port}/${about.protocol} ${about.dropReason} ${JSON.stringify(about.layer7 ?? '')}`;
  const { rules, ...plain } = about;
  return {
    ...plain,
    layer7: about.layer7,
    key: `${source.namespace}/${source.pod} ${destination.namespace}/${destination.pod} ${direction} ${kind}`,
    node: direction === 'EGRESS' ? source.node : destination.node,
    ends: endsOf(source, destination),
    policies: policiesOf(rules),
    since:
      about.verdict === 'DROPPED'
        ? Math.max(source.since, destination.since)
        : Math.max(source.answersSince, destination.answersSince),
    until: Math.min(source.until, destination.until),
    direction,
  };
}

function endsOf(source: Seen, destination: Seen): Record<string, unknown> {
  return {
    SourceNamespace: source.namespace,
    SourcePodName: source.pod,
    SourceIdentity: source.identity,
    SourceWorkloads: [source.workload],
    DestinationNamespace: destination.namespace,
    DestinationPodName: destination.pod,
    DestinationIdentity: destination.identity,
    DestinationWorkloads: [destination.workload],
  };
}

/** Hubble names the policies of the rules that decided; what no rule allows is denied by none in particular. */
function policiesOf(rules: readonly Rule[]): unknown {
  if (rules.length === 0) return null;
  return rules.map(({ policy: { kind, namespace, name } }) => ({
    name,
    namespace,
    kind,
    labels: [
      `k8s:io.cilium.k8s.policy.derived-from=${kind}`,
      `k8s:io.cilium.k8s.policy.name=${name}`,
      `k8s:io.cilium.k8s.policy.namespace=${namespace}`,
    ],
    revision: '1',
  }));
}

/** Somebody of the same namespace whom it is usual to talk to. */
function partnerOf(from: Seen, seen: readonly Seen[]): Seen | undefined {
  const others = seen.filter(
    (one) => one.namespace === from.namespace && one.identity !== from.identity && portOf(one) > 0,
  );
  return others[chanceBetween(`${from.pod} partner`, 0, Math.max(0, others.length - 1))];
}

function portOf({ endpoint }: Seen): number {
  return endpoint.status?.['named-ports']?.[0]?.port ?? 0;
}
