import { count, names } from '../checks/words.ts';
import type { Drop } from '../model/agent-says/agent-says.ts';
import { agents } from '../model/agents.ts';
import { dropMeaning } from '../model/drop-reasons.ts';
import type { Protocol } from '../model/policies/rule.ts';
import { type ObjectRef, refText } from '../model/ref.ts';
import { serviceWays } from '../model/service-way.ts';
import { deniedNow } from '../queries/denied-now.ts';
import { nodeRef } from './agent-on-node.ts';
import { changedBefore } from './changed-before.ts';
import { type DropRate, dropRates, leastPerSecond } from './drop-rates.ts';
import { droppedPackets, nameOfAddress } from './dropped-packets.ts';
import { askLogs, hasLogs } from './logged.ts';
import { mustRead, nothingOf, readBy, seen, speaksFor } from './look.ts';
import type { Cause, Confidence, LookAsks, Looked, Runbook, RunState } from './runbook.ts';
import { wayTroubles } from './service-troubles.ts';

/** The second playbook of the network observability guide. */
export const packetDrops: Runbook = {
  id: 'packet-drops',
  title: 'Packets are dropped',
  says: 'Which packets the agents drop now, for which reason, on which nodes, and what stands behind it: a policy, a service that leads nowhere, a full table, a pod that sends with another’s address, no route. Rules out drops in the cluster; what is lost beyond the node (NSG, firewall, the VNet) no agent sees.',
  from: ['agents/drops', 'agents/policy-drops', 'agents/map-pressure'],
  target: {
    kinds: ['Node', 'Pod'],
    suspects: () => [],
  },
  steps: [
    {
      type: 'look',
      id: 'rates',
      title: 'what agents drop now, and why they say they do',
      decides: true,
      limitMs: 60_000,
      async look(state, asks, signal) {
        mustRead(state, ['nodes', 'systemPods', 'daemonSets']);
        return rates(state, asks, signal);
      },
    },
    {
      type: 'look',
      id: 'where',
      title: 'whether some nodes drop what others do not',
      skip: (state) => (worst(state) === undefined ? 'nothing is dropped that matters' : ''),
      async look(state) {
        return { evidence: where(state) };
      },
    },
    {
      type: 'look',
      id: 'packets',
      title: 'which packets, for six seconds on the node that drops most',
      skip: (state) => (worst(state) === undefined ? 'nothing is dropped that matters' : ''),
      async look(state, asks, signal) {
        const { node = '' } = worst(state) ?? {};
        const drops = await droppedPackets(state, asks, node, 6_000, signal);
        const source = `exec cilium-dbg monitor on ${node}`;
        if (drops.length === 0) return { evidence: [seen('no packet was dropped meanwhile', source)], value: drops };
        const lines = pairs(state, drops).slice(0, 6);
        return { evidence: lines.map(({ text }) => seen(text, source)), value: drops };
      },
    },
    {
      type: 'look',
      id: 'policy',
      title: 'which policy stops the pair that is dropped most',
      skip: (state) =>
        deniedPair(state) === undefined ? 'no dropped packet between two pods was seen that a policy stops' : '',
      async look(state, asks, signal) {
        return policy(state, asks, signal);
      },
    },
    {
      type: 'look',
      id: 'flows',
      title: 'who was denied whom in the last quarter of an hour, by the flow logs',
      skip: (state) =>
        !reasons(state).some(isPolicy)
          ? 'no policy drops anything'
          : hasLogs(state, deniedNow)
            ? ''
            : 'no flow logs are known of',
      async look(state, asks, signal) {
        const { rows } = await askLogs(state, asks, deniedNow, { namespace: state.target?.namespace ?? '' }, signal);
        const lines = rows
          .slice(0, 6)
          .map(({ Source, Destination, Port, Flows }) =>
            seen(`${Source} → ${Destination}:${Port} ×${Flows}`, 'KQL denied-now'),
          );
        return { evidence: lines.length > 0 ? lines : [seen('none', 'KQL denied-now')] };
      },
    },
    {
      type: 'look',
      id: 'backends',
      title: 'which services lead nowhere',
      skip: (state) =>
        reasons(state).some((reason) => /service backend not found/i.test(reason))
          ? ''
          : 'no packet was dropped for want of a backend',
      async look(state) {
        mustRead(state, ['services', 'pods', 'systemPods', 'endpointSlices']);
        const sick = serviceWays(state.snapshot).flatMap((way) =>
          wayTroubles(way)
            .filter(({ confidence }) => confidence === 'certain')
            .map(({ text, next }) => ({ way, text, next })),
        );
        if (sick.length === 0) return nothingOf('every service leads to ready pods now', 'services');
        const objects = sick.map(
          ({ way: { service } }): ObjectRef => ({ kind: 'Service', namespace: service.namespace, name: service.name }),
        );
        const [first] = sick;
        const text =
          sick.length === 1
            ? (first?.text ?? '')
            : `${count(sick.length, 'service')} lead nowhere, and what is sent to them is dropped: ${names(objects.map(refText))}.`;
        const cause: Cause = {
          id: 'service-without-backend',
          text,
          confidence: 'certain',
          objects,
          next: sick.length === 1 ? (first?.next ?? '') : 'Look at each with the runbook service-unreachable.',
        };
        return {
          evidence: sick.slice(0, 5).map((one) => speaksFor(one.text, 'services', objects[0])),
          causes: [cause],
        };
      },
    },
    {
      type: 'look',
      id: 'last-change',
      title: 'which policies and services were changed within the hour',
      skip: ({ cause }) => (cause === undefined ? 'there is no trouble to date' : ''),
      async look(state) {
        const changes = changedBefore(
          state,
          state.now,
          ({ object: { kind } }) => kind.endsWith('NetworkPolicy') || kind === 'Service' || kind === 'ConfigMap',
        );
        return { evidence: changes.length > 0 ? changes : [seen('none, as far as is known', 'timeline')] };
      },
    },
  ],
};

