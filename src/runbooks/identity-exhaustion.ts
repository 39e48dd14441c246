import { labelExclusion } from '../actions/label-exclusion.ts';
import { offerOn } from '../actions/offer.ts';
import { policiesSelectingBy } from '../actions/selected-labels.ts';
import { count, names, number } from '../checks/words.ts';
import { agentContainer, agents } from '../model/agents.ts';
import { identities, slopeText } from '../model/capacity.ts';
import { ciliumConfig } from '../model/cluster-mode.ts';
import { refText } from '../model/ref.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { agentRef } from './agent-on-node.ts';
import { classifiedLog } from './last-words.ts';
import { mustRead, nothingOf, readBy, restsOn, seen, speaksAgainst, speaksFor } from './look.ts';
import type { LookAsks, Looked, Runbook, RunState } from './runbook.ts';

/** Beyond so many it is confirmed (domain §10 R7), from the first share on suspected. */
const confirmed = 60_000;
const suspected = 0.8;

/** R7 of domain §10. */
export const identityExhaustion: Runbook = {
  id: 'identity-exhaustion',
  title: 'Identities run out, or explode',
  says: 'Whether the 65,280 identities of a cluster are nearly used up, which labels make them, and how many nobody uses. Rules out identities that cannot be written for another reason while there are few of them.',
  from: ['endpoints/identity-capacity', 'endpoints/identity-churn', 'policies/identity-labels-excluded'],
  steps: [
    {
      type: 'look',
      id: 'count',
      title: 'how many identities there are, and how fast they grow',
      decides: true,
      async look(state) {
        mustRead(state, ['ciliumIdentities']);
        return counted(state.snapshot);
      },
    },
    {
      type: 'look',
      id: 'labels',
      title: 'which labels make them',
      async look(state) {
        mustRead(state, ['ciliumIdentities']);
        return labelsOf(state.snapshot);
      },
    },
    {
      type: 'look',
      id: 'unused',
      title: 'how many of them no endpoint has',
      decides: true,
      async look(state) {
        mustRead(state, ['ciliumIdentities', 'ciliumEndpoints']);
        return unused(state.snapshot);
      },
    },
    {
      type: 'look',
      id: 'agent-log',
      title: 'whether agents are refused an identity',
      decides: true,
      skip: (state) =>
        restsOn(state, 'unused') || (waitingNodes(state).length === 0 ? 'no endpoint waits for an identity' : ''),
      look: agentLog,
    },
    {
      type: 'look',
      id: 'policies',
      title: 'which policies select by the label that would be left out',
      skip: (state) => (state.cause === undefined || labelToLeave(state) === '' ? 'no label is to be left out' : ''),
      async look(state) {
        mustRead(state, ['networkPolicies', 'ciliumNetworkPolicies', 'ciliumClusterwideNetworkPolicies'], {
          noneIfMissing: ['ciliumNetworkPolicies', 'ciliumClusterwideNetworkPolicies'],
        });
        const label = labelToLeave(state);
        const selecting = policiesSelectingBy(state.snapshot, [label]);
        if (selecting.length === 0) return { evidence: [speaksAgainst(`no policy selects by ${label}`, 'policies')] };
        const text = `${count(selecting.length, 'policy selects', 'policies select')} by ${label} and would match nothing any more: ${names(selecting.map(({ kind, namespace, name }) => refText({ kind, namespace, name })))}`;
        return { evidence: [seen(text, 'policies')] };
      },
    },
    {
      type: 'offer',
      id: 'mend',
      title: 'what may help',
      offers(state) {
        const label = labelToLeave(state);
        if (state.cause === undefined || label === '') return [];
        return [offerOn(state.snapshot, labelExclusion, { keys: [label] }, `leave label ${label} out of identities`)];
      },
    },
  ],
};

function counted(snapshot: Snapshot): Looked {
  const { used, most, share, slope } = identities(snapshot);
  const growth = slope === undefined ? '' : `, ${number(slope.perHour)} more an hour`;
  const full = slopeText(slope);
  const text = `${number(used)} of ${number(most)} identities (${Math.floor(share * 100)} %)${growth}${full === '' ? '' : `, ${full}`}`;
  if (share < suspected) return { evidence: [speaksAgainst(text, 'ciliumidentities')] };
  return {
    evidence: [speaksFor(text, 'ciliumidentities')],
    causes: [
      {
        ...{ id: 'identities-run-out', confidence: used > confirmed ? 'certain' : 'likely' },
        text: `Identities run out: ${text}.`,
        objects: [{ kind: 'Cluster', name: snapshot.cluster.context || 'cluster' }],
        next: 'Leave the label with the most values out of identities (labels in cilium-config, the one edit AKS supports), then restart the agents node by node.',
      },
    ],
  };
}

type LabelCount = { key: string; values: number };

