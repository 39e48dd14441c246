import { count, names, number } from '../checks/words.ts';
import { agentContainer, agents, isWanted } from '../model/agents.ts';
import { operator } from '../model/operator.ts';
import type { ObjectRef } from '../model/ref.ts';
import { apiClients } from '../queries/api-clients.ts';
import { controlPlaneErrors } from '../queries/control-plane-errors.ts';
import { askLogs, type LoggedRow } from './logged.ts';
import { mustRead, readBy, seen, speaksAgainst, speaksFor } from './look.ts';
import { overloaded, type Refused, refused } from './refused-calls.ts';
import type { Cause, LookAsks, Looked, Runbook, RunState } from './runbook.ts';
import { type Said, saidEvidence, saidOf } from './said-of.ts';
import { spread } from './spread.ts';

/** Logs that are read: of so many agents, so far back. */
const fewAgents = 5;

const lately = 15 * 60_000;

/** A client that asks this much more than the next one is not one of many. */
const outstanding = 3;

const manyPerSecond = 5;

/** Endpoints that come or go, a second, by which a cluster writes more than it should. */
const stormPerSecond = 5;

/** R9 of domain §10. */
export const apiServerThrottled: Runbook = {
  id: 'api-server-throttled',
  title: 'The API server is throttled or overloaded',
  says: 'Whether the API server turns agents and operators away (429) or leaves them without an answer, and who asks it for so much: one client, or endpoints that come and go. Rules out one node whose own network is at fault.',
  asksAzure: true,
  from: ['agents/api-calls-refused'],
  steps: [
    {
      type: 'look',
      id: 'refused',
      title: 'calls of the agents that the API server did not answer well',
      decides: true,
      async look(state, asks, signal) {
        mustRead(state, ['nodes', 'systemPods', 'daemonSets']);
        return refused(state, asks, signal);
      },
    },
    {
      type: 'look',
      id: 'log',
      title: 'what agents and operators said of it in the last quarter of an hour',
      async look(state, asks, signal) {
        const { said, missed } = await saidOf(asks, speakers(state), patterns, lately, signal);
        return { ...heard(state, said), ...(missed === '' ? {} : { missed }) };
      },
    },
    {
      type: 'look',
      id: 'own',
      title: 'whether this program is turned away, too',
      look: async ({ snapshot: { requests } }) => ({
        evidence: [
          requests.throttled > 0
            ? speaksFor(
                `${requests.throttled} of ${count(requests.total, 'request')} of ours were turned away`,
                'own requests',
              )
            : speaksAgainst(`none of ${count(requests.total, 'request')} of ours`, 'own requests'),
        ],
      }),
    },
    {
      type: 'look',
      id: 'clients',
      title: 'who asks the API server most, by its audit log',
      look: (state, asks, signal) => clients(state, asks, signal),
    },
    {
      type: 'look',
      id: 'control-plane',
      title: 'what the API server itself complains of',
      skip: whenWell,
      async look(state, asks, signal) {
        const { rows, remarks } = await askLogs(state, asks, controlPlaneErrors, {}, signal);
        const own = rows.filter(({ Category }) => Category === 'kube-apiserver');
        return {
          evidence:
            own.length === 0
              ? [seen('nothing', 'KQL control-plane-errors')]
              : own
                  .slice(0, 3)
                  .map(({ Lines, Pattern }) => speaksFor(`×${Lines}: ${Pattern}`, 'KQL control-plane-errors')),
          ...(remarks === '' ? {} : { missed: remarks }),
        };
      },
    },
    {
      type: 'look',
      id: 'churn',
      title: 'how many endpoints come and go',
      look: async (state) => churn(state),
    },
    {
      type: 'look',
      id: 'tier',
      title: 'what the control plane is paid for',
      skip: whenWell,
      async look(state) {
        mustRead(state, ['arm']);
        const tier = state.snapshot.facts.arm?.value?.tier ?? '';
        if (/^free$/i.test(tier))
          return { evidence: [speaksFor('tier Free: no uptime SLA, the smallest control plane', 'Azure')] };
        return { evidence: [seen(`tier ${tier || 'not said'}`, 'Azure')] };
      },
    },
    {
      type: 'tell',
      id: 'not-now',
      title: 'what not to do',
      text: ({ cause }) =>
        cause === undefined
          ? []
          : ['Do not restart agents in numbers now: each of them lists everything anew when it starts.'],
    },
  ],
};

const patterns = ['api-heartbeat-failed', 'api-server-unreachable', 'lease-not-written', 'lease-lost'] as const;

function speakers({ snapshot, now }: RunState) {
  const ready = agents(snapshot, now).filter(({ pod, state }) => pod !== undefined && state === 'ready');
  const operators = operator(snapshot, now).workload?.pods ?? [];
  return [
    ...spread(ready, fewAgents).flatMap(({ pod }) =>
      pod ? [{ namespace: pod.namespace, pod: pod.name, container: agentContainer, program: 'agent' as const }] : [],
    ),
    ...operators
      .filter(({ deleting, node }) => deleting === 0 && node !== '')
      .map(({ namespace, name }) => ({
        ...{ namespace, pod: name, container: 'cilium-operator', program: 'operator' as const },
      })),
  ];
}