async function rates(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const node = nodeOf(state);
  const { rates: all, read, unread, source } = await dropRates(state, asks, node, signal);
  const now = all.filter(matters);
  const of = agents(state.snapshot, state.now).filter(({ pod }) => pod !== undefined).length;
  const looked =
    node === undefined && read.length < of ? `${read.length} of ${count(of, 'agent')} were asked: ${names(read)}.` : '';
  const failed =
    unread.length > 0 ? `Not read: ${names(unread.map(({ node: name, why }) => `${name} (${why})`))}.` : '';
  const missed = [looked, failed].filter(Boolean).join(' ');
  const rest = missed === '' ? {} : { missed };
  if (now.length === 0)
    return {
      ...nothingOf(`${names(read)}: less than ${leastPerSecond} packets a second are dropped for any reason`, source),
      value: now,
      ...rest,
    };
  const groups = [...Map.groupBy(now, ({ reason, direction }) => `${reason} (${direction})`)].sort(
    ([, a], [, b]) => sum(b) - sum(a),
  );
  return {
    evidence: groups.map(([reason, group]) => {
      const meaning = dropMeaning(group[0]?.reason ?? '').text;
      return speaksFor(
        `${reason}${meaning === '' ? '' : `, ${meaning}`}: ${rateText(sum(group))} packets/s on ${names(group.map((one) => one.node))}`,
        source,
      );
    }),
    causes: [...Map.groupBy(now, ({ reason }) => reason)].map(([reason, group]) => causeOf(reason, group)),
    value: now,
    ...rest,
  };
}

/** Every cluster drops a little of some things; so much of them would be news. */
const muchPerSecond = 5;

function matters({ reason, perSecond }: DropRate): boolean {
  const isEveryday = dropMeaning(reason).isEveryday && !known.some(({ when }) => when.test(reason));
  return perSecond >= (isEveryday ? muchPerSecond : leastPerSecond);
}

