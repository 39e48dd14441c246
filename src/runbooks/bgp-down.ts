import { count, names } from '../checks/words.ts';
import type { BgpPeer } from '../model/agent-says/agent-says.ts';
import { type Agent, agentContainer, agents } from '../model/agents.ts';
import { type BgpSession, bgpComplaints, sessionsOfNode } from '../model/bgp.ts';
import { ciliumConfig, clusterMode } from '../model/cluster-mode.ts';
import { at, list, text } from '../model/objects/raw.ts';
import type { RawObject } from '../model/objects/row.ts';
import { agentOn, nodeRef } from './agent-on-node.ts';
import { mustRead, nothingOf, readBy, seen, speaksAgainst, speaksFor } from './look.ts';
import { readObjects, servedKind } from './read-objects.ts';
import type { Cause, Evidence, LookAsks, Looked, Runbook, RunState } from './runbook.ts';
import { saidEvidence, saidOf } from './said-of.ts';

const group = 'cilium.io';
/** Nodes that are looked at: a router that is down is down for the first of them, too. */
const mostNodes = 60;
const fewNodes = 3;

/** R14 of domain §10. */
export const bgpDown: Runbook = {
  id: 'bgp-down',
  title: 'BGP sessions are down',
  says: 'Why routers are not told of pods and services any more: a router that no node reaches, one node that does not reach it, a refusal, or a configuration that lacks something. Only where Cilium is self-managed: AKS does not run BGP.',
  from: ['agents/bgp-session-down'],
  steps: [
    {
      type: 'look',
      id: 'used',
      title: 'whether this cluster speaks BGP',
      decides: true,
      async look(state) {
        mustRead(state, ['daemonSets', 'configMaps']);
        return used(state);
      },
    },
    {
      type: 'look',
      id: 'sessions',
      title: 'which sessions stand',
      decides: true,
      limitMs: 40_000,
      skip: whenUnused,
      look: (_, asks, signal) => sessions(asks, signal),
    },
    {
      type: 'look',
      id: 'configuration',
      title: 'what the configuration lacks',
      skip: whenUnused,
      look: (_, asks, signal) => configuration(asks, signal),
    },
    {
      type: 'look',
      id: 'agents',
      title: 'what agents say of their peers',
      skip: whenStanding,
      async look(state, asks, signal) {
        const asked = concerned(state);
        const answers: Evidence[] = [];
        for (const agent of asked) {
          const said = await asks.agent(agent, 'bgp-peers', signal);
          answers.push(seen(`${agent.node}: ${peersText(said)}`, 'exec cilium-dbg bgp peers', nodeRef(agent.node)));
        }
        return { evidence: answers };
      },
    },
    {
      type: 'look',
      id: 'log',
      title: 'what agents said of BGP in the last half hour',
      skip: whenStanding,
      async look(state, asks, signal) {
        const speakers = concerned(state).flatMap(({ pod }) =>
          pod
            ? [{ namespace: pod.namespace, pod: pod.name, container: agentContainer, program: 'agent' as const }]
            : [],
        );
        const { said, missed } = await saidOf(asks, speakers, ['bgp-session-event'], 30 * 60_000, signal);
        const refused = said.some(({ lines }) => lines.some((line) => /received notification/.test(line)));
        return {
          evidence:
            said.length > 0
              ? saidEvidence(said)
              : [seen('nothing: who gets no answer from a router has nothing to tell', 'log of cilium-agent')],
          ...(refused ? { causes: [refusedCause(state)] } : {}),
          ...(missed === '' ? {} : { missed }),
        };
      },
    },
    {
      type: 'tell',
      id: 'beyond',
      title: 'what cannot be seen from here',
      text: ({ cause }) =>
        cause === undefined
          ? []
          : [
              'The router’s own log and its neighbour’s configuration: AS numbers, password, the nodes’ addresses, its prefix limit.',
              'Whether TCP port 179 is open on the way: network security groups of the node subnet, route tables, ebgpMultihop where the router is not next door.',
              'An edit of a BGP object resets its sessions: change one thing, and wait for it.',
            ],
    },
  ],
};