function heard(state: RunState, said: readonly Said[]): Looked {
  if (said.length === 0)
    return { evidence: [speaksAgainst('nothing of the API server', 'logs of agents and operators')] };
  const pods = new Set(said.filter(({ speaker }) => speaker.program === 'agent').map(({ speaker }) => speaker.pod));
  const nodes = agents(state.snapshot, state.now).filter(({ pod }) => pod !== undefined && pods.has(pod.name));
  const turnedAway = said.some(({ lines }) => lines.some((line) => /too many requests/i.test(line)));
  const isMany = nodes.length > 1 && (turnedAway || nodes.length > nodes.filter(isWanted).length / 2);
  const where = nodes.map(({ node }) => node);
  return {
    evidence: saidEvidence(said),
    ...(isMany ? { causes: [overloaded(where, turnedAway ? 'likely' : 'possible')] } : {}),
  };
}

async function clients(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const { rows, remarks } = await askLogs(state, asks, apiClients, {}, signal);
  const source = 'KQL api-clients';
  const missed = remarks === '' ? {} : { missed: remarks };
  const [first, second] = rows;
  if (first === undefined) return { evidence: [seen('no request in the last half hour', source)], ...missed };
  const many = num(first, 'Requests') > outstanding * Math.max(1, num(second, 'Requests'));
  const isFlood = many && num(first, 'PerSecond') >= manyPerSecond;
  const lines = rows.slice(0, 3).map(clientText);
  if (!isFlood) return { evidence: lines.map((text) => seen(text, source)), ...missed };
  return {
    evidence: [speaksFor(lines[0] ?? '', source), ...lines.slice(1).map((text) => seen(text, source))],
    causes: troubledBefore(state) ? [flood(state, first)] : [],
    ...missed,
  };
}

/** A client that asks for much while nobody suffers is no cause of anything. */
function troubledBefore(state: RunState): boolean {
  const fromMetrics = readBy<readonly Refused[]>(state, 'refused') ?? [];
  return (
    fromMetrics.length > 0 || (state.found.get('log')?.causes ?? []).length > 0 || state.snapshot.requests.throttled > 0
  );
}

function flood({ snapshot }: RunState, row: LoggedRow): Cause {
  const account = String(row['Account'] ?? '');
  const [, namespace = '', name = ''] = /^system:serviceaccount:([^:]+):(.+)$/.exec(account) ?? [];
  const pods = [...snapshot.tables.pods.by('namespace', namespace)].filter(
    ({ serviceAccount }) => serviceAccount === name,
  );
  const objects: ObjectRef[] = pods.slice(0, 10).map((pod) => ({ kind: 'Pod', namespace, name: pod.name }));
  const who = `${String(row['Agent'] ?? '').split(' ')[0]} as ${account}`;
  return {
    id: 'client-floods',
    text: `${who} asks the API server to ${row['Verb']} ${row['Kind']} ${num(row, 'PerSecond')} times a second.`,
    confidence: 'certain',
    objects,
    next:
      pods.length > 0
        ? `Stop or slow its workload: ${names(pods.map((pod) => `${namespace}/${pod.name}`))} run as it. It should watch, not list.`
        : 'No pod of this cluster runs as it: stop it where it runs, or take its right to list away. It should watch, not list.',
  };
}

function clientText(row: LoggedRow): string {
  const { Account, Agent, Kind, Verb } = row;
  return `${number(num(row, 'Requests'))} × ${Verb} ${Kind} (${num(row, 'PerSecond')}/s, ${number(num(row, 'Refused'))} turned away) by ${String(Agent).split(' ')[0]} as ${Account}`;
}

function num(row: LoggedRow | undefined, column: string): number {
  return Number(row?.[column] ?? 0);
}

function churn({ snapshot }: RunState): Looked {
  const { byNamespace, perSecond } = snapshot.churn;
  const rate =
    perSecond.length === 0
      ? 0
      : perSecond.slice(-60).reduce((sum, one) => sum + one, 0) / Math.min(60, perSecond.length);
  const most = byNamespace.slice(0, 3).map(({ namespace, changes }) => `${namespace} ×${changes}`);
  const text = `${rate.toFixed(1)} endpoint changes a second${most.length > 0 ? `, in the last minute ${most.join(', ')}` : ''}`;
  if (rate < stormPerSecond) return { evidence: [speaksAgainst(text, 'watched endpoints')] };
  return {
    evidence: [speaksFor(text, 'watched endpoints')],
    causes: [
      {
        id: 'endpoint-churn',
        text: `Endpoints come and go ${rate.toFixed(1)} times a second: each is written by an agent and told to all of them.`,
        confidence: 'possible',
        objects: byNamespace.slice(0, 3).map(({ namespace }) => ({ kind: 'Namespace', name: namespace })),
        next: 'Slow down what makes and ends these pods: jobs that run in bursts, deployments that are scaled back and forth.',
      },
    ],
  };
}

function whenWell({ cause }: RunState): string {
  return cause === undefined ? 'nobody is turned away' : '';
}
