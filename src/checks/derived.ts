import { type Agent, agents } from '../model/agents.ts';
import type { SourceId } from '../model/link.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** What several checks would otherwise each work out for themselves. Asked for only when a check looks. */
export type Derived = {
  /** One row per node, sick first. */
  agents(): readonly Agent[];
};

/** Remembers what was derived for as long as its tables stand still; made anew for another cluster. */
export function createDerived(): (snapshot: Snapshot, now: number) => Derived {
  const agentsOf = remember(agents, ['nodes', 'pods', 'daemonSets', 'configMaps']);
  return (snapshot, now) => ({ agents: () => agentsOf(snapshot, now) });
}

/** Some of what is derived depends on the time, in minutes: a second old is as good as new. */
const staysMs = 1_000;

function remember<T>(
  derive: (snapshot: Snapshot, now: number) => T,
  sources: readonly Exclude<SourceId, 'systemPods'>[],
) {
  let last: { seen: string; at: number; value: T } | undefined;
  return (snapshot: Snapshot, now: number): T => {
    const seen = `${snapshot.epoch}:${sources.map((source) => snapshot.tables[source].version).join(',')}`;
    if (last?.seen !== seen || Math.abs(now - last.at) > staysMs)
      last = { seen, at: now, value: derive(snapshot, now) };
    return last.value;
  };
}
