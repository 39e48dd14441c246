import { count, names } from '../checks/words.ts';
import type { Drop } from '../model/agent-says/agent-says.ts';
import type { PairReport } from '../model/policies/policy-asks.ts';
import { type ObjectRef, refText } from '../model/ref.ts';
import { deniedFlows } from '../queries/denied-flows.ts';
import { agentOn, agentRef } from './agent-on-node.ts';
import { changedBefore } from './changed-before.ts';
import { podOf, podRow, subject, verdict } from './denied-pair.ts';
import { droppedByPolicy } from './dropped-by-policy.ts';
import { droppedPackets, isByPolicy, nameOfAddress } from './dropped-packets.ts';
import { askLogs, hasLogs } from './logged.ts';
import { mustRead, nothingOf, readBy, restsOn, seen, speaksAgainst, speaksFor } from './look.ts';
import { mendOffers } from './pair-verdict.ts';
import type { Cause, LookAsks, Looked, Runbook, RunState } from './runbook.ts';

/** R4 of domain §10. */
export const policyDenies: Runbook = {
  id: 'policy-denies',
  title: 'A policy denies what is meant to talk',
  says: 'Whether policies stop a pod’s connections: what its node drops now, what the policies say of that pair, and whether the agent enforces just that. With a second target the pair that is named is asked about; without any, the pod that most is dropped of by policy now. Rules out drops for other reasons, and what is lost beyond the node.',
  asksAzure: true,
  from: ['policies/changed-shortly-before'],
  target: { kinds: ['Pod'], suspects: () => [], second: 'where it connects to, a pod or a service' },
  steps: [
    {
      type: 'look',
      id: 'suspect',
      title: 'no pod is named: what agents drop by policy now, and whose it is',
      decides: true,
      skip: ({ target }) => (target === undefined ? '' : 'a pod is named'),
      limitMs: 60_000,
      async look(state, asks, signal) {
        mustRead(state, ['nodes', 'systemPods', 'daemonSets', 'pods']);
        return droppedByPolicy(state, asks, signal);
      },
    },
    {
      type: 'look',
      id: 'pod',
      title: 'who the pod is to its agent',
      decides: true,
      skip: noSubject,
      async look(state) {
        mustRead(state, ['pods', 'systemPods', 'ciliumEndpoints']);
        return whoItIs(state);
      },
    },
    {
      type: 'look',
      id: 'dropped',
      title: 'which of its packets are dropped now, for six seconds',
      skip: (state) => notEnforced(state),
      limitMs: 30_000,
      look: dropped,
    },
    {
      type: 'look',
      id: 'flows',
      title: 'what it was denied within the hour, by the flow logs',
      skip: (state) => notEnforced(state) || (hasLogs(state, deniedFlows) ? '' : 'no flow logs are known of'),
      look: flows,
    },
    {
      type: 'look',
      id: 'verdict',
      title: 'what the policies say of the pair',
      decides: true,
      skip: notEnforced,
      look: verdict,
    },
    {
      type: 'look',
      id: 'endpoint',
      title: 'whether the agent enforces what is written',
      skip: notEnforced,
      look: endpoint,
    },
    {
      type: 'look',
      id: 'last-change',
      title: 'which policies were changed within the hour',
      skip: notEnforced,
      async look(state) {
        const own = ({ namespace }: ObjectRef) => namespace === undefined || namespace === subject(state)?.namespace;
        const changes = changedBefore(
          state,
          state.now,
          ({ object }) => object.kind.endsWith('NetworkPolicy') && own(object),
        );
        return { evidence: changes.length > 0 ? changes : [seen('none that can concern it', 'timeline')] };
      },
    },
    {
      type: 'offer',
      id: 'mend',
      title: 'the smallest changes that would allow it',
      offers(state) {
        const pair = readBy<PairReport>(state, 'verdict');
        return pair?.verdict === 'deny' ? mendOffers(state.snapshot, pair.mend) : [];
      },
    },
  ],
};

function noSubject(state: RunState): string {
  if (subject(state) !== undefined) return '';
  const blind = restsOn(state, 'suspect');
  if (blind !== '') return `${blind}: name a pod, as in --target Pod/NAMESPACE/NAME`;
  return 'no pod is named, and of none a packet was seen dropped by policy';
}

