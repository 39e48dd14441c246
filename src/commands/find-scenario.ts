import { UserError } from '../errors.ts';
import type { Scenario } from '../simulator/scenarios/scenario.ts';

/** The scenario of that name; loaded here, because a console on a real cluster needs none. Throws a UserError that lists them. */
export async function findScenario(name: string): Promise<Scenario> {
  const { scenarios } = await import('../simulator/scenarios/index.ts');
  const found = scenarios.find(({ id }) => id === name);
  if (found === undefined) {
    throw new UserError(`There is no scenario "${name}".`, `There are ${scenarios.map(({ id }) => id).join(', ')}.`);
  }
  return found;
}
