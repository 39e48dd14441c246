import { offer } from '../actions/offer.ts';
import { restartAgent } from '../actions/restart-agent.ts';
import { count, names, sinceText } from '../checks/words.ts';
import { type Agent, agentContainer } from '../model/agents.ts';
import { ciliumConfig } from '../model/cluster-mode.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { compareEncryption } from '../model/truth/compare-encryption.ts';
import type { Difference } from '../model/truth/truth.ts';
import { agentOn, agentRef, nodeRef } from './agent-on-node.ts';
import { agentsToAsk, askEach, toldByTruth } from './agents-asked.ts';
import { mustRead, nothingOf, readBy, restsOn, seen, speaksAgainst, speaksFor } from './look.ts';
import type { Cause, LookAsks, Looked, Runbook, RunState } from './runbook.ts';
import { saidEvidence, saidOf } from './said-of.ts';

export const wireguardPeerDown: Runbook = {
  id: 'wireguard-peer-down',
  title: 'Traffic between nodes is lost in WireGuard',
  says: 'Whether WireGuard encrypts here, whether each node is a peer of the others, and with which no handshake is made any more. Rules it out where encryption is off or all peers answer. UDP 51871 may be stopped between nodes by an NSG, which no agent sees.',
  from: ['truth/encryption-differs', 'agents/unreachable-nodes', 'azure/wireguard-with-fips'],
  target: { kinds: ['Node'], suspects: toldByTruth('encryption') },
  steps: [
    {
      type: 'look',
      id: 'switched-on',
      title: 'whether WireGuard encrypts here',
      decides: true,
      async look(state) {
        mustRead(state, ['configMaps']);
        const on = isOn(state.snapshot);
        const words = `enable-wireguard=${ciliumConfig(state.snapshot)['enable-wireguard'] ?? 'not set'}`;
        const source = 'ConfigMap kube-system/cilium-config';
        return { evidence: [on ? seen(words, source) : speaksAgainst(words, source)], value: on };
      },
    },
    {
      type: 'look',
      id: 'peers',
      title: 'with which peers agents make handshakes',
      decides: true,
      limitMs: 60_000,
      skip: (state) => (readBy<boolean>(state, 'switched-on') === false ? 'WireGuard is off' : ''),
      async look(state, asks, signal) {
        mustRead(state, ['nodes', 'systemPods', 'daemonSets', 'ciliumNodes']);
        return peers(state, asks, signal);
      },
    },
    {
      type: 'look',
      id: 'health',
      title: 'how nodes reach the one concerned, by their own probes',
      skip: noSuspect,
      async look(state, asks, signal) {
        return health(state, suspect(state) ?? '', asks, signal);
      },
    },
    {
      type: 'look',
      id: 'its-agent',
      title: 'how its own agent is, and what it said',
      skip: noSuspect,
      async look(state, asks, signal) {
        const agent = agentOn(state, suspect(state) ?? '');
        if (agent?.pod === undefined) return { evidence: [speaksFor('it has no agent pod', 'pod status')] };
        const how = seen(
          `its agent is ${agent.state}${sinceText(agent.since, state.now)}`,
          'pod status',
          agentRef(agent),
        );
        const speaker = {
          namespace: agent.pod.namespace,
          pod: agent.pod.name,
          container: agentContainer,
          program: 'agent' as const,
        };
        const { said, missed } = await saidOf(
          asks,
          [speaker],
          ['wireguard-port-taken', 'api-heartbeat-failed'],
          60 * 60_000,
          signal,
        );
        return { evidence: [how, ...saidEvidence(said)], ...(missed === '' ? {} : { missed }) };
      },
    },
    {
      type: 'tell',
      id: 'on-the-way',
      title: 'what lies between',
      text: ({ cause }) =>
        cause === undefined
          ? ['hostNetwork pods are not encrypted, and not touched by it.']
          : [
              'An NSG or a firewall must let UDP 51871 through between all nodes, both ways: az network nsg rule list on the subnets of both pools.',
              'What was changed there within the hour, the activity log tells (pane 7, 1).',
            ],
    },
    {
      type: 'offer',
      id: 'restart',
      title: 'let the agent of that node set up its device anew',
      offers({ snapshot, cause }) {
        const nodes = (cause?.objects ?? []).filter(({ kind }) => kind === 'Node').slice(0, 2);
        return nodes.map(({ name: node }) =>
          offer(
            restartAgent,
            { node },
            `restart the agent on ${node}`,
            restartAgent.refuses?.({ node }, snapshot) ?? '',
          ),
        );
      },
    },
  ],
};

