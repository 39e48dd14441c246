import { UserError } from '../errors.ts';
import type { Scenario } from '../simulator/scenarios/scenario.ts';

/**
 * The scenario of that name, or several in one cluster (`agent-crash-loop+dns-down`); loaded here, because a console on a
 * real cluster needs none. Throws a UserError that lists them, or says why they do not go together.
 */
export async function findScenario(name: string): Promise<Scenario> {
  const { scenarios } = await import('../simulator/scenarios/index.ts');
  const { combined } = await import('../simulator/scenarios/combined.ts');
  const chosen = name.split('+').map((part) => {
    const found = scenarios.find(({ id }) => id === part);
    if (found === undefined)
      throw new UserError(
        `There is no scenario "${part}".`,
        `simulate --list-scenarios lists all ${scenarios.length}; busy shows several things at once.`,
      );
    return found;
  });
  const [only] = chosen;
  if (only !== undefined && chosen.length === 1) return only;
  let why = '';
  const together = combined(chosen, (reason) => {
    why = reason;
  });
  if (together === undefined)
    throw new UserError(`The scenarios of "${name}" do not go together: ${why}.`, 'Choose others, or one alone.');
  return together;
}
