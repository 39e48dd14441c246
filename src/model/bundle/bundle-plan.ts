import { agentContainer, agents, isAgentPod, isSick, isWanted } from '../agents.ts';
import type { Judgement } from '../finding.ts';
import { kinds } from '../kinds.ts';
import type { SourceId } from '../link.ts';
import { networkPods } from '../network-pods.ts';
import type { ContainerRow, PodRow } from '../objects/pod.ts';
import { operator } from '../operator.ts';
import type { Snapshot } from '../snapshot.ts';
import { agentCommands } from './agent-commands.ts';

/** What somebody wants in a bundle. */
export type BundleWish = {
  /** `suspect`: the nodes that findings name and those of sick agents. */
  nodes: readonly string[] | 'suspect' | 'all';
  /** How far back logs go, ms. */
  sinceMs: number;
  /** How many objects of suspects were read once more to judge; the bundle reads them again, too. Default 0. */
  reread?: number;
};

/** What will be asked for, and what that costs: shown before anything is. Plain data. */
export type BundlePlan = {
  sinceMs: number;
  lists: readonly { source: SourceId; count: number }[];
  nodes: readonly BundleNode[];
  pods: readonly BundlePod[];
  /** The same for people and for the limit of what runs at once. */
  costs: { readonly [K in BundlePart]: Cost };
  requests: number;
  /** Before and after packing; guessed by what such things usually measure. */
  bytes: number;
  packedBytes: number;
  /** What was wanted and is left out, and why. */
  gaps: readonly BundleGap[];
};

/** kinds: which versions the server has · suspects: what is read once more. */
export type BundlePart = 'kinds' | 'lists' | 'suspects' | 'logs' | 'commands' | 'metrics';
export type Cost = { requests: number; bytes: number };
export type BundleNode = { name: string; why: string };
export type BundleGap = { what: string; why: string };

/** A pod whose logs are read, and what else of it. */
export type BundlePod = {
  name: string;
  node: string;
  role: 'agent' | 'operator' | 'cns';
  logs: readonly { container: string; previous: boolean; ended: boolean }[];
  /** Container of the agent that can be asked; '' = none runs. */
  asked: string;
  /** Of its metrics page; 0 = it has none. */
  port: number;
};

/** A cluster in trouble has more sick nodes than anybody reads the logs of. */
const mostNodes = 8;
const pageSize = 500;

export function planBundle(snapshot: Snapshot, judgement: Judgement, wish: BundleWish, now: number): BundlePlan {
  const gaps: BundleGap[] = [];
  const nodes = nodesFor(snapshot, judgement, wish, now, gaps);
  const pods = [...operatorPods(snapshot, now), ...nodes.flatMap(({ name }) => podsOn(snapshot, name, now, gaps))];
  const lists = [...snapshot.links].flatMap(([source, { phase }]) =>
    phase === 'missing' || phase === 'forbidden' ? [] : [{ source, count: countOf(snapshot, source) }],
  );
  const hours = Math.max(0.1, wish.sinceMs / 3_600_000);
  const logs = pods.flatMap(({ logs }) => logs);
  const asked = pods.filter(({ asked }) => asked !== '');
  const metrics = pods.filter(({ port }) => port > 0).length;
  const reread = wish.reread ?? 0;
  const costs = {
    kinds: { requests: kindRequests(lists.map(({ source }) => source)), bytes: 0 },
    suspects: { requests: reread, bytes: reread * 5_000 },
    lists: {
      requests: lists.reduce((sum, { count }) => sum + Math.max(1, Math.ceil(count / pageSize)), 0),
      bytes: lists.reduce((sum, { source, count }) => sum + count * (usualBytes[source] ?? 2_000), 0),
    },
    logs: { requests: logs.length, bytes: logs.reduce((sum, log) => sum + logBytes(log, hours), 0) },
    commands: {
      requests: asked.length * agentCommands.length,
      bytes: asked.reduce((sum, { node }) => sum + answerBytes(snapshot, node), 0),
    },
    metrics: { requests: metrics, bytes: metrics * 400_000 },
  };
  const all = Object.values(costs);
  const bytes = all.reduce((sum, cost) => sum + cost.bytes, 0);
  const requests = all.reduce((sum, cost) => sum + cost.requests, 0);
  return {
    ...{ sinceMs: wish.sinceMs, lists, nodes, pods, costs, requests, bytes, gaps },
    packedBytes: Math.round(bytes / usualPacking),
  };
}

/** How much smaller logs and objects get. */
const usualPacking = 12;

/** What goes on speaks all the time; what has ended, as containers that only begin a pod, said little. */
function logBytes({ ended }: { ended: boolean }, hours: number): number {
  return ended ? 15_000 : Math.min(8_000_000, Math.round(60_000 * hours));
}

/** All that an agent is asked: it lists what its node has, and services, addresses and nodes of the whole cluster. */
function answerBytes({ tables }: Snapshot, node: string): number {
  const whole = [tables.services.rows.size * 6_000, tables.pods.rows.size * 150, tables.nodes.rows.size * 1_500];
  const identities = tables.ciliumIdentities.rows.size * 250;
  const own = tables.pods.by('node', node).length * 5_000;
  return [...whole, identities, own].reduce((sum, bytes) => sum + Math.min(bytes, mostAnswer), 40_000);
}

/** What a command may answer at once. */
const mostAnswer = 8_000_000;

