import { deploy } from '../actions/deploy.ts';
import { offer } from '../actions/offer.ts';
import { names, number } from '../checks/words.ts';
import { nameOfResource } from '../model/azure/resource-id.ts';
import { logAgentSet, logAgents } from '../model/log-agents.ts';
import { at, text } from '../model/objects/raw.ts';
import type { DeploymentWish } from '../model/plans/deployments.ts';
import { collectionTroubles } from '../queries/collection-troubles.ts';
import { ingestionHealth } from '../queries/ingestion-health.ts';
import { isSearched } from '../queries/log-tables.ts';
import { readLog } from './agent-on-node.ts';
import { addon, agentsOf, cap, rules } from './log-collection.ts';
import { askLogs } from './logged.ts';
import { findingsOf, mustRead, nothingOf, readBy, restsOn, seen, speaksAgainst, speaksFor, toldBy } from './look.ts';
import type { Cause, LookAsks, Looked, Runbook, RunState } from './runbook.ts';

/** Rows come within minutes (domain §8.3): older than this, something is wrong. */
const oldMinutes = 15;

/** Looked at first: enough to know that rows come. How old the newest is beyond that is asked only where none came. */
const first = 'PT30M';
const then = 'PT12H';

/** Written every minute, whatever happens in the cluster. That other tables are quiet may be the cluster's own quiet. */
const steady: readonly string[] = ['Heartbeat', 'KubePodInventory', 'ContainerLogV2'];

/** R15 of domain §10. */
export const logIngestionStopped: Runbook = {
  id: 'log-ingestion-stopped',
  title: 'Log Analytics gets no logs any more',
  says: 'Why rows of this cluster stopped: the add-on is off, its agents do not run, the workspace’s daily cap is reached, or a collection rule sends them elsewhere. Rules out a table that only looks empty: on the Basic plan, excluded by the agent’s configuration, or merely late.',
  asksAzure: true,
  from: [
    'azure/monitoring-off',
    'azure/log-agents-down',
    'azure/daily-cap-reached',
    'azure/workspace-differs',
    'azure/flow-logs-not-configured',
    'azure/audit-logs-off',
  ],
  steps: [
    {
      type: 'look',
      id: 'addon',
      title: 'whether the monitoring add-on is on',
      decides: true,
      async look(state) {
        mustRead(state, ['arm']);
        return addon(state);
      },
    },
    {
      type: 'look',
      id: 'agents',
      title: 'whether the log agents run',
      decides: true,
      async look(state) {
        mustRead(state, ['daemonSets', 'systemPods']);
        return agentsOf(state);
      },
    },
    {
      type: 'look',
      id: 'agent-log',
      title: 'what a log agent said last',
      skip: (state) => restsOn(state, 'agents') || (readBy(state, 'agents') === undefined ? 'none of them fails' : ''),
      async look({ snapshot, now }, asks, signal) {
        const [pod] = logAgents(snapshot, now).pods.toSorted((a, b) => b.restarts - a.restarts);
        if (pod === undefined) return { evidence: [] };
        const from = { namespace: pod.namespace, pod: pod.name, container: logAgentSet, previous: true, tailLines: 50 };
        const lines = await readLog(asks, from, signal);
        const object = { kind: 'Pod', namespace: pod.namespace, name: pod.name };
        const source = `log of ${logAgentSet}, the run before`;
        return { evidence: lines.slice(-3).map((line) => seen(line.slice(0, 300), source, object)) };
      },
    },
    {
      type: 'look',
      id: 'cap',
      title: 'whether the workspace takes anything in',
      async look(state) {
        mustRead(state, ['workspace']);
        return cap(state);
      },
    },
    {
      type: 'look',
      id: 'rules',
      title: 'where the collection rules send to',
      async look(state) {
        mustRead(state, ['arm', 'armCollection']);
        return rules(state);
      },
    },
    {
      type: 'look',
      id: 'newest',
      title: 'how old the newest row of each table is',
      decides: true,
      limitMs: 55_000,
      look: (state, asks, signal) => newest(state, asks, signal),
    },
    {
      type: 'look',
      id: 'said',
      title: 'what the workspace says of its collection',
      async look(state, asks, signal) {
        const { rows, remarks } = await askLogs(state, asks, collectionTroubles, {}, signal);
        const source = 'KQL collection-troubles';
        return {
          evidence:
            rows.length === 0
              ? [speaksAgainst('no complaint in the last day', source)]
              : rows
                  .slice(0, 3)
                  .map(({ Detail, Last, Times }) => speaksFor(`×${Times}, last ${Last}: ${Detail}`, source)),
          ...(remarks === '' ? {} : { missed: remarks }),
        };
      },
    },
    {
      type: 'look',
      id: 'excluded',
      title: 'what the agents are told to leave out',
      look: (_, asks, signal) => excluded(asks, signal),
    },
    {
      type: 'look',
      id: 'flows',
      title: 'whether flow logs and audit logs are set up at all',
      async look(state) {
        mustRead(state, ['arm']);
        return flowsAndAudit(state);
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
              'Whether the nodes may reach Azure Monitor: outbound rules of the node subnet and the firewall need the service tag AzureMonitor (and AzureActiveDirectory).',
              'A private link scope (AMPLS) of the workspace that takes in from its networks only: workspace, Network isolation, in the portal.',
            ],
    },
    {
      type: 'offer',
      id: 'enable',
      title: 'collect again',
      offers({ snapshot, cause }) {
        if (cause?.id !== 'addon-off') return [];
        const workspace =
          snapshot.facts.arm?.value?.monitoring.workspace || (snapshot.facts.workspace?.value?.id ?? '');
        const wish: DeploymentWish = { id: 'enable-monitoring', workspace };
        return workspace === '' ? [] : [offer(deploy, wish, `switch the add-on on, to ${nameOfResource(workspace)}`)];
      },
    },
  ],
};

