import { offer } from '../actions/offer.ts';
import { recreatePod } from '../actions/recreate-pod.ts';
import { atMost, count, names, number } from '../checks/words.ts';
import { type Agent, agentContainer, agents } from '../model/agents.ts';
import { clusterMode } from '../model/cluster-mode.ts';
import { dropMeaning } from '../model/drop-reasons.ts';
import type { ObjectRef } from '../model/ref.ts';
import { agentOf, agentOn, nodeRef } from './agent-on-node.ts';
import { emptyPolicyMaps } from './empty-policy-maps.ts';
import { findingsOf, mustRead, nothingOf, readBy, restsOn, seen, speaksAgainst, speaksFor, toldBy } from './look.ts';
import { dropped, type Filled, ratios } from './map-readings.ts';
import type { Cause, LookAsks, Looked, Runbook, RunState } from './runbook.ts';
import { saidEvidence, saidOf } from './said-of.ts';
import { spread } from './spread.ts';

/** Cilium itself warns from here on. */
const tight = 0.9;
/** The gauge is of a moment ago: a map that is told as 99 % is full whenever it matters. */
const full = 0.99;
const fewAgents = 3;

/** R11 of domain §10. */
export const mapPressure: Runbook = {
  id: 'map-pressure',
  title: 'A table of the datapath is full',
  says: 'Whether connection tracking, SNAT or a policy map has no room left on some node, or a policy map is empty where it must not be (AKS#5969). Rules out drops that have another reason.',
  from: ['agents/map-pressure', 'agents/drops', 'policies/policy-map-pressure'],
  target: {
    kinds: ['Node', 'Pod'],
    suspects: () => [],
  },
  steps: [
    {
      type: 'look',
      id: 'pressure',
      title: 'how full the tables are',
      decides: true,
      async look(state, asks, signal) {
        mustRead(state, ['nodes', 'systemPods', 'daemonSets']);
        return pressure(state, asks, signal);
      },
    },
    {
      type: 'look',
      id: 'drops',
      title: 'packets dropped for want of room',
      look: (state, asks, signal) => drops(state, asks, signal),
    },
    {
      type: 'look',
      id: 'policy-log',
      title: 'what agents said of policy maps in the last half hour',
      async look(state, asks, signal) {
        const speakers = concerned(state).flatMap(({ pod }) =>
          pod
            ? [{ namespace: pod.namespace, pod: pod.name, container: agentContainer, program: 'agent' as const }]
            : [],
        );
        const { said, missed } = await saidOf(asks, speakers, ['policy-map-full'], 30 * 60_000, signal);
        const pods = new Set(said.map(({ speaker }) => speaker.pod));
        const nodes = concerned(state).filter(({ pod }) => pod !== undefined && pods.has(pod.name));
        return {
          evidence: said.length > 0 ? saidEvidence(said) : [speaksAgainst('nothing', 'log of cilium-agent')],
          ...(said.length > 0
            ? {
                causes: [
                  policyMapFull(
                    state,
                    nodes.map(({ node }) => node),
                    'certain',
                  ),
                ],
              }
            : {}),
          ...(missed === '' ? {} : { missed }),
        };
      },
    },
    {
      type: 'look',
      id: 'empty-maps',
      title: 'whether an endpoint that enforces policies has nothing in its map',
      look: (state, asks, signal) => emptyPolicyMaps(concerned(state), asks, signal),
    },
    {
      type: 'look',
      id: 'selected',
      title: 'how many identities the policies let in',
      async look(state) {
        const found = findingsOf(state, ['policies/policy-map-pressure']);
        return found.length > 0
          ? { evidence: found.flatMap((one) => toldBy(one)) }
          : nothingOf('no policy fills nine tenths of a map by what it selects', 'check policies/policy-map-pressure');
      },
    },
    {
      type: 'look',
      id: 'sizes',
      title: 'how large the tables are',
      skip: (state) => (state.cause === undefined ? restsOn(state, 'pressure') || 'none is full' : ''),
      look: (state, asks, signal) => sizes(state, asks, signal),
    },
    {
      type: 'tell',
      id: 'never',
      title: 'what not to do',
      text: ({ cause }) =>
        cause === undefined ? [] : ['Never flush connection tracking: it cuts every connection of the node.'],
    },
    {
      type: 'offer',
      id: 'recreate',
      title: 'give the endpoint a new map',
      offers({ snapshot, cause }) {
        if (cause === undefined || !ofPolicyMaps.includes(cause.id)) return [];
        return cause.objects
          .filter(({ kind }) => kind === 'Pod')
          .slice(0, 3)
          .map(({ namespace = '', name }) => {
            const target = { namespace, name };
            const refusal = recreatePod.refuses?.(target, snapshot) ?? '';
            return offer(recreatePod, target, `recreate ${namespace}/${name}`, refusal);
          });
      },
    },
  ],
};

