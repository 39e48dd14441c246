import { findScenario } from '../../src/commands/find-scenario.ts';
import type { KubeObject } from '../../src/simulator/cluster.ts';
import { minute, type Scenario } from '../../src/simulator/scenarios/scenario.ts';
import type { Causes } from '../../src/simulator/world/causes.ts';
import type { World } from '../../src/simulator/world/world.ts';

type Named = { kind: string; namespace?: string; name: string };

/** One thing that came to pass in a simulated cluster; what follows from it the cluster's own rules say. */
export type Happened = {
  /** Minutes before the present; default 20. */
  ago?: number;
  causes?: Partial<Causes>;
  make?: KubeObject;
  /** A merge patch of one object; a name that ends with * is all that begin so. */
  edit?: Named & { with: object };
  remove?: Named;
};

/** The scenario with all this besides, in a small cluster in which nobody comes or goes. */
export async function happenedOn(id: string, all: readonly Happened[]): Promise<Scenario> {
  const scenario = await findScenario(id);
  const own = all.map((one) => ({ ago: (one.ago ?? 20) * minute, happens: (world: World) => happens(world, one) }));
  return {
    ...scenario,
    ...{ nodes: 4, pods: 60, churn: 0 },
    history: (size) => [...(scenario.history?.(size) ?? []), ...own].sort((a, b) => b.ago - a.ago),
  };
}

function happens(world: World, { causes, make, edit, remove }: Happened): void {
  if (causes !== undefined) world.change(causes);
  if (make !== undefined) world.store.create(structuredClone(make), 'kubectl-create');
  if (remove !== undefined)
    for (const one of found(world, remove)) {
      const { namespace = '', name } = one.metadata;
      world.store.remove(one.kind, namespace, name);
    }
  if (edit !== undefined)
    for (const one of found(world, edit)) world.store.update(merged(one, edit.with) as KubeObject, 'kubectl-edit');
}

function found(world: World, { kind, namespace, name }: Named): readonly KubeObject[] {
  const fits = (one: string) => (name.endsWith('*') ? one.startsWith(name.slice(0, -1)) : one === name);
  const all = world.store.list(kind, namespace).filter(({ metadata }) => fits(metadata.name));
  if (all.length === 0) throw new Error(`there is no ${kind} ${namespace ?? ''} ${name}`);
  return all;
}

/** A merge patch (RFC 7396). */
function merged(target: unknown, patch: unknown): unknown {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch;
  const base = target !== null && typeof target === 'object' && !Array.isArray(target) ? target : {};
  const all: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete all[key];
    else all[key] = merged(all[key], value);
  }
  return all;
}
