import { type Agent, isWanted } from './agents.ts';
import { agentDaemonSet } from './cluster-mode.ts';
import type { Snapshot } from './snapshot.ts';
import { compareVersions } from './versions.ts';

/** How far the agents' DaemonSet is with its newest revision. */
export type Rollout = {
  state: 'done' | 'under-way' | 'standing-still';
  desired: number;
  updated: number;
  unavailable: number;
  /** So long an agent must have been ready before the next one is replaced, ms. */
  minReadyMs: number;
  /** So many agents may be unavailable at once. */
  mostUnavailable: number;
  /** Running versions, most frequent first; agents whose tag is no version are left out. */
  versions: readonly { version: string; count: number }[];
  /** `12 → 13` where the revisions are known, else ''. */
  revision: string;
  /** When the newest revision was made; 0 unknown. */
  began: number;
  /** When an agent was last replaced or became ready. */
  moved: number;
};

/** No agent replaced and none become ready for this long: it stands still. */
const rolloutPatienceMs = 30 * 60_000;

/** Undefined while there is no agent DaemonSet. */
export function agentRollout(snapshot: Snapshot, agents: readonly Agent[], now: number): Rollout | undefined {
  const set = agentDaemonSet(snapshot);
  if (!set) return undefined;
  const revisions = snapshot.tables.controllerRevisions
    .by('owner', `DaemonSet/${set.namespace}/${set.name}`)
    .toSorted((a, b) => b.revision - a.revision);
  const [newest, older] = revisions;
  const versions = countVersions(agents);
  const open = versions.length > 1 || (set.observedGeneration >= set.generation && set.updated < set.desired);
  const moved = lastMove(agents, newest?.created ?? 0);
  const still = open && moved > 0 && now - moved > rolloutPatienceMs;
  return {
    state: open ? (still ? 'standing-still' : 'under-way') : 'done',
    desired: set.desired,
    updated: set.updated,
    unavailable: set.unavailable,
    minReadyMs: set.minReadySeconds * 1_000,
    mostUnavailable: mostOf(set.maxUnavailable, set.desired),
    versions,
    revision: newest && older ? `${older.revision} → ${newest.revision}` : '',
    began: newest?.created ?? 0,
    moved,
  };
}

/** `2`, or `10%` of the desired, rounded up as the controller does; never none. */
function mostOf(text: string, desired: number): number {
  const n = Number.parseFloat(text) || 0;
  return Math.max(1, text.endsWith('%') ? Math.ceil((desired * n) / 100) : n);
}

/** A restart of the same pod is no progress: only new pods, first readiness and a new revision are. */
function lastMove(agents: readonly Agent[], revised: number): number {
  const ready = agents.filter((agent) => agent.state === 'ready' && agent.restarts === 0).map((agent) => agent.since);
  return Math.max(revised, 0, ...agents.map((agent) => agent.created), ...ready);
}

function countVersions(agents: readonly Agent[]): Rollout['versions'] {
  const counts = new Map<string, number>();
  for (const agent of agents.filter(isWanted)) {
    if (agent.version !== '') counts.set(agent.version, (counts.get(agent.version) ?? 0) + 1);
  }
  return [...counts]
    .map(([version, count]) => ({ version, count }))
    .sort((a, b) => b.count - a.count || compareVersions(b.version, a.version));
}
