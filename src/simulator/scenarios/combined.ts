import { type Causes, NO_CAUSES } from '../world/causes.ts';
import type { World } from '../world/world.ts';
import type { Happening, Scenario } from './scenario.ts';

/**
 * Several scenarios in one cluster (`busy+dns-down`): all that happened in each, in the order of time, with the causes of
 * all in force. Undefined where they do not go together, with the reason in `onProblem`.
 */
export function combined(scenarios: readonly Scenario[], onProblem: (why: string) => void): Scenario | undefined {
  const [first] = scenarios;
  if (first === undefined) return undefined;
  const why = problem(scenarios);
  if (why !== '') {
    onProblem(why);
    return undefined;
  }
  const one = <K extends keyof Scenario>(field: K) => {
    const value = scenarios.find((each) => each[field] !== undefined)?.[field];
    return (value === undefined ? {} : { [field]: value }) as Pick<Scenario, K>;
  };
  // What stands still in one of them would be put right by the churn of another.
  const still = scenarios.some(({ churn }) => churn === 0);
  return {
    id: scenarios.map(({ id }) => id).join('+'),
    title: scenarios.map(({ title }) => title).join(' '),
    nodes: Math.max(...scenarios.map(({ nodes }) => nodes)),
    pods: Math.max(...scenarios.map(({ pods }) => pods)),
    churn: still ? 0 : Math.max(...scenarios.map(({ churn }) => churn)),
    ...one('mode'),
    ...one('agentVersion'),
    ...one('currentUser'),
    ...one('reader'),
    ...one('certificatesEnd'),
    acns: scenarios.some(({ acns }) => acns),
    wireguard: scenarios.some(({ wireguard }) => wireguard),
    azure: Object.assign({}, ...scenarios.map(({ azure }) => azure ?? {})),
    operations: scenarios.flatMap(({ operations = [] }) => operations).sort((a, b) => b.ago - a.ago),
    history(size) {
      const causes = scenarios.map((): Partial<Causes> => ({}));
      return scenarios
        .flatMap(({ history }, index) =>
          (history?.(size) ?? []).map(
            ({ ago, happens }): Happening => ({ ago, happens: (world) => happens(ownCauses(world, causes, index)) }),
          ),
        )
        .sort((a, b) => b.ago - a.ago);
    },
  };
}

function problem(scenarios: readonly Scenario[]): string {
  const empty = scenarios.find(({ world }) => world === 'none');
  if (empty !== undefined) return `nothing lives in "${empty.id}"`;
  const without = scenarios.find(({ mode }) => mode === 'no-cilium');
  const having = scenarios.find(({ mode }) => mode !== 'no-cilium');
  if (without !== undefined && having !== undefined)
    return `there is no Cilium in "${without.id}", and there is one in "${having.id}"`;
  for (const field of ['mode', 'agentVersion', 'currentUser', 'reader', 'certificatesEnd'] as const) {
    const given = scenarios.filter((one) => one[field] !== undefined);
    if (new Set(given.map((one) => one[field])).size > 1)
      return `${given.map(({ id }) => `"${id}"`).join(' and ')} each have a ${field} of their own`;
  }
  return '';
}

/** No scenario has a cause on more nodes of a pool than these. */
const nodesEach = 2;

/**
 * The world as one scenario sees it: what it changes replaces its own causes, and leaves those of the others in force.
 * Where it is about the first nodes of a pool, others have had theirs before: two causes on one node hide each other.
 */
function ownCauses(world: World, causes: Partial<Causes>[], index: number): World {
  const change = (next: Partial<Causes>) => {
    causes[index] = { ...causes[index], ...(elsewhere(next, index * nodesEach) as Partial<Causes>) };
    world.change(together(causes));
  };
  // Everything else stays the world's own, as it is at that moment.
  return Object.create(world, { change: { value: change } });
}

/** Lists are joined; of a single value that one counts which is not as it would be without any cause. */
function together(causes: readonly Partial<Causes>[]): Partial<Causes> {
  const all: Record<string, unknown> = {};
  for (const own of causes)
    for (const [field, value] of Object.entries(own)) {
      const usual = NO_CAUSES[field as keyof Causes];
      const known = all[field];
      if (Array.isArray(value) && Array.isArray(known)) all[field] = [...known, ...value];
      else if (known === undefined || known === usual) all[field] = value;
    }
  return all as Partial<Causes>;
}

/** The same, of other nodes: wherever a cause says which, and how many. */
function elsewhere(value: unknown, skip: number): unknown {
  if (skip === 0 || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => elsewhere(one, skip));
  const fields = Object.entries(value).map(([name, one]) => [name, elsewhere(one, skip)]);
  return { ...Object.fromEntries(fields), ...('first' in value ? { skip } : {}) };
}
