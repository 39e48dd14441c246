// What sends rows to the workspace: the add-on, its agents, its daily cap, its collection rules.
import { podLines } from '../checks/agents/workload-lines.ts';
import { count, names } from '../checks/words.ts';
import { collectsContainers } from '../model/azure/read-collection-rule.ts';
import { isSameResource, nameOfResource } from '../model/azure/resource-id.ts';
import { logAgentSet, logAgents } from '../model/log-agents.ts';
import type { PodRow } from '../model/objects/pod.ts';
import type { ObjectRef } from '../model/ref.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { isStarting } from './is-starting.ts';
import { nothingOf, seen, speaksAgainst, speaksFor } from './look.ts';
import type { Looked, RunState } from './runbook.ts';

const daemonSet: ObjectRef = { kind: 'DaemonSet', namespace: 'kube-system', name: logAgentSet };

export function addon({ snapshot }: RunState): Looked {
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

export function agentsOf({ snapshot, now }: RunState): Looked {
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
  const away = pods.filter((pod) => !pod.ready);
  const sick = away.filter((pod) => !isStarting(pod, now));
  if (sick.length === 0 && away.length > 0)
    return { evidence: [seen(`${whole}: the others just start`, source, daemonSet)] };
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

export function cap({ snapshot }: RunState): Looked {
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

export function rules({ snapshot }: RunState): Looked {
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