const ofPolicyMaps: readonly string[] = ['policy-map-full', 'policy-map-empty'];

async function pressure(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const { all, read, source, missed } = await ratios(state, asks, agentOf(state, state.target)?.node, signal);
  const filled = all.filter(({ ratio }) => ratio >= tight).sort((a, b) => b.ratio - a.ratio);
  const more = missed === '' ? {} : { missed };
  if (filled.length === 0) {
    const [fullest] = all.toSorted((a, b) => b.ratio - a.ratio);
    const text = fullest
      ? `the fullest is ${fullest.map} on ${fullest.node}, ${percent(fullest.ratio)}`
      : 'no agent tells how full its maps are';
    if (fullest === undefined) return { evidence: [seen(text, source)], missed: text };
    return { evidence: [speaksAgainst(`${count(read, 'agent')}: ${text}`, source)], value: filled, ...more };
  }
  const byKind = Map.groupBy(filled, ({ map }) => kindOf(map));
  return {
    evidence: atMost(
      filled.map(({ node, map, ratio }) => `${node}: ${map} ${percent(ratio)}`),
      8,
      'map',
    ).map((text) => speaksFor(text, source)),
    causes: [...byKind].map(([kind, group]) => causeOf(state, kind, group)),
    value: filled,
    ...more,
  };
}

type MapKind = 'connection-table-full' | 'nat-table-full' | 'policy-map-full' | 'other-map-full';

function kindOf(map: string): MapKind {
  if (/^ct[46]?_|^ct_/.test(map)) return 'connection-table-full';
  if (/snat|^nat/.test(map)) return 'nat-table-full';
  return /policy/.test(map) ? 'policy-map-full' : 'other-map-full';
}

function causeOf(state: RunState, kind: MapKind, group: readonly Filled[]): Cause {
  const nodes = [...new Set(group.map(({ node }) => node))];
  const confidence = group.some(({ ratio }) => ratio >= full) ? 'certain' : 'possible';
  if (kind === 'policy-map-full') return policyMapFull(state, nodes, confidence, group);
  const objects = nodes.slice(0, 20).map(nodeRef);
  const [fullest] = group;
  const where = `${percent(fullest?.ratio ?? 0)} full on ${names(nodes)}`;
  if (kind === 'other-map-full')
    return {
      ...{ id: kind, confidence, objects },
      text: `The map ${fullest?.map} is ${where}.`,
      next: larger(state, 'Look at what fills it: cilium-dbg map list on that node.'),
    };
  const isNat = kind === 'nat-table-full';
  return {
    ...{ id: kind, confidence, objects },
    text: isNat
      ? `The table of SNAT mappings is ${where}: new connections to the outside are dropped.`
      : `The connection tracking table is ${where}: new connections are dropped.`,
    next: larger(
      state,
      isNat
        ? 'Open fewer connections to one outside address (keep-alive, pools) and scale the pool out.'
        : 'Open fewer short connections (keep-alive, pools, a NAT gateway for egress) and scale the pool out.',
    ),
  };
}

/** Sizes are AKS' own on a managed cluster. */
function larger({ snapshot }: RunState, next: string): string {
  return clusterMode(snapshot).cni === 'byo-cilium'
    ? `${next} The chart can make it larger: bpf.mapDynamicSizeRatio, which restarts the agents.`
    : `${next} AKS does not let sizes be changed: that takes a support case.`;
}

/** Of a map's name the endpoint follows: `policy_v2_00051` is endpoint 51 of its node. */
function policyMapFull(
  state: RunState,
  nodes: readonly string[],
  confidence: Cause['confidence'],
  maps: readonly Filled[] = readBy<readonly Filled[]>(state, 'pressure') ?? [],
): Cause {
  const pods = maps.flatMap(({ node, map }) => podOfMap(state, node, map) ?? []);
  const whose = pods.length > 0 ? ` of ${names(pods.map(({ namespace, name }) => `${namespace}/${name}`))}` : '';
  return {
    id: 'policy-map-full',
    text: `The policy map${whose} is full on ${names(nodes)}: what the policies allow beyond it is dropped.`,
    confidence,
    objects: [...pods, ...nodes.slice(0, 20).map(nodeRef)],
    next: 'Select fewer peers: narrow `namespaceSelector: {}` and wide CIDR lists, or write toEntities: [cluster] in a CiliumNetworkPolicy; then recreate the pod.',
  };
}