function isOn(snapshot: Snapshot): boolean {
  return ciliumConfig(snapshot)['enable-wireguard'] === 'true';
}

async function peers(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const { answers, missed } = await askEach(
    agentsToAsk(state),
    (agent) => compared(state, agent, asks, signal),
    signal,
  );
  const rest = missed === '' ? {} : { missed };
  const source = 'exec cilium-dbg encrypt status';
  const all = answers.flatMap(({ answer }) => answer.differences);
  if (all.length === 0) {
    const words = `${names(answers.map(({ agent }) => agent.node))}: a fresh handshake with each of the others that is spoken to`;
    return { ...nothingOf(words, source), ...rest };
  }
  const culprit = concerned(all);
  return {
    evidence: all
      .slice(0, 6)
      .map(({ node, object, realised }) => speaksFor(`${node}: ${realised.text}`, source, object)),
    causes: [causeOf(culprit, all, answers.length)],
    value: culprit,
    ...rest,
  };
}

async function compared({ snapshot, now }: RunState, agent: Agent, asks: LookAsks, signal: AbortSignal) {
  const said = await asks.agent(agent, 'encryption', signal);
  return compareEncryption(snapshot, agent.node, said, now);
}

/** The node that most of the broken pairs have in common. */
function concerned(all: readonly Difference[]): string {
  const ends = all.flatMap(({ node, object }) => [...new Set([node, object.name])]);
  const counted = [...Map.groupBy(ends, (node) => node)].sort(([, a], [, b]) => b.length - a.length);
  return counted[0]?.[0] ?? '';
}

function causeOf(node: string, all: readonly Difference[], asked: number): Cause {
  const handshake = all.some(({ type }) => type === 'encryption-handshake');
  const others = new Set(all.flatMap((one) => [one.node, one.object.name]).filter((name) => name !== node));
  return {
    id: handshake ? 'no-handshake' : 'peer-missing',
    text: handshake
      ? `WireGuard makes no handshake between ${node} and ${others.size === 1 ? names(others) : count(others.size, 'other node')}: what pods send there is lost.`
      : `${node} lacks peers, or is none of the others': what is sent there goes nowhere.`,
    // One who was asked alone may be the broken one, or all the others.
    confidence: asked > 1 ? 'certain' : 'likely',
    objects: [nodeRef(node)],
    next: handshake
      ? 'See that UDP 51871 is let through to and from that node; then restart its agent.'
      : 'Restart the agent of that node: it then tells its key anew.',
  };
}

function noSuspect(state: RunState): string {
  if (readBy<boolean>(state, 'switched-on') === false) return 'WireGuard is off';
  return restsOn(state, 'peers') || (suspect(state) === undefined ? 'no peer is suspected' : '');
}

function suspect(state: RunState): string | undefined {
  return readBy<string>(state, 'peers');
}

/** Seen from two others: the probes go between the nodes themselves and between their health endpoints. */
async function health(state: RunState, node: string, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const { asked } = agentsToAsk({ ...state, target: undefined });
  const others = asked.filter((agent) => agent.node !== node).slice(0, 2);
  const { answers, missed } = await askEach(
    { asked: others, left: 0 },
    (agent) => asks.agent(agent, 'health', signal),
    signal,
  );
  const lines = answers.flatMap(({ agent, answer }) => {
    const peer = answer.peers.find((one) => one.node === node);
    if (peer === undefined) return [];
    const ends = [
      ['node', peer.host],
      ['pods', peer.endpoint],
    ] as const;
    return ends.flatMap(([what, probe]) => {
      if (probe === undefined) return [];
      const bad = probe.icmp !== 'OK' && probe.icmp !== '' ? probe.icmp : probe.http !== 'OK' ? probe.http : '';
      const words = `${agent.node} → ${what} of ${node}: ${bad === '' ? 'reached' : bad}`;
      return [bad === '' ? seen(words, 'exec cilium-health status') : speaksFor(words, 'exec cilium-health status')];
    });
  });
  return {
    evidence: lines.length > 0 ? lines : [seen('they do not probe it', 'exec cilium-health status')],
    ...(missed === '' ? {} : { missed }),
  };
}
