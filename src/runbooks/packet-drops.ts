import { count, names } from '../checks/words.ts';
import type { Drop } from '../model/agent-says/agent-says.ts';
import { agents } from '../model/agents.ts';
import { dropMeaning } from '../model/drop-reasons.ts';
import { type PacketEnd, packetEnd } from '../model/packet-end.ts';
import type { Mend } from '../model/policies/policy-asks.ts';
import { type ObjectRef, refText } from '../model/ref.ts';
import { serviceWays } from '../model/service-way.ts';
import { deniedNow } from '../queries/denied-now.ts';
import { nodeRef } from './agent-on-node.ts';
import { changedBefore } from './changed-before.ts';
import { causeOf, isPolicy, matters, rateText, sum } from './drop-causes.ts';
import { type DropRate, dropRates, leastPerSecond } from './drop-rates.ts';
import { droppedPackets, protocolOf } from './dropped-packets.ts';
import { askLogs, hasLogs } from './logged.ts';
import { mustRead, nothingOf, readBy, restsOn, seen, speaksFor } from './look.ts';
import { mendOffers, pairText, policiesOf, worstOf } from './pair-verdict.ts';
import type { Cause, LookAsks, Looked, Runbook, RunState } from './runbook.ts';
import { wayTroubles } from './service-troubles.ts';

/** The second playbook of the network observability guide. */
export const packetDrops: Runbook = {
  id: 'packet-drops',
  title: 'Packets are dropped',
  says: 'Which packets the agents drop now, for which reason, on which nodes, and what stands behind it: a policy, a service that leads nowhere, a full table, a pod that sends with another’s address, no route. Rules out drops in the cluster; what is lost beyond the node (NSG, firewall, the VNet) no agent sees.',
  asksAzure: true,
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
      skip: (state) => restsOn(state, 'rates') || (worst(state) === undefined ? 'nothing is dropped that matters' : ''),
      async look(state) {
        return { evidence: where(state) };
      },
    },
    {
      type: 'look',
      id: 'packets',
      title: 'which packets, for six seconds on the node that drops most',
      skip: (state) => restsOn(state, 'rates') || (worst(state) === undefined ? 'nothing is dropped that matters' : ''),
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
      title: 'what the policies say of the pairs that are dropped most',
      skip: (state) =>
        restsOn(state, 'rates') ||
        (deniedPairs(state).length === 0 ? 'no packet was seen that is dropped by policy' : ''),
      look: policy,
    },
    {
      type: 'look',
      id: 'flows',
      title: 'who was denied whom in the last quarter of an hour, by the flow logs',
      skip: (state) =>
        restsOn(state, 'rates') ||
        (!reasons(state).some(isPolicy)
          ? 'no policy drops anything'
          : hasLogs(state, deniedNow)
            ? ''
            : 'no flow logs are known of'),
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
        restsOn(state, 'rates') ||
        (reasons(state).some((reason) => /service backend not found/i.test(reason))
          ? ''
          : 'no packet was dropped for want of a backend'),
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
    {
      type: 'offer',
      id: 'mend',
      title: 'the smallest changes that would allow what policies deny',
      offers: (state) => mendOffers(state.snapshot, readBy<readonly Mend[]>(state, 'policy') ?? []),
    },
  ],
};

async function rates(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const node = nodeOf(state);
  const { rates: all, read, unread, source } = await dropRates(state, asks, node, signal);
  const now = all.filter(matters);
  // One that just starts, or is replaced, has not dropped anything yet that anybody waits for.
  const wanted = agents(state.snapshot, state.now).filter(
    ({ pod, state: how }) => pod !== undefined && how !== 'starting' && how !== 'terminating',
  );
  const silent = wanted.filter((one) => !read.includes(one.node) && !unread.some((other) => other.node === one.node));
  const looked =
    node === undefined && silent.length > 0
      ? `${read.length} of ${count(wanted.length, 'agent')} were asked, not ${names(silent.map((one) => `${one.node} (${one.state})`))}.`
      : '';
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
    causes: [...Map.groupBy(now, ({ reason }) => reason)]
      .sort(([, a], [, b]) => sum(b) - sum(a))
      .map(([reason, group]) => causeOf(reason, group)),
    value: now,
    ...rest,
  };
}

function nodeOf({ target, snapshot }: RunState): string | undefined {
  if (target?.kind === 'Node') return target.name;
  return target === undefined ? undefined : snapshot.tables.pods.named(target.namespace ?? '', target.name)?.node;
}

