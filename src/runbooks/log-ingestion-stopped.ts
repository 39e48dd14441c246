import { deploy } from '../actions/deploy.ts';
import { offer } from '../actions/offer.ts';
import { podLines } from '../checks/agents/workload-lines.ts';
import { count, names, number } from '../checks/words.ts';
import { collectsContainers } from '../model/azure/read-collection-rule.ts';
import { isSameResource, nameOfResource } from '../model/azure/resource-id.ts';
import { logAgentSet, logAgents } from '../model/log-agents.ts';
import type { PodRow } from '../model/objects/pod.ts';
import { at, text } from '../model/objects/raw.ts';
import type { DeploymentWish } from '../model/plans/deployments.ts';
import type { ObjectRef } from '../model/ref.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { collectionTroubles } from '../queries/collection-troubles.ts';
import { ingestionHealth } from '../queries/ingestion-health.ts';
import { isSearched } from '../queries/log-tables.ts';
import { readLog } from './agent-on-node.ts';
import { askLogs } from './logged.ts';
import { findingsOf, mustRead, nothingOf, readBy, seen, speaksAgainst, speaksFor, toldBy } from './look.ts';
import type { Cause, LookAsks, Looked, Runbook, RunState } from './runbook.ts';

/** Rows come within minutes (domain §8.3): older than this, something is wrong. */
const oldMinutes = 15;
/** Looked at first: enough to know that rows come. How old the newest is beyond that is asked only where none came. */
const first = 'PT30M';
const then = 'PT12H';
/** Written every minute, whatever happens in the cluster. That other tables are quiet may be the cluster's own quiet. */
const steady: readonly string[] = ['Heartbeat', 'KubePodInventory', 'ContainerLogV2'];
const daemonSet: ObjectRef = { kind: 'DaemonSet', namespace: 'kube-system', name: logAgentSet };

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
      skip: (state) => (readBy(state, 'agents') === undefined ? 'none of them fails' : ''),
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

function addon({ snapshot }: RunState): Looked {
  const cluster = snapshot.facts.arm?.value;
  const { containerInsights = false, workspace = '' } = cluster?.monitoring ?? {};
  const source = 'Azure, addonProfiles.omsagent';
  const object = { kind: 'ManagedCluster', name: cluster?.name ?? '' };
  if (containerInsights && workspace !== '')
    return { evidence: [speaksAgainst(`on, to workspace ${nameOfResource(workspace)}`, source, object)] };
  const what = containerInsights ? 'on, but it names no workspace' : 'off';
  return {
    evidence: [speaksFor(what, source, object)],
    causes: [
      {
        id: 'addon-off',
        text: `The monitoring add-on is ${what}: nothing of the cluster’s logs is collected.`,
        confidence: 'certain',
        objects: [object],
        next: `ciliscope plan enable-monitoring, or: az aks enable-addons -a monitoring -g ${cluster?.resourceGroup} -n ${cluster?.name} --workspace-resource-id WORKSPACE; what was not collected does not come back.`,
      },
    ],
  };
}

function agentsOf({ snapshot, now }: RunState): Looked {
  const { set, desired, ready, pods } = logAgents(snapshot, now);
  const source = 'pod status';
  if (set === undefined)
    return {
      evidence: [speaksFor(`there is no DaemonSet ${logAgentSet} in kube-system`, source)],
      causes: [
        {
          id: 'addon-off',
          text: `Nothing collects logs: there is no DaemonSet ${logAgentSet}, so the monitoring add-on is off.`,
          confidence: 'likely',
          objects: [],
          next: 'ciliscope plan enable-monitoring says what it takes; what was not collected does not come back.',
        },
      ],
    };
  const whole = `${ready} of ${count(desired, 'log agent')} ready`;
  if (ready >= desired) return { evidence: [speaksAgainst(whole, source, daemonSet)] };
  const sick = pods.filter((pod) => !pod.ready);
  const lines = podLines(sick, now).slice(0, 5);
  return {
    evidence: [speaksFor(whole, source, daemonSet), ...lines.map((line) => speaksFor(line, source, daemonSet))],
    causes: [
      {
        id: 'log-agents-down',
        text:
          ready === 0
            ? `No log agent runs on any of ${count(desired, 'node')}: nothing is collected.`
            : `Log agents run on ${ready} of ${count(desired, 'node')}: nothing of the others is collected.`,
        confidence: 'certain',
        objects: [daemonSet, ...sick.slice(0, 10).map(({ namespace, name }) => ({ kind: 'Pod', namespace, name }))],
        next: whyDown(snapshot, sick),
      },
    ],
    value: sick,
  };
}

