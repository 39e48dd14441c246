import { type Disagreeing, resyncLadder } from '../actions/resync-ladder.ts';
import { age, count, names } from '../checks/words.ts';
import { agents } from '../model/agents.ts';
import type { ObjectRef } from '../model/ref.ts';
import { type Drift, sliceDrift as driftsOf } from '../model/slices.ts';
import { agentRef } from './agent-on-node.ts';
import {
  findingsOf,
  mustHaveLooked,
  mustRead,
  nothingOf,
  readBy,
  restsOn,
  seen,
  speaksAgainst,
  speaksFor,
  toldBy,
} from './look.ts';
import { operatorLeads, operatorLog } from './operator-leads.ts';
import type { Evidence, LookAsks, Looked, Runbook, RunState } from './runbook.ts';

/** R6 of domain §10. */
export const sliceDrift: Runbook = {
  id: 'slice-drift',
  title: 'Slices disagree with endpoints',
  says: 'Whether CiliumEndpointSlices say of pods what their endpoints say, and if not why: no operator leads, its writes fail, it lags behind, or it lost track. Asks an agent elsewhere what it believes. Rules out what heals by itself within a minute.',
  from: [
    ...['endpoints/missing-from-slices', 'endpoints/stale-slice-entry', 'endpoints/duplicate-in-slices'],
    ...['endpoints/slice-identity-differs', 'endpoints/slice-address-differs', 'endpoints/address-conflict'],
    ...['endpoints/slice-lag', 'endpoints/slice-sync-failing', 'endpoints/slice-queue-slow', 'endpoints/slice-empty'],
    'endpoints/slice-over-limit',
  ],
  target: {
    kinds: ['CiliumEndpoint', 'Pod', 'CiliumEndpointSlice'],
    suspects: () => [],
  },
  steps: [
    {
      type: 'look',
      id: 'invariants',
      title: 'whether slices and endpoints agree, for longer than a minute',
      decides: true,
      look: async (state) => invariants(state),
    },
    {
      type: 'look',
      id: 'lag',
      title: 'whether the operator is only behind',
      skip: agree,
      async look(state) {
        const lag = findingsOf(state, ['endpoints/slice-lag', 'endpoints/slice-queue-slow']);
        if (lag.length === 0) return nothingOf('no more endpoints wait than a queue explains', 'checks');
        return {
          evidence: lag.flatMap((finding) => toldBy(finding)),
          causes: [
            {
              ...{ id: 'slices-late', confidence: 'certain' },
              text: `The operator writes slices more slowly than pods come and go: ${lag[0]?.title ?? ''}.`,
              objects: lag[0]?.objects.slice(0, 5) ?? [],
              next: 'Slow the churn of pods down, or wait: it catches up by itself. No rung of resyncing helps.',
            },
          ],
          ruledOut: ['slices-drifted'],
          value: 'late',
        };
      },
    },
    {
      type: 'look',
      id: 'operator',
      title: 'whether an operator leads that writes them',
      skip: agree,
      async look(state) {
        const { leads, evidence, words, object } = operatorLeads(state);
        if (leads) return { evidence: [evidence], ruledOut: ['operator-down'] };
        return {
          evidence: [evidence],
          causes: [
            {
              ...{ id: 'operator-down', confidence: 'certain' },
              text: `No operator leads (${words}): nobody writes slices.`,
              objects: object === undefined ? [] : [object],
              next: 'Runbook operator-down says why it is away; a new leader rebuilds the slices.',
            },
          ],
        };
      },
    },
    {
      type: 'look',
      id: 'operator-log',
      title: 'what the operator says of its writes',
      skip: agree,
      look: operatorSays,
    },
    {
      type: 'look',
      id: 'elsewhere',
      title: 'what agents of other nodes believe',
      skip: (state) => agree(state) || (driftsAbout(state).length === 0 ? 'nothing differs any more' : ''),
      look: elsewhere,
    },
    {
      type: 'offer',
      id: 'resync',
      title: 'resyncing, by rising risk',
      offers(state) {
        const [drift] = driftsAbout(state);
        if (drift === undefined || !['slices-drifted', 'slice-writes-fail'].includes(state.cause?.id ?? '')) return [];
        const about = { kind: 'CiliumEndpoint', namespace: drift.namespace, name: drift.name };
        const disagree = readBy<readonly Disagreeing[]>(state, 'elsewhere') ?? [];
        return resyncLadder(state.snapshot, about, state.now, disagree).rungs.flatMap(({ offer }) => offer ?? []);
      },
    },
  ],
};

