import { check } from './check.ts';
import type { Command, CommandGroup } from './command.ts';
import { console } from './console.ts';
import { diff } from './policy/diff.ts';
import { drift } from './policy/drift.ts';
import { exportPolicies } from './policy/export.ts';
import { lint } from './policy/lint.ts';
import { map } from './policy/map.ts';
import { reach, whoCanReachIt } from './policy/reach.ts';
import { template } from './policy/template.ts';
import { verdict } from './policy/verdict.ts';
import { simulate } from './simulate.ts';

/** What can be typed after the program's name, and what runs when nothing is. */
export const commands: { byDefault: Command; named: readonly (Command | CommandGroup)[] } = {
  byDefault: console,
  named: [
    check,
    {
      name: 'policy',
      summary: 'who may talk to whom, and why',
      commands: [verdict, lint, template, exportPolicies, drift, whoCanReachIt, reach, map, diff],
    },
    simulate,
  ],
};
