// Who has lost connections, the pair that policies are asked about, and their verdict of it.
import { UserError } from '../errors.ts';
import type { Drop } from '../model/agent-says/agent-says.ts';
import type { PodRow } from '../model/objects/pod.ts';
import { packetEnd } from '../model/packet-end.ts';
import type { Protocol } from '../model/policies/rule.ts';
import { type ObjectRef, refText } from '../model/ref.ts';
import type { DroppedByPolicy } from './dropped-by-policy.ts';
import { isByPolicy, protocolOf } from './dropped-packets.ts';
import { nothingOf, readBy, seen, speaksAgainst, speaksFor } from './look.ts';
import { endOf, pairText, policiesOf, worstOf } from './pair-verdict.ts';
import type { LookAsks, Looked, RunState } from './runbook.ts';

/** The pod that was named, else the one that most is dropped of by policy. */
export function subject(state: RunState): ObjectRef | undefined {
  return state.target ?? readBy<DroppedByPolicy>(state, 'suspect')?.pod;
}

export function podOf(state: RunState): PodRow | undefined {
  const about = subject(state);
  return about && state.snapshot.tables.pods.named(about.namespace ?? '', about.name);
}

type Pair = { from: string; to: string; port: number; protocol: Protocol };

/** The pair that was named, else the first that is dropped by policy and can be asked about. */
function pairOf(state: RunState): Pair | undefined {
  const from = state.target && endOf(state.target);
  const [other] = state.others;
  const to = other && endOf(other);
  if (from !== undefined && to !== undefined) return { from, to, port: 0, protocol: 'TCP' };
  for (const drop of readBy<readonly Drop[]>(state, 'dropped') ?? []) {
    const { source, destination } = drop;
    const [one, two] = [source, destination].map((end) => packetEnd(state.snapshot, end.address, end.identity).asked);
    const protocol = protocolOf(drop);
    const port = protocol === 'ICMP' ? 0 : destination.port;
    if (one && two) return { from: one, to: two, port, protocol };
  }
  return undefined;
}

export async function verdict(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const pair = pairOf(state);
  if (pair === undefined) return withoutPair(state);
  const report = await asks.policies.verdict(pair, signal);
  const answer = worstOf(report);
  if (answer === undefined) return nothingOf('there is no pod at either end', 'policies');
  const text = `${answer.from} → ${answer.to} ${pairText(answer)}`;
  const isDropped = (readBy<readonly Drop[]>(state, 'dropped') ?? []).some(
    (drop) => pair.port === 0 || drop.destination.port === pair.port,
  );
  const unread = report.unread.length > 0 ? { missed: report.unread.join(' ') } : {};
  if (answer.verdict === 'deny') {
    const near = [...answer.egress.nearMisses, ...answer.ingress.nearMisses].slice(0, 2);
    return {
      evidence: [
        speaksFor(text, 'policies', policiesOf(answer)[0]),
        ...near.map(({ policy, path, miss }) =>
          seen(`nearly allowed by ${refText({ ...policy })} ${path}: ${miss}`, 'policies', { ...policy }),
        ),
      ],
      causes: [
        {
          // The engine and the datapath agree, or nobody tries just now.
          ...{ id: 'policy-denies', confidence: isDropped ? 'certain' : 'likely' },
          text: `Policies deny it: ${text}.`,
          objects: policiesOf(answer),
          next:
            answer.mend[0]?.what ??
            'Where it is meant to talk, add an allow rule of its own rather than edit what denies.',
        },
      ],
      value: answer,
      ...unread,
    };
  }
  if (answer.verdict === 'unknown') return { evidence: [seen(text, 'policies')], missed: text, value: answer };
  if (!isDropped)
    return { evidence: [speaksAgainst(text, 'policies')], ruledOut: ['policy-denies'], value: answer, ...unread };
  return {
    evidence: [speaksFor(`${text}, and it is dropped all the same`, 'policies')],
    causes: [
      {
        ...{ id: 'datapath-differs', confidence: 'likely', objects: [subject(state) ?? []].flat() },
        text: `Policies allow ${answer.from} → ${answer.to}, and the agent drops it: what it enforces is not what is written.`,
        next: 'See the endpoint’s revision and policy map, and the identity that the node takes the other end for: runbooks empty-policy-map, map-pressure (a full map) and slice-drift.',
      },
    ],
    value: answer,
    ...unread,
  };
}

/** What the logs tell of the last hour is not taken back by six quiet seconds. */
function withoutPair(state: RunState): Looked {
  const about = subject(state);
  const own = state.snapshot.tables.ciliumEndpoints.named(about?.namespace ?? '', about?.name ?? '');
  if (own !== undefined && !own.ingressEnforced && !own.egressEnforced)
    return nothingOf('no policy isolates it, in either direction', 'ciliumendpoints');
  const wasDenied = state.found.get('flows')?.evidence.some(({ speaks }) => speaks === 'for') ?? false;
  const isDropped = (readBy<readonly Drop[]>(state, 'dropped') ?? []).length > 0;
  const source = state.found.has('dropped') ? 'exec cilium-dbg monitor' : quietBy(state);
  if (source !== '' && !wasDenied && !isDropped)
    return nothingOf('nothing of it is dropped by policy now; of what nobody tries now, name the other end', source);
  throw new UserError(
    'no other end is named, and no pair of it was seen dropped now: name where it connects to as a second target, as in --target Pod/NAMESPACE/NAME Service/NAMESPACE/NAME',
    '',
    'unread',
  );
}

/** Where nobody may watch packets: the counters of its node, if they tell of none. '' = they do, or are not known. */
function quietBy(state: RunState): string {
  const node = podOf(state)?.node;
  const own = state.snapshot.facts.agentMetrics?.value?.agents.find((one) => one.node === node);
  if (own === undefined || own.dropsPerSecond === null) return '';
  return own.drops.some((one) => isByPolicy(one) && (one.perSecond ?? 0) > 0) ? '' : 'metrics of its agent';
}

export function podRow({ snapshot }: RunState, { kind, namespace = '', name }: ObjectRef): PodRow | undefined {
  return kind === 'Pod' ? snapshot.tables.pods.named(namespace, name) : undefined;
}