function whoItIs(state: RunState): Looked {
  const pod = podOf(state);
  const target = subject(state);
  if (pod === undefined || target === undefined) return nothingOf('there is no such pod', 'pods');
  if (pod.hostNetwork)
    return {
      evidence: [speaksAgainst('it is on the host’s network: no policy of pods is about it', 'pod status', target)],
      value: 'host',
    };
  const endpointRow = state.snapshot.tables.ciliumEndpoints.named(pod.namespace, pod.name);
  const source = 'ciliumendpoints';
  if (endpointRow === undefined)
    return {
      evidence: [
        speaksFor(
          `Pod ${pod.namespace}/${pod.name} has no CiliumEndpoint: others take it for something outside`,
          source,
          target,
        ),
      ],
      causes: [
        {
          ...{ id: 'no-endpoint', confidence: 'likely', objects: [target] },
          text: `${refText(target)} has no endpoint: policies that name it do not mean it, and others take it for the world.`,
          next: 'Runbook pods-stuck-creating, or the agent of its node: the endpoint is made there.',
        },
      ],
    };
  const { identity, state: how, ingressEnforced, egressEnforced } = endpointRow;
  const enforced =
    [ingressEnforced && 'ingress', egressEnforced && 'egress'].filter(Boolean).join(' and ') || 'nothing';
  const text = `identity ${identity}, ${how || 'state not said'}, ${pod.ip} on ${pod.node}; enforced: ${enforced}`;
  return { evidence: [seen(text, source, target)] };
}

function notEnforced(state: RunState): string {
  const known = noSubject(state) || restsOn(state, 'pod');
  if (known !== '') return known;
  if (podOf(state) === undefined) return 'there is no such pod';
  return readBy(state, 'pod') === 'host' ? 'no policy of pods is about it' : '';
}

const watchMs = 6_000;

/** On its own node what it sends and what reaches it; where another end is named on that one's node as well. */
async function dropped(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const pod = podOf(state);
  const nodes = new Set([pod?.node ?? '', ...state.others.map((ref) => podRow(state, ref)?.node ?? '')]);
  nodes.delete('');
  const ips = new Set(pod?.ips.length ? pod.ips : [pod?.ip ?? '']);
  const isMine = ({ source, destination }: Drop) => ips.has(source.address) || ips.has(destination.address);
  const other = state.others[0] === undefined ? '' : `${state.others[0].namespace}/${state.others[0].name}`;
  const isAsked = (drop: Drop) =>
    isMine(drop) && other !== '' && [drop.source, drop.destination].some((end) => leadsTo(state, end.address, other));
  const drops = (
    await Promise.all([...nodes].map((node) => droppedPackets(state, asks, node, watchMs, signal, isAsked)))
  ).flat();
  const mine = drops.filter(isMine);
  const source = `exec cilium-dbg monitor on ${names(nodes)}`;
  if (mine.length === 0)
    return { evidence: [speaksAgainst(`none of its packets was dropped in ${watchMs / 1_000}s`, source)] };
  const pairs = [...Map.groupBy(mine, (drop) => pairKey(state, drop))].sort(([, a], [, b]) => b.length - a.length);
  const byPolicy = pairs.filter(([, [drop]]) => drop !== undefined && isByPolicy(drop));
  const others = pairs.filter(([, [drop]]) => drop !== undefined && !isByPolicy(drop));
  return {
    evidence: [
      ...byPolicy.slice(0, 4).map(([text, group]) => speaksFor(`${text} ×${group.length}`, source)),
      ...others.slice(0, 3).map(([text, group]) => speaksAgainst(`${text} ×${group.length}: no policy`, source)),
    ],
    value: byPolicy.flatMap(([, [drop]]) => drop ?? []),
    causes:
      byPolicy.length === 0 && others.length > 0 ? [otherReason(subject(state), others.length, others[0]?.[1][0])] : [],
  };
}

