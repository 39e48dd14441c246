import { offer } from '../actions/offer.ts';
import { recreatePod } from '../actions/recreate-pod.ts';
import { restartAgent } from '../actions/restart-agent.ts';
import { agentContainer } from '../model/agents.ts';
import type { ObjectRef } from '../model/ref.ts';
import { agentOf, agentRef } from './agent-on-node.ts';
import { agentsToAsk, askEach, toldByTruth } from './agents-asked.ts';
import { droppedPackets, nameOfAddress } from './dropped-packets.ts';
import { emptyPolicyMaps } from './empty-policy-maps.ts';
import { findingsOf, mustRead, nothingOf, restsOn, seen, toldBy } from './look.ts';
import type { LookAsks, Looked, Runbook, RunState } from './runbook.ts';
import { saidEvidence, saidOf } from './said-of.ts';

export const emptyPolicyMap: Runbook = {
  id: 'empty-policy-map',
  title: 'A pod loses all its traffic though policies allow it (empty policy map, AKS#5969)',
  says: 'Whether an agent calls an endpoint ready that enforces policies with nothing in its map, so that everything it sends or is sent is dropped. Rules it out where every enforcing endpoint has entries; what the entries allow, a truth check tells.',
  from: ['truth/policy-map-empty', 'truth/policy-map-differs', 'policies/empty-policy-map-risk'],
  target: { kinds: ['Pod', 'Node'], suspects: toldByTruth('policy-map') },
  steps: [
    {
      type: 'look',
      id: 'maps',
      title: 'whether every endpoint that enforces policies has entries',
      decides: true,
      limitMs: 60_000,
      async look(state, asks, signal) {
        mustRead(state, ['nodes', 'systemPods', 'daemonSets']);
        return maps(state, asks, signal);
      },
    },
    {
      type: 'look',
      id: 'packets',
      title: 'what is dropped there, for five seconds',
      skip: (state) => restsOn(state, 'maps') || (suspect(state) === undefined ? 'no map is empty' : ''),
      async look(state, asks, signal) {
        const pod = suspect(state);
        const row = state.snapshot.tables.pods.named(pod?.namespace ?? '', pod?.name ?? '');
        if (row === undefined) return nothingOf('the pod is gone', 'pod status');
        const drops = await droppedPackets(state, asks, row.node, 5_000, signal);
        const own = drops.filter(({ source, destination }) => [source.address, destination.address].includes(row.ip));
        const source = `exec cilium-dbg monitor on ${row.node}`;
        if (own.length === 0) return { evidence: [seen('nothing of it meanwhile', source)] };
        const name = (address: string) => nameOfAddress(state.snapshot, address);
        const lines = new Set(
          own.map(
            (one) =>
              `${name(one.source.address)} → ${name(one.destination.address)}:${one.destination.port}, ${one.reason}`,
          ),
        );
        return { evidence: [...lines].slice(0, 4).map((line) => seen(line, source, pod)) };
      },
    },
    {
      type: 'look',
      id: 'log',
      title: 'what its agent said of policy maps in the last hour',
      skip: (state) => restsOn(state, 'maps') || (suspect(state) === undefined ? 'no map is empty' : ''),
      async look(state, asks, signal) {
        const agent = agentOf(state, suspect(state));
        if (agent?.pod === undefined) return nothingOf('there is no agent pod', 'pod status');
        const speaker = {
          namespace: agent.pod.namespace,
          pod: agent.pod.name,
          container: agentContainer,
          program: 'agent' as const,
        };
        const { said, missed } = await saidOf(asks, [speaker], ofMaps, 60 * 60_000, signal);
        const rest = missed === '' ? {} : { missed };
        if (said.length === 0)
          return {
            evidence: [seen('nothing of policy maps or regenerations', `log of ${agentContainer}`, agentRef(agent))],
            ...rest,
          };
        return { evidence: saidEvidence(said), ...rest };
      },
    },
    {
      type: 'look',
      id: 'risk',
      title: 'which policies bring it about',
      async look(state) {
        const told = findingsOf(state, ['policies/empty-policy-map-risk', 'policies/policy-map-pressure']);
        if (told.length === 0) return { evidence: [seen('no policy is known to fill maps', 'checks')] };
        return {
          evidence: told.flatMap((finding) => toldBy(finding, 2)).map((one) => ({ ...one, speaks: 'neither' })),
        };
      },
    },
    {
      type: 'offer',
      id: 'mend',
      title: 'give the endpoint a new map',
      offers({ snapshot, cause }) {
        const pods = (cause?.objects ?? []).filter(({ kind }) => kind === 'Pod').slice(0, 3);
        const nodes = new Set(
          pods.map(({ namespace = '', name }) => snapshot.tables.pods.named(namespace, name)?.node ?? ''),
        );
        return [
          ...pods.map(({ namespace = '', name }) => {
            const target = { namespace, name };
            return offer(
              recreatePod,
              target,
              `recreate ${namespace}/${name}`,
              recreatePod.refuses?.(target, snapshot) ?? '',
            );
          }),
          ...[...nodes]
            .filter(Boolean)
            .map((node) =>
              offer(
                restartAgent,
                { node },
                `restart the agent on ${node}`,
                restartAgent.refuses?.({ node }, snapshot) ?? '',
              ),
            ),
        ];
      },
    },
  ],
};

const ofMaps = ['policy-map-full', 'regeneration-failed', 'bpf-build-failed', 'endpoint-load-failed'];

/** One agent at a time answers for all its endpoints. */
async function maps(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const { answers, missed } = await askEach(
    agentsToAsk(state),
    (agent) => emptyPolicyMaps([agent], asks, signal),
    signal,
  );
  const all = answers.map(({ answer }) => answer);
  const texts = [missed, ...all.flatMap((one) => one.missed ?? [])].filter(Boolean);
  const evidence = all.flatMap((one) => one.evidence);
  const found = evidence.filter(({ speaks }) => speaks === 'for');
  return {
    evidence: [...found, ...evidence.filter(({ speaks }) => speaks !== 'for').slice(0, 4)],
    causes: all.flatMap((one) => one.causes ?? []),
    ...(texts.length === 0 ? {} : { missed: texts.join(' ') }),
  };
}

/** The pod whose map is empty. */
function suspect({ cause }: RunState): ObjectRef | undefined {
  return cause?.objects.find(({ kind }) => kind === 'Pod');
}