/** Those that stood for as long as the operator's queue could explain. */
const disagreements = [
  ...['endpoints/missing-from-slices', 'endpoints/stale-slice-entry', 'endpoints/duplicate-in-slices'],
  ...['endpoints/slice-identity-differs', 'endpoints/slice-address-differs', 'endpoints/address-conflict'],
];

function agree(state: RunState): string {
  const known = restsOn(state, 'invariants');
  return known || (readBy(state, 'invariants') === undefined ? 'slices and endpoints agree' : '');
}

/** A pod and its endpoint share a name. */
function isAbout({ namespace, name, slices }: Drift, target: ObjectRef | undefined): boolean {
  if (target === undefined) return true;
  if (target.kind === 'CiliumEndpointSlice') return slices.includes(target.name);
  return namespace === target.namespace && name === target.name;
}

function driftsAbout({ snapshot, now, target }: RunState): readonly Drift[] {
  return driftsOf(snapshot, now).filter((drift) => isAbout(drift, target));
}

function invariants(state: RunState): Looked {
  mustRead(state, ['ciliumEndpoints', 'ciliumEndpointSlices', 'configMaps']);
  mustHaveLooked(state, disagreements);
  const { ciliumEndpoints, ciliumEndpointSlices } = state.snapshot.tables;
  const now = driftsAbout(state);
  const lasting = findingsOf(state, [...disagreements, 'endpoints/slice-lag']).filter(({ objects }) =>
    now.some((drift) => objects.some(({ namespace, name }) => drift.namespace === namespace && drift.name === name)),
  );
  const all = `${count(ciliumEndpoints.rows.size, 'endpoint')} and ${count(ciliumEndpointSlices.rows.size, 'slice')}`;
  // What follows from another finding is told under it alone: with no operator slices lack all that is new.
  const explained = state.snapshot.judgement.findings.flatMap(({ explains = [] }) =>
    explains.filter(({ id }) => disagreements.includes(id)),
  );
  if (lasting.length === 0 && explained.length > 0 && now.length > 0)
    return {
      evidence: explained.slice(0, 4).map(({ title }) => speaksFor(title, 'ciliumendpointslices')),
      value: explained,
    };
  if (lasting.length === 0) {
    // What the checks still watch may pass by itself, or be told in a minute.
    const watched = state.snapshot.judgement.waiting.filter(({ id }) => disagreements.includes(id));
    const left = Math.max(0, ...watched.map(({ knownAt }) => knownAt - state.now));
    if (watched.length > 0) {
      const text = `${watched.map(({ title }) => title).join(', ')}: may be a moment, known in ${age(left)}`;
      return { evidence: [seen(text, 'ciliumendpointslices')], missed: text };
    }
    const young =
      now.length === 0
        ? []
        : [seen(`${count(now.length, 'change is', 'changes are')} on the way`, 'ciliumendpointslices')];
    return { evidence: [speaksAgainst(`${all} agree`, 'ciliumendpointslices'), ...young] };
  }
  const kinds = [...Map.groupBy(now, ({ what }) => what)].map(([what, group]) => `${what} ×${group.length}`);
  return {
    evidence: lasting.flatMap((finding) => toldBy(finding, 2)),
    causes: [
      {
        ...{ id: 'slices-drifted', confidence: 'likely' },
        text: `Slices disagree with endpoints (${kinds.join(', ')}): the operator lost track, and other nodes take these pods for what they are not.`,
        objects: lasting.flatMap(({ objects }) => objects).slice(0, 8),
        next: nextStep(now),
      },
    ],
    value: lasting,
  };
}