/** The pod itself, or one that the service leads to. */
function leadsTo({ snapshot }: RunState, address: string, other: string): boolean {
  const name = nameOfAddress(snapshot, address);
  if (name === other) return true;
  const [namespace = '', service = ''] = other.split('/');
  return snapshot.tables.endpointSlices
    .by('owner', `${namespace}/${service}`)
    .some(({ endpoints }) => endpoints.some(({ ip }) => ip === address));
}

function otherReason(target: ObjectRef | undefined, pairs: number, drop: Drop | undefined): Cause {
  return {
    ...{ id: 'dropped-for-another-reason', confidence: 'likely', objects: target === undefined ? [] : [target] },
    text: `Packets of ${target === undefined ? 'the pod' : refText(target)} are dropped, of ${count(pairs, 'pair')}, but not by a policy: ${drop?.reason ?? ''}.`,
    next: 'Runbook packet-drops says what stands behind that reason.',
  };
}

function pairKey({ snapshot }: RunState, { source, destination, reason, protocol }: Drop): string {
  const [from, to] = [source, destination].map(({ address }) => nameOfAddress(snapshot, address));
  return `${from} → ${to}:${destination.port}/${protocol}: ${reason}`;
}

async function flows(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const { namespace = '', name = '' } = subject(state) ?? {};
  const { rows, remarks } = await askLogs(state, asks, deniedFlows, { namespace, pod: name }, signal);
  const pairs = Map.groupBy(rows, ({ Source, Destination, Port }) => `${Source} → ${Destination}:${Port}`);
  const lines = [...pairs]
    .slice(0, 4)
    .map(([pair, all]) =>
      speaksFor(`${pair}, ${count(all.length, 'row')}, ${all.at(-1)?.['DropReason'] ?? ''}`, 'KQL denied-flows'),
    );
  return {
    evidence: lines.length > 0 ? lines : [speaksAgainst('nothing was denied it', 'KQL denied-flows')],
    ...(remarks === '' ? {} : { missed: remarks }),
  };
}

async function endpoint(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const pod = podOf(state);
  const agent = pod && agentOn(state, pod.node);
  if (pod === undefined || agent === undefined) return nothingOf('its node is not known', 'pods');
  const endpoints = await asks.agent(agent, 'endpoints', signal);
  const own = endpoints.find((one) => one.namespace === pod.namespace && one.pod === pod.name);
  const about = agentRef(agent);
  if (own === undefined)
    return {
      evidence: [
        speaksFor(`the agent on ${agent.node} knows no endpoint of it`, 'exec cilium-dbg endpoint list', about),
      ],
    };
  const { id, enforcing, realizedRevision, wantedRevision } = own;
  const behind = wantedRevision > realizedRevision && realizedRevision > 0;
  const text = `endpoint ${id} enforces ${enforcing || 'nothing'}, revision ${realizedRevision} of ${wantedRevision}`;
  const map = await asks.agent(agent, ['policy-map', String(id)], signal);
  const isEmpty = map.length === 0 && /ingress|egress|both/.test(enforcing) && !enforcing.startsWith('audit');
  const causes: Cause[] = [];
  const objects = [subject(state) ?? []].flat();
  if (isEmpty)
    causes.push({
      ...{ id: 'policy-map-empty', confidence: 'certain', objects },
      text: `The policy map of ${refText(subject(state) ?? { kind: 'Pod', name: pod.name })} is empty although its endpoint enforces ${enforcing}: everything is dropped (AKS#5969).`,
      next: 'Recreate the pod; narrow the selectors that make its map overflow.',
    });
  if (behind)
    causes.push({
      ...{ id: 'revision-behind', confidence: 'likely', objects },
      text: `The agent on ${agent.node} has not applied the newest policies to endpoint ${id}: revision ${realizedRevision} of ${wantedRevision}.`,
      next: 'Read the agent’s log for regenerations that fail; restart the agent where they do.',
    });
  return {
    evidence: [
      causes.length > 0
        ? speaksFor(text, 'exec cilium-dbg endpoint list', about)
        : seen(text, 'exec cilium-dbg endpoint list', about),
      isEmpty
        ? speaksFor('its policy map is empty', 'exec cilium-dbg bpf policy get', about)
        : seen(`its policy map has ${count(map.length, 'entry', 'entries')}`, 'exec cilium-dbg bpf policy get', about),
    ],
    causes,
  };
}