async function newest(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const source = 'KQL ingestion-health';
  const tables = (state.snapshot.facts.workspace?.value?.tables ?? []).filter((table) => !isSearched(table));
  const expected = steady.filter((name) => tables.length === 0 || tables.some((table) => table.name === name));
  const agesIn = async (timespan: string) => {
    const { rows, remarks } = await askLogs(state, asks, ingestionHealth, {}, signal, timespan);
    return { ages: new Map(rows.map(({ Table, AgeMinutes }) => [String(Table), Number(AgeMinutes)])), remarks };
  };
  const isOld = (ages: ReadonlyMap<string, number>) => (name: string) =>
    (ages.get(name) ?? Number.POSITIVE_INFINITY) > oldMinutes;
  const lately = await agesIn(first);
  const { ages, remarks } = expected.some(isOld(lately.ages)) ? await agesIn(then) : lately;
  const old = expected.filter(isOld(ages));
  const telling = [...expected, ...[...ages.keys()].filter((name) => !expected.includes(name))].map((name) => {
    const minutes = ages.get(name);
    const words = minutes === undefined ? 'no row in the last 12 h' : `newest row ${age(minutes)} old`;
    if (!expected.includes(name)) return seen(`${name}: ${words}`, source);
    return old.includes(name) ? speaksFor(`${name}: ${words}`, source) : speaksAgainst(`${name}: ${words}`, source);
  });
  const evidence = telling.length > 0 ? telling : [seen('the workspace has no table of this cluster', source)];
  const more = remarks === '' ? {} : { missed: remarks };
  if (expected.length === 0) return { evidence };
  if (old.length === 0) return { evidence, ruledOut: ['rows-stopped', 'daily-cap', 'collected-elsewhere'] };
  return { evidence, causes: state.cause === undefined ? [stopped(old)] : [], ...more };
}

/** What is left where nothing else explains it. */
function stopped(tables: readonly string[]): Cause {
  return {
    id: 'rows-stopped',
    text: `No new rows of ${names(tables)} come, and nothing that was looked at says why.`,
    confidence: 'possible',
    objects: [],
    next: 'Look at what stands between the nodes and Azure Monitor: outbound rules for the tag AzureMonitor, the proxy, a private link scope.',
  };
}

function age(minutes: number): string {
  return minutes < 120 ? `${minutes.toFixed(0)} min` : `${(minutes / 60).toFixed(0)} h`;
}

/** The add-on's own settings; absent is usual. */
async function excluded(asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const name = 'container-azm-ms-agentconfig';
  const kind = { group: '', version: 'v1', plural: 'configmaps' };
  const source = `ConfigMap kube-system/${name}`;
  let settings: string;
  try {
    const map = await asks.object(kind, 'kube-system', name, signal);
    settings = text(at(map, 'data', 'log-data-collection-settings'), 20_000);
  } catch (error) {
    if ((error as { kind?: string }).kind === 'missing') return nothingOf('there is none: nothing is left out', source);
    throw error;
  }
  const left = [...settings.matchAll(/exclude_namespaces\s*=\s*\[([^\]]*)\]/g)].flatMap(([, list = '']) =>
    list.split(','),
  );
  const namespaces = new Set(left.map((one) => one.replace(/["'\s]/g, '')).filter((one) => one !== ''));
  if (!namespaces.has('kube-system')) return nothingOf(`leaves out ${names(namespaces) || 'nothing'}`, source);
  return {
    evidence: [
      speaksAgainst(
        `leaves out ${names(namespaces)}: that nothing of Cilium’s logs is found is no sign that collection stopped`,
        source,
      ),
    ],
  };
}

function flowsAndAudit(state: RunState): Looked {
  const { facts } = state.snapshot;
  const found = findingsOf(state, ['azure/flow-logs-not-configured', 'azure/audit-logs-off']);
  const searched = (facts.workspace?.value?.tables ?? []).filter(isSearched).map(({ name }) => name);
  const total = facts.workspace?.value?.tables.length ?? 0;
  return {
    evidence: [
      ...found.flatMap((one) => toldBy(one, 1)).map((one) => ({ ...one, speaks: 'neither' as const })),
      ...(searched.length > 0
        ? [
            speaksAgainst(
              `${names(searched)} on a plan that only /search reads: an ordinary query finds nothing in it`,
              'Azure, tables',
            ),
          ]
        : []),
      ...(found.length + searched.length === 0
        ? [
            speaksAgainst(
              `flow logs and audit logs are set up as wanted; ${number(total)} tables can be asked`,
              'Azure',
            ),
          ]
        : []),
    ],
  };
}