/** A log agent that went down with its node, or waits for its network there, has no fault of its own. */
function whyDown({ tables }: Snapshot, sick: readonly PodRow[]): string {
  const silent = sick.filter(({ node }) => tables.nodes.named('', node)?.ready !== 'True');
  if (silent.length === sick.length)
    return 'Their nodes are not ready: runbook node-not-ready; log agents come back with them.';
  if (sick.every(({ status }) => status === 'ContainerCreating'))
    return 'They wait for their network: runbook pods-stuck-creating says why; then they start by themselves.';
  return 'Mend what their last words name (often the way to Azure Monitor or its identity’s role); they start again by themselves.';
}

function cap({ snapshot }: RunState): Looked {
  const workspace = snapshot.facts.workspace?.value;
  const { name = '', dailyCapGb = -1, capReached = false } = workspace ?? {};
  const source = 'Azure, workspaceCapping';
  const object = { kind: 'Workspace', name };
  const limit = dailyCapGb > 0 ? `daily cap ${dailyCapGb} GB` : 'no daily cap';
  if (!capReached) return { evidence: [speaksAgainst(`${name}: ${limit}, not reached`, source, object)] };
  return {
    evidence: [speaksFor(`${name}: ${limit}, reached (OverQuota)`, source, object)],
    causes: [
      {
        id: 'daily-cap',
        text: `Workspace ${name} takes nothing in until the next day: its ${limit} is reached.`,
        confidence: 'certain',
        objects: [object],
        next: 'Find the table that grew (Usage by DataType), collect less of it, and raise the cap: az monitor log-analytics workspace update --quota GB.',
      },
    ],
  };
}

function rules({ snapshot }: RunState): Looked {
  const own = snapshot.facts.arm?.value?.monitoring.workspace ?? '';
  const all = (snapshot.facts.armCollection?.value ?? []).filter(collectsContainers);
  const source = 'Azure, dataCollectionRules';
  if (own === '') return nothingOf('the add-on names no workspace', source);
  const here = all.filter(({ workspaces }) => workspaces.some((one) => isSameResource(one, own)));
  const lines = all.map(
    ({ name, streams, workspaces }) =>
      `${name}: ${names(streams)} to ${names(workspaces.map(nameOfResource)) || 'no workspace'}`,
  );
  if (here.length > 0) return { evidence: lines.map((line) => speaksAgainst(line, source)) };
  const [first] = all;
  if (first === undefined)
    return {
      evidence: [speaksFor('no collection rule of containers is associated with the cluster', source)],
      causes: [
        {
          id: 'no-collection-rule',
          text: 'No data collection rule is associated with the cluster: its agents do not know what to collect.',
          confidence: 'likely',
          objects: [],
          next: 'Let the add-on make them anew: az aks disable-addons -a monitoring, then enable-addons with the same workspace.',
        },
      ],
    };
  return {
    evidence: lines.map((line) => speaksFor(line, source)),
    causes: [
      {
        id: 'collected-elsewhere',
        text: `Collection rule ${first.name} sends to ${names(first.workspaces.map(nameOfResource))}, the add-on names ${nameOfResource(own)}: logs arrive in the former.`,
        confidence: 'certain',
        objects: [{ kind: 'DataCollectionRule', name: first.name }],
        next: `Point the rule’s destination to ${nameOfResource(own)} (switching the workspace of the add-on does not), or ask the other one with --workspace.`,
      },
    ],
  };
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