function reasons(state: RunState): readonly string[] {
  return (readBy<readonly DropRate[]>(state, 'rates') ?? []).map(({ reason }) => reason);
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

type Pair = { text: string; name: string; drop: Drop; from: PacketEnd; to: PacketEnd };

/** Those dropped most first. */
function pairs({ snapshot }: RunState, drops: readonly Drop[]): readonly Pair[] {
  const told = drops.map((drop): Pair => {
    const { source, destination, protocol, reason } = drop;
    const from = packetEnd(snapshot, source.address, source.identity);
    const to = packetEnd(snapshot, destination.address, destination.identity);
    const name = `${from.name} → ${to.name}:${destination.port}`;
    return { text: `${name}/${protocol}, ${reason}`, name, drop, from, to };
  });
  return [...Map.groupBy(told, ({ text }) => text)]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([text, all]) => ({ ...(all[0] as Pair), text: `${text} ×${all.length}` }));
}

/** Of pods, dropped by policy, and such as can be asked about. */
function deniedPairs(state: RunState): readonly Pair[] {
  return pairs(state, readBy<readonly Drop[]>(state, 'packets') ?? []).filter(
    ({ drop, from, to }) =>
      isPolicy(drop.reason) &&
      from.asked !== '' &&
      to.asked !== '' &&
      [from, to].some(({ ref }) => ref?.kind === 'Pod'),
  );
}

const mostPairs = 4;

/** What the datapath drops by policy, and the policies allow, is no policy's doing. */
async function policy(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const all = deniedPairs(state);
  const found: Looked[] = [];
  for (const pair of all.slice(0, mostPairs)) found.push(await heldAgainst(pair, asks, signal));
  const causes = found.flatMap((one) => one.causes ?? []);
  const missed = [...new Set(found.flatMap((one) => one.missed ?? []))].join(' ');
  const isWhole = missed === '' && all.length <= mostPairs && isOnOneNode(state);
  const isDenied = causes.some(({ id }) => id === 'policy-denies');
  return {
    evidence: found.flatMap((one) => one.evidence),
    causes,
    value: found.flatMap(({ value }) => (value ?? []) as readonly Mend[]),
    ...(isWhole && !isDenied ? { ruledOut: ['policy-denies'] } : {}),
    ...(missed === '' ? {} : { missed }),
  };
}

/** Packets were watched on one node alone: what others drop by policy nobody has seen. */
function isOnOneNode(state: RunState): boolean {
  const all = readBy<readonly DropRate[]>(state, 'rates') ?? [];
  return new Set(all.filter(({ reason }) => isPolicy(reason)).map(({ node }) => node)).size === 1;
}

async function heldAgainst({ name, drop, from, to }: Pair, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const protocol = protocolOf(drop);
  const question = { from: from.asked, to: to.asked, port: protocol === 'ICMP' ? 0 : drop.destination.port, protocol };
  const report = await asks.policies.verdict(question, signal);
  const answer = worstOf(report);
  const unread = report.unread.join(' ');
  const rest = unread === '' ? {} : { missed: unread };
  if (answer === undefined || answer.verdict === 'unknown') {
    const text = `${from.name} → ${to.name} ${answer === undefined ? 'not known: the policies say nothing of it' : pairText(answer)}`;
    return { evidence: [seen(text, 'policies')], missed: text };
  }
  if (answer.verdict === 'deny') {
    const text = `${from.name} → ${to.name} ${pairText(answer)}.`;
    const cause: Cause = {
      ...{ id: 'policy-denies', text, confidence: 'certain', objects: policiesOf(answer) },
      next: answer.mend[0]?.what ?? 'Where it is meant to talk, add an allow rule of its own.',
    };
    return {
      ...{ evidence: [speaksFor(text, 'policies', cause.objects[0])], causes: [cause] },
      value: answer.mend.slice(0, 1),
      ...rest,
    };
  }
  const pods = [from, to].flatMap(({ ref }) => (ref?.kind === 'Pod' ? [ref] : []));
  const cause: Cause = {
    id: 'datapath-differs',
    text: `Policies allow ${name}, and the agent on ${drop.node} drops it by policy: what it enforces is not what is written.`,
    confidence: unread === '' ? 'likely' : 'possible',
    objects: [...pods, nodeRef(drop.node)],
    next: `Change no policy: runbook empty-policy-map about ${names(pods.map(refText))} tells whether its map is empty, map-pressure whether it is full, :truth node ${drop.node} what else differs.`,
  };
  const text = `the policies allow ${name}, and it is dropped by policy all the same`;
  return { evidence: [speaksFor(text, 'policies', pods[0])], causes: [cause], ...rest };
}