function nextStep(drifts: readonly Drift[]): string {
  const ladder = 'restart the operator’s leader, which rebuilds the slices; a live slice is never deleted';
  // Of entries whose pods are gone there is no pod to recreate.
  return drifts.every(({ what }) => what === 'stale')
    ? `Climb the ladder: ${ladder}, one of stale entries alone may be.`
    : `Climb the ladder: recreate one pod, then ${ladder}.`;
}

async function operatorSays(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const log = await operatorLog(state, asks, signal, 1_000);
  if (log === undefined) return nothingOf('there is no operator pod', 'pods');
  const failing = ['slice-given-up', 'slice-write-failed', 'slice-retried'].filter((id) => log.patterns.has(id));
  // A write that waits longer than it may is one that comes late.
  if (readBy(state, 'lag') === 'late') return { evidence: failing.length === 0 ? [] : log.evidence };
  if (failing.length === 0)
    return {
      evidence: [speaksAgainst('no write of a slice failed in its last lines', 'log of cilium-operator', log.object)],
    };
  return {
    evidence: log.evidence,
    // It did not lose track of them: it cannot write them.
    ruledOut: ['slices-drifted'],
    causes: [
      {
        ...{ id: 'slice-writes-fail', confidence: 'certain' },
        text: `The operator cannot write slices${failing.includes('slice-given-up') ? ', and has given some up' : ''}: its log says so.`,
        objects: [log.object],
        next: 'Mend what the error names (rights, quota, throttling), then restart the leader: it starts anew with all of them.',
      },
    ],
  };
}

const mostAsked = 2;
const mostDrifts = 4;

/** What a node's datapath takes the address for decides what its policies do with it. */
async function elsewhere(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  mustRead(state, ['systemPods', 'pods', 'nodes']);
  const drifts = driftsAbout(state)
    .filter(({ ip, what }) => ip !== '' && what !== 'duplicate')
    .slice(0, mostDrifts);
  const own = new Set(drifts.map((drift) => state.snapshot.tables.pods.named(drift.namespace, drift.name)?.node));
  const ready = agents(state.snapshot, state.now).filter((agent) => agent.state === 'ready' && !own.has(agent.node));
  if (drifts.length === 0 || ready.length === 0)
    return { evidence: [seen('there is no address, or no ready agent elsewhere, to ask about', 'agents')] };
  const evidence: Evidence[] = [];
  const wrong = new Set<string>();
  const disagree: Disagreeing[] = [];
  for (const agent of ready.slice(0, mostAsked)) {
    const source = 'exec cilium-dbg bpf ipcache list';
    const entries = await asks.agent(agent, 'ipcache', signal);
    for (const drift of drifts) {
      const { namespace, name, ip, what } = drift;
      const endpoint = state.snapshot.tables.ciliumEndpoints.named(namespace, name);
      const believes = entries.find(({ cidr }) => cidr === ip || cidr.startsWith(`${ip}/`))?.identity;
      const is = endpoint === undefined || endpoint.ip !== ip ? undefined : endpoint.identity;
      const said = believes === undefined ? 'nobody it knows' : `identity ${believes}`;
      const truth = is === undefined ? 'is nobody’s by now' : `has identity ${is}`;
      const text = `${agent.node} takes ${ip} for ${said}; ${namespace}/${name} ${truth} (${what})`;
      if (believes === is) evidence.push(speaksAgainst(text, source, agentRef(agent)));
      else {
        wrong.add(`${namespace}/${name}`);
        disagree.push({ node: agent.node, text, at: state.now });
        evidence.push(speaksFor(text, source, agentRef(agent)));
      }
    }
  }
  if (wrong.size === 0) return { evidence };
  return {
    evidence,
    value: disagree,
    causes: [
      {
        ...{ id: 'slices-drifted', confidence: 'certain' },
        text: `Slices disagree with endpoints, and agents of other nodes go by the slices: wrong for ${names(wrong)}.`,
        objects: drifts.map(({ namespace, name }) => ({ kind: 'CiliumEndpoint', namespace, name })),
        next: nextStep(driftsAbout(state)),
      },
    ],
  };
}