type Known = { when: RegExp; id: string; text: string; confidence: Confidence; next: string };

/** What a reason of the datapath means here (domain §6.1, §10). Any other is named as it is. */
const known: readonly Known[] = [
  {
    ...{ when: /^policy denied/i, id: 'policy-denies', confidence: 'likely' },
    text: 'policies stop them',
    next: 'See which pair and which rule; where it is meant to talk, add an allow rule of its own rather than edit what denies.',
  },
  {
    ...{ when: /^invalid source ip/i, id: 'source-address-spoofed', confidence: 'likely' },
    text: 'pods send with an address that is not theirs (verified again since Cilium 1.17 on AKS)',
    next: 'Find the pod that routes or answers for others (VPN, NAT, virtual machines in pods) and give it the node’s network, or let it send with its own address.',
  },
  {
    ...{ when: /^service backend not found/i, id: 'service-without-backend', confidence: 'likely' },
    text: 'a service they are sent to has no backend',
    next: 'See which service: its selector, its target port, whether its pods are ready.',
  },
  {
    ...{ when: /^ct: map insertion failed/i, id: 'connection-table-full', confidence: 'certain' },
    text: 'the table of connections is full',
    next: 'Let clients keep connections, spread them over more nodes; on AKS the size cannot be changed. Never flush the table.',
  },
  {
    ...{ when: /^no mapping for nat masquerade/i, id: 'nat-table-full', confidence: 'certain' },
    text: 'there is no source port left to masquerade with',
    next: 'Let clients keep connections, spread them over more nodes, or send outbound traffic through a NAT gateway.',
  },
  {
    ...{ when: /^fib lookup failed/i, id: 'no-route', confidence: 'likely' },
    text: 'the node has no route or neighbour for where they go',
    next: 'Compare the routes of this node with another’s; a reimage of the node brings them back.',
  },
  {
    ...{ when: /^(invalid identity|unknown sender)/i, id: 'identity-unknown', confidence: 'likely' },
    text: 'the agent does not know who sends them',
    next: 'Compare slices with endpoints: the peer’s entry may be missing or stale.',
  },
  {
    ...{ when: /^traffic is unencrypted/i, id: 'peer-without-key', confidence: 'likely' },
    text: 'they come or would go unencrypted',
    next: 'See whether the WireGuard peer of that node is up.',
  },
];

function causeOf(reason: string, group: readonly DropRate[]): Cause {
  const nodes = [...new Set(group.map(({ node }) => node))];
  const found = known.find(({ when }) => when.test(reason));
  const meaning = found?.text ?? dropMeaning(reason).text;
  const what = `${rateText(sum(group))} packets/s are dropped on ${names(nodes)}`;
  return {
    id: found?.id ?? 'dropped-for-another-reason',
    text: `${what}: ${meaning === '' ? reason : meaning}.`,
    confidence: found?.confidence ?? 'possible',
    objects: nodes.slice(0, 5).map(nodeRef),
    next: found?.next ?? `Look up what the datapath means by "${reason}", and see which packets it is.`,
  };
}

function sum(group: readonly DropRate[]): number {
  return group.reduce((total, { perSecond }) => total + perSecond, 0);
}

function rateText(rate: number): string {
  return rate >= 10 ? String(Math.round(rate)) : rate.toFixed(1);
}

function nodeOf({ target, snapshot }: RunState): string | undefined {
  if (target?.kind === 'Node') return target.name;
  return target === undefined ? undefined : snapshot.tables.pods.named(target.namespace ?? '', target.name)?.node;
}

function reasons(state: RunState): readonly string[] {
  return (readBy<readonly DropRate[]>(state, 'rates') ?? []).map(({ reason }) => reason);
}

function isPolicy(reason: string): boolean {
  return /^policy denied/i.test(reason);
}