/** Of one object as JSON, where it differs much from 2,000. */
const usualBytes: Readonly<Partial<Record<SourceId, number>>> = {
  ...{ nodes: 12_000, pods: 4_500, systemPods: 9_000, replicaSets: 3_500, deployments: 5_000, daemonSets: 15_000 },
  ...{ ciliumEndpointSlices: 25_000, endpointSlices: 3_000, controllerRevisions: 10_000, configMaps: 6_000 },
  ...{ ciliumIdentities: 1_000, namespaces: 700, leases: 500, events: 1_000, nodeNetworkConfigs: 6_000 },
};

/** The list of groups, and each version of a group that may have one of the kinds. */
function kindRequests(asked: readonly SourceId[]): number {
  const versions = asked.flatMap((source) => {
    const kind = kinds[source === 'systemPods' ? 'pods' : source];
    return kind.versions.slice(0, 1).map((version) => `${kind.group}/${version}`);
  });
  return new Set(versions).size + 1;
}

function countOf({ tables }: Snapshot, source: SourceId): number {
  if (source === 'systemPods') return tables.pods.by('namespace', 'kube-system').length;
  if (source === 'pods') return tables.pods.rows.size - tables.pods.by('namespace', 'kube-system').length;
  return tables[source].rows.size;
}

function nodesFor(
  snapshot: Snapshot,
  judgement: Judgement,
  { nodes: wanted }: BundleWish,
  now: number,
  gaps: BundleGap[],
): readonly BundleNode[] {
  const known = snapshot.tables.nodes;
  if (wanted === 'all') return [...known.rows.values()].map(({ name }) => ({ name, why: 'all were asked for' }));
  if (wanted !== 'suspect') {
    for (const name of wanted)
      if (!known.named('', name)) gaps.push({ what: `node ${name}`, why: 'There is no such node.' });
    return wanted.filter((name) => known.named('', name)).map((name) => ({ name, why: 'asked for' }));
  }
  const suspects = suspectNodes(snapshot, judgement, now);
  const left = suspects.slice(mostNodes);
  if (left.length > 0) {
    const more = left.length > 20 ? ` and ${left.length - 20} more` : '';
    const names = left.slice(0, 20).map(({ name }) => name);
    gaps.push({
      what: `logs of ${names.join(', ')}${more}`,
      why: `Of suspect nodes only ${mostNodes} are taken unless they are named.`,
    });
  }
  if (suspects.length > 0) return suspects.slice(0, mostNodes);
  const sample = agents(snapshot, now).find(isWanted)?.node;
  return sample === undefined ? [] : [{ name: sample, why: 'no node is suspect: a sample' }];
}

/** Those of findings first, in their order; then whatever agent is sick. */
function suspectNodes(snapshot: Snapshot, { findings }: Judgement, now: number): readonly BundleNode[] {
  const { nodes, pods } = snapshot.tables;
  const found = new Map<string, string>();
  const add = (name: string, why: string) => {
    if (!found.has(name) && nodes.named('', name)) found.set(name, why);
  };
  for (const { id, severity, objects } of findings) {
    if (severity === 'note') continue;
    for (const { kind, namespace = '', name } of objects) {
      if (kind === 'Node' || kind === 'CiliumNode') add(name, id);
      // A CiliumEndpoint is called as its pod.
      else if (kind === 'Pod' || kind === 'CiliumEndpoint') add(pods.named(namespace, name)?.node ?? '', id);
    }
  }
  for (const agent of agents(snapshot, now)) if (isSick(agent)) add(agent.node, `its agent is ${agent.status}`);
  return [...found].map(([name, why]) => ({ name, why }));
}

function operatorPods(snapshot: Snapshot, now: number): readonly BundlePod[] {
  const ports = portsOf(snapshot, now);
  return (operator(snapshot, now).workload?.pods ?? []).map((pod) => ({
    ...{ name: pod.name, node: pod.node, role: 'operator' as const, asked: '' },
    logs: logsOf(pod.containers),
    port: ports.get(pod.name) ?? 0,
  }));
}

function podsOn(snapshot: Snapshot, node: string, now: number, gaps: BundleGap[]): readonly BundlePod[] {
  const ports = portsOf(snapshot, now);
  const pods = snapshot.tables.pods.by('node', node).filter(({ namespace }) => namespace === 'kube-system');
  const found = pods.flatMap((pod) => {
    const role = roleOf(pod);
    if (role === undefined) return [];
    const running = pod.containers.find(({ name, state }) => name === agentContainer && state === 'running');
    return [
      {
        ...{ name: pod.name, node, role, logs: logsOf(pod.containers) },
        asked: role === 'agent' ? (running?.name ?? '') : '',
        port: role === 'agent' ? (ports.get(pod.name) ?? 0) : 0,
      },
    ];
  });
  if (!found.some(({ role }) => role === 'agent')) gaps.push({ what: `agent of ${node}`, why: 'It has no agent pod.' });
  for (const { name, role, asked } of found)
    if (role === 'agent' && asked === '') gaps.push({ what: `commands in ${name}`, why: 'Its agent does not run.' });
  return found;
}

function roleOf(pod: PodRow): 'agent' | 'cns' | undefined {
  if (isAgentPod(pod)) return 'agent';
  return pod.labels['k8s-app'] === 'azure-cns' ? 'cns' : undefined;
}

function portsOf(snapshot: Snapshot, now: number): ReadonlyMap<string, number> {
  return new Map(networkPods(snapshot, now).map(({ name, port }) => [name, port]));
}

/** Each container, and what it said the time before where it has ended once. One that never began has said nothing. */
function logsOf(containers: readonly ContainerRow[]): BundlePod['logs'] {
  return containers.flatMap(({ name, state, last }) => [
    ...(state === 'waiting' && last === undefined
      ? []
      : [{ container: name, previous: false, ended: state === 'terminated' }]),
    ...(last === undefined ? [] : [{ container: name, previous: true, ended: true }]),
  ]);
}