function used({ snapshot }: RunState): Looked {
  const { cni } = clusterMode(snapshot);
  if (cni === 'managed-cilium') return nothingOf('Cilium is managed by AKS, which runs no BGP', 'cluster mode');
  if (cni === 'not-cilium') return nothingOf('there is no Cilium in this cluster', 'cluster mode');
  const isOn = ciliumConfig(snapshot)['enable-bgp-control-plane'] === 'true';
  const what = `enable-bgp-control-plane: ${isOn ? 'true' : 'not true'}`;
  if (!isOn) return nothingOf(`cilium-config ${what}`, 'cilium-config');
  return { evidence: [seen(`cilium-config ${what}`, 'cilium-config')], value: true };
}

async function sessions(asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const kind = await servedKind(asks, group, 'ciliumbgpnodeconfigs', signal);
  if (kind === undefined) return nothingOf('the server does not serve CiliumBGPNodeConfig', 'discovery');
  const { objects, left } = await readObjects(asks, kind, mostNodes, signal);
  const all = objects.flatMap(sessionsOfNode);
  const source = 'CiliumBGPNodeConfig';
  const missed = left === 0 ? {} : { missed: `${count(left, 'node')} more were not read` };
  if (all.length === 0)
    return {
      evidence: [speaksFor('no node is told to speak to any router', source)],
      causes: [nobodySpeaks()],
      ...missed,
    };
  const byPeer = [...Map.groupBy(all, ({ peer }) => peer)];
  const down = all.filter((one) => one.state !== 'established');
  return {
    evidence: byPeer.map(([peer, group]) => peerEvidence(peer, group, source)),
    causes: byPeer.flatMap(([peer, group]) => peerCauses(peer, group)),
    value: down,
    ...missed,
  };
}

function peerEvidence(peer: string, all: readonly BgpSession[], source: string): Evidence {
  const down = all.filter(({ state }) => state !== 'established');
  const whole = `${peer} (AS ${all[0]?.peerNumber}): ${all.length - down.length} of ${count(all.length, 'session')} established`;
  if (down.length === 0) return speaksAgainst(whole, source);
  const states = [...Map.groupBy(down, ({ state }) => state || 'nothing said')].map(
    ([state, some]) => `${state} on ${names(some.map(({ node }) => node))}`,
  );
  return speaksFor(`${whole}; ${states.join('; ')}`, source);
}

/** Down for all: the router's side. Down for some: theirs. */
function peerCauses(peer: string, all: readonly BgpSession[]): readonly Cause[] {
  const down = all.filter(({ state }) => state !== 'established');
  if (down.length === 0) return [];
  const objects = down.slice(0, 20).map(({ node }) => nodeRef(node));
  if (down.length === all.length)
    return [
      {
        id: 'router-side',
        text: `No node has a session with router ${peer}: ${all.length} of ${all.length} are down.`,
        confidence: 'likely',
        objects,
        next: `Look at ${peer} itself and at the way to it (TCP 179): nothing on one node explains that all of them lost it.`,
      },
    ];
  return [
    {
      id: 'node-side',
      text: `Router ${peer} speaks to ${all.length - down.length} of ${all.length} nodes and not to ${names(down.map(({ node }) => node))}.`,
      confidence: 'likely',
      objects,
      next: `Compare these nodes with the others: labels against the configuration’s nodeSelector, CiliumBGPNodeConfigOverride, their route and rules to ${peer}:179.`,
    },
  ];
}

function nobodySpeaks(): Cause {
  return {
    id: 'nobody-configured',
    text: 'BGP is switched on, but no CiliumBGPClusterConfig selects a node.',
    confidence: 'certain',
    objects: [],
    next: 'Apply a CiliumBGPClusterConfig whose nodeSelector matches the nodes, or switch BGP off in the chart’s values.',
  };
}