/** O(identities): once, when somebody asks. */
function labelCounts({ tables, memo }: Snapshot): readonly LabelCount[] {
  return memo.same('identity-label-counts', [tables.ciliumIdentities], '', () => {
    const values = new Map<string, Set<string>>();
    for (const { securityLabels } of tables.ciliumIdentities.rows.values())
      for (const [key, value] of Object.entries(securityLabels)) {
        const known = values.get(key) ?? new Set<string>();
        values.set(key, known.add(value));
      }
    return [...values].map(([key, all]) => ({ key, values: all.size })).sort((a, b) => b.values - a.values);
  });
}

/** Namespaces and service accounts are what policies are made of. */
const kept = /^k8s:(io\.kubernetes\.pod\.namespace|io\.cilium\.|app$|app\.kubernetes\.io\/)/;
/** A label of fewer values explains nothing. */
const many = 100;

function labelsOf(snapshot: Snapshot): Looked {
  const counts = labelCounts(snapshot);
  const told = counts.slice(0, 4).map(({ key, values }) => `${key} ${count(values, 'value')}`);
  const [worst] = counts.filter(({ key, values }) => !kept.test(key) && values >= many);
  const namespaces = [...snapshot.tables.ciliumIdentities.counts('namespace')].sort(([, a], [, b]) => b - a);
  const where = namespaces.slice(0, 3).map(([namespace, all]) => `${namespace} ${number(all)}`);
  const evidence = [
    seen(`by label: ${told.join(', ')}`, 'ciliumidentities'),
    seen(`by namespace: ${where.join(', ')}`, 'ciliumidentities'),
  ];
  if (worst === undefined)
    return {
      evidence: [
        speaksAgainst(`no label has ${many} values or more that differ from run to run`, 'ciliumidentities'),
        ...evidence,
      ],
    };
  const label = worst.key.replace(/^k8s:/, '');
  const excluded = (ciliumConfig(snapshot)['labels'] ?? '').includes(label);
  return {
    evidence: [
      speaksFor(
        `label ${label} has ${count(worst.values, 'value')}, an identity each${excluded ? '; it is left out already: agents that have not restarted still count it' : ''}`,
        'ciliumidentities',
      ),
      ...evidence,
    ],
    value: label,
  };
}

function labelToLeave(state: RunState): string {
  return readBy<string>(state, 'labels') ?? '';
}

function unused({ tables }: Snapshot): Looked {
  const used = new Set<number>();
  for (const { identity } of tables.ciliumEndpoints.rows.values()) if (identity > 0) used.add(identity);
  const all = tables.ciliumIdentities.rows.size;
  const idle = Math.max(0, all - used.size);
  const text = `${number(idle)} of ${number(all)} identities are no endpoint's`;
  // The collector takes them back after a while; that many mean that it does not, or cannot keep up.
  return {
    evidence: [idle > all / 2 && all > 1_000 ? speaksFor(text, 'ciliumendpoints') : seen(text, 'ciliumendpoints')],
  };
}

function waitingNodes({ snapshot }: RunState): readonly string[] {
  const nodes = new Set<string>();
  for (const { state, nodeIP } of snapshot.tables.ciliumEndpoints.rows.values())
    if (state === 'waiting-for-identity') nodes.add(nodeIP);
  return [...nodes];
}

async function agentLog(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const [first] = waitingNodes(state);
  const node = [...state.snapshot.tables.nodes.rows.values()].find(({ internalIP }) => internalIP === first);
  const agent = agents(state.snapshot, state.now).find((one) => one.node === node?.name);
  if (agent?.pod === undefined) return nothingOf('the node of the endpoints that wait has no agent', 'agents');
  const { namespace, name: pod } = agent.pod;
  const from = { namespace, pod, container: agentContainer, program: 'agent' as const, tailLines: 1_000 };
  const { evidence, patterns } = await classifiedLog(asks, from, signal);
  if (patterns.has('identities-exhausted'))
    return {
      evidence,
      causes: [
        {
          ...{ id: 'identities-run-out', confidence: 'certain' },
          text: `Agents are refused identities: ${agent.node} says that no number is left.`,
          objects: [{ kind: 'Pod', namespace, name: pod }],
          next: 'Leave the label with the most values out of identities (labels in cilium-config), then restart the agents.',
        },
      ],
    };
  if (patterns.has('identity-not-allocated') || patterns.has('identity-heartbeat-conflict'))
    return {
      evidence,
      causes: [
        {
          ...{ id: 'identity-writes-fail', confidence: 'likely' },
          text: `Agents cannot write identities, although there is room: ${agent.node} says so.`,
          objects: [agentRef(agent) ?? { kind: 'Node', name: agent.node }],
          next: 'Look at the API server: throttled, slow, or rights that the agents lack.',
        },
      ],
    };
  return { evidence };
}