function podOfMap(state: RunState, node: string, map: string): ObjectRef | undefined {
  const id = Number(/_(\d+)$/.exec(map)?.[1] ?? 0);
  const address = agentOn(state, node)?.nodeRow?.internalIP;
  if (id === 0 || address === undefined || !map.includes('policy')) return undefined;
  for (const one of state.snapshot.tables.ciliumEndpoints.rows.values())
    if (one.endpointId === id && one.nodeIP === address)
      return { kind: 'Pod', namespace: one.namespace, name: one.name };
  return undefined;
}

/** Reasons that come of a table without room (domain §6.1: 155, 167, 190, 191). */
const forRoom: Readonly<Record<string, MapKind>> = {
  'CT: Map insertion failed': 'connection-table-full',
  'No conntrack map found': 'connection-table-full',
  'No mapping for NAT masquerade': 'nat-table-full',
  'No nat map found': 'nat-table-full',
};

async function drops(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const only = agentOf(state, state.target)?.node;
  const isCounted = state.snapshot.facts.agentMetrics?.value !== undefined;
  const filled = isCounted ? [] : (readBy<readonly Filled[]>(state, 'pressure') ?? []).map(({ node }) => node);
  const { all, source } = await dropped(state, asks, only === undefined ? filled : [only], signal);
  const own = all.filter(({ reason, total }) => forRoom[reason] !== undefined && total > 0);
  if (own.length === 0) {
    const others = new Set(
      all.filter(({ reason, total }) => total > 0 && !dropMeaning(reason).isEveryday).map(({ reason }) => reason),
    );
    const but = others.size > 0 ? `; others are: ${names(others)}` : '';
    return { evidence: [speaksAgainst(`none for reasons 155, 167, 190 and 191${but}`, source)] };
  }
  return {
    evidence: atMost(
      own.map(({ node, reason, total, perSecond }) => {
        const rate = perSecond === null ? '' : `, ${perSecond.toFixed(1)} a second now`;
        return `${node}: ${number(total)} × ${reason} since its agent started${rate}`;
      }),
      6,
      'line',
    ).map((text) => speaksFor(text, source)),
    causes: [...Map.groupBy(own, ({ reason }) => forRoom[reason] as MapKind)].map(([kind, group]) => ({
      ...causeOf(
        state,
        kind,
        group.map(({ node }) => ({ node, map: '', ratio: full })),
      ),
      text: `${group[0]?.reason} on ${names(group.map(({ node }) => node))}: ${kind === 'nat-table-full' ? 'no SNAT mapping was left' : 'no room was left in connection tracking'} for new connections.`,
      confidence: group.some(({ perSecond }) => (perSecond ?? 0) > 0) ? ('likely' as const) : ('possible' as const),
    })),
  };
}

/** The target's agent, those of the fullest maps, or some of each pool. */
function concerned(state: RunState): readonly Agent[] {
  const own = agentOf(state, state.target);
  if (own !== undefined) return [own];
  const filled = readBy<readonly Filled[]>(state, 'pressure') ?? [];
  const nodes = [...new Set(filled.map(({ node }) => node))].slice(0, fewAgents);
  const found = nodes.flatMap((node) => agentOn(state, node) ?? []);
  if (found.length > 0) return found;
  const ready = agents(state.snapshot, state.now).filter(({ pod, state: how }) => pod !== undefined && how === 'ready');
  return spread(ready, fewAgents);
}

async function sizes(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const [agent] = concerned(state);
  if (agent === undefined) return { evidence: [] };
  const status = await asks.agent(agent, 'status', signal);
  const known = status.maps.filter(({ name }) => /connection tracking|policy|NAT/i.test(name));
  const text = known.map(({ name, size }) => `${name} ${number(size)}`).join(', ');
  return {
    evidence: [seen(`${agent.node}: ${text || 'it does not say'}`, 'exec cilium-dbg status', nodeRef(agent.node))],
  };
}

function percent(ratio: number): string {
  return `${Math.floor(ratio * 100)} %`;
}