async function configuration(asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const evidence: Evidence[] = [];
  const causes: Cause[] = [];
  const known = new Map<string, readonly RawObject[]>();
  for (const plural of ['ciliumbgpclusterconfigs', 'ciliumbgppeerconfigs', 'ciliumbgpadvertisements']) {
    const kind = await servedKind(asks, group, plural, signal);
    if (kind === undefined) continue;
    const { objects } = await readObjects(asks, kind, 40, signal);
    known.set(plural, objects);
    for (const object of objects)
      for (const { type, message } of bgpComplaints(object)) {
        const ref = { kind: kind.kind, name: text(at(object, 'metadata', 'name')) };
        evidence.push(
          speaksFor(`${ref.kind} ${ref.name}: ${type}${message && `, ${message}`}`, 'status.conditions', ref),
        );
        causes.push({
          id: 'configuration-incomplete',
          text: `${ref.kind} ${ref.name} is incomplete: ${type}${message && `, ${message}`}.`,
          confidence: 'certain',
          objects: [ref],
          next: 'Complete it: the peer configuration, the Secret with the password, or the node selector it names.',
        });
      }
  }
  const wanting = unmatched(known.get('ciliumbgppeerconfigs') ?? [], known.get('ciliumbgpadvertisements') ?? []);
  for (const name of wanting)
    evidence.push(
      speaksFor(`CiliumBGPPeerConfig ${name} selects no CiliumBGPAdvertisement: its sessions tell nothing`, 'labels'),
    );
  if (evidence.length === 0)
    evidence.push(speaksAgainst('nothing: no condition says so, and what is to be told is selected', 'BGP objects'));
  return { evidence, causes };
}

/** Peer configurations of which no family selects an advertisement. */
function unmatched(peers: readonly RawObject[], advertisements: readonly RawObject[]): readonly string[] {
  const labels = advertisements.map((one) => (at(one, 'metadata', 'labels') ?? {}) as Record<string, unknown>);
  return peers
    .filter((peer) => {
      const families = list(at(peer, 'spec', 'families'));
      const selectors = families.map(
        (one) => (at(one, 'advertisements', 'matchLabels') ?? {}) as Record<string, unknown>,
      );
      return !selectors.some((selector) =>
        labels.some((own) => Object.entries(selector).every(([key, value]) => own[key] === value)),
      );
    })
    .map((peer) => text(at(peer, 'metadata', 'name')));
}

function refusedCause(state: RunState): Cause {
  const down = readBy<readonly BgpSession[]>(state, 'sessions') ?? [];
  const peers = new Set(down.map(({ peer }) => peer));
  return {
    id: 'refused-by-router',
    text: `Router ${names(peers)} answers and refuses the session (NOTIFICATION).`,
    confidence: 'certain',
    objects: down.slice(0, 20).map(({ node }) => nodeRef(node)),
    next: 'Compare AS numbers and addresses on both sides: code 2 subcode 2 is "bad peer AS"; correct the object that is wrong, which resets the session.',
  };
}

/** Agents of a few nodes whose session is down. */
function concerned(state: RunState): readonly Agent[] {
  const down = readBy<readonly BgpSession[]>(state, 'sessions') ?? [];
  const nodes = [...new Set(down.map(({ node }) => node))].slice(0, fewNodes);
  const found = nodes.flatMap((node) => agentOn(state, node) ?? []);
  return found.length > 0
    ? found
    : agents(state.snapshot, state.now)
        .filter(({ state: how }) => how === 'ready')
        .slice(0, fewNodes);
}

function peersText(peers: readonly BgpPeer[]): string {
  return peers.length === 0 ? 'no peer' : peers.map(({ address, state }) => `${address} ${state}`).join(', ');
}

function whenUnused(state: RunState): string {
  if (readBy(state, 'used') === true) return '';
  return state.found.has('used') ? 'this cluster speaks no BGP' : 'nothing is known of BGP here';
}

function whenStanding(state: RunState): string {
  const unused = whenUnused(state);
  if (unused !== '') return unused;
  const down = readBy<readonly BgpSession[]>(state, 'sessions');
  return down?.length === 0 ? 'all sessions stand' : '';
}