/** The node that drops most, of what is dropped now. */
function worst(state: RunState): DropRate | undefined {
  const all = readBy<readonly DropRate[]>(state, 'rates') ?? [];
  const byNode = [...Map.groupBy(all, ({ node }) => node).values()].sort((a, b) => sum(b) - sum(a));
  return byNode[0]?.[0];
}

function where(state: RunState): Looked['evidence'] {
  const all = readBy<readonly DropRate[]>(state, 'rates') ?? [];
  return [...Map.groupBy(all, ({ reason }) => reason)].map(([reason, group]) => {
    const byNode = [...Map.groupBy(group, ({ node }) => node)].sort(([, a], [, b]) => sum(b) - sum(a));
    return seen(
      `${reason}: ${names(
        byNode.map(([node, own]) => `${node} ${rateText(sum(own))}/s`),
        6,
      )}`,
      'by node',
    );
  });
}

type Pair = { text: string; times: number; drop: Drop };

function pairs({ snapshot }: RunState, drops: readonly Drop[]): readonly Pair[] {
  const name = (address: string) => nameOfAddress(snapshot, address);
  const key = ({ reason, source, destination, protocol }: Drop) =>
    `${name(source.address)} → ${name(destination.address)}:${destination.port}/${protocol}, ${reason}`;
  return [...Map.groupBy(drops, key)]
    .map(([text, all]) => ({ text: `${text} ×${all.length}`, times: all.length, drop: all[0] as Drop }))
    .sort((a, b) => b.times - a.times);
}

/** Two pods, of which one may not talk to the other. */
function deniedPair(state: RunState): Pair | undefined {
  const drops = readBy<readonly Drop[]>(state, 'packets') ?? [];
  const isPod = (address: string) => state.snapshot.tables.pods.by('ip', address).length > 0;
  return pairs(state, drops).find(
    ({ drop: { reason, source, destination } }) =>
      isPolicy(reason) && isPod(source.address) && isPod(destination.address),
  );
}

async function policy(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const pair = deniedPair(state);
  if (pair === undefined) return nothingOf('no such pair', 'policies');
  const { source, destination, protocol } = pair.drop;
  const from = nameOfAddress(state.snapshot, source.address);
  const to = nameOfAddress(state.snapshot, destination.address);
  const question = { from, to, port: destination.port, protocol: (protocol || 'TCP') as Protocol };
  const [answer] = (await asks.policies.verdict(question, signal)).answers;
  const side = answer?.egress.verdict === 'deny' ? answer.egress : answer?.ingress;
  const pairText = `${from} → ${to}:${destination.port}`;
  if (answer === undefined || answer.verdict !== 'deny' || side === undefined) {
    const words = `the policies allow ${pairText}, and it is dropped all the same`;
    const cause: Cause = {
      id: 'datapath-differs',
      text: `Policies allow ${pairText}, and the agent drops it: what it enforces is not what is written.`,
      confidence: 'possible',
      objects: [],
      next: 'Compare the endpoint’s policy map and the peer’s identity with what is meant: runbook empty-policy-map.',
    };
    return { evidence: [seen(words, 'policies')], causes: [cause] };
  }
  const direction = side === answer.egress ? 'egress' : 'ingress';
  const by = names([...side.rules.map((one) => one.policy), ...side.isolating].map(refText));
  const text = `${pairText} is denied on ${direction}: ${side.reason}${by === '' ? '' : `, by ${by}`}.`;
  const cause: Cause = {
    id: 'policy-denies',
    text,
    confidence: 'certain',
    objects: [...new Set([...side.rules.map((one) => one.policy), ...side.isolating])].map(
      (one): ObjectRef => ({ ...one }),
    ),
    next: answer.mend[0]?.what ?? 'Where it is meant to talk, add an allow rule of its own.',
  };
  return { evidence: [speaksFor(text, 'policies')], causes: [cause] };
}
