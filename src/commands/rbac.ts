import type { Command as Program } from 'commander';
import { actions } from '../actions/index.ts';
import { UserError } from '../errors.ts';
import { neededToWrite } from '../model/needed-right.ts';
import { readingRights } from '../sources/kubernetes/reading-rights.ts';
import type { Command } from './command.ts';
import { rolesYaml, type Subject } from './rbac/roles-yaml.ts';

const optional = ['logs', 'exec', 'metrics', 'write'] as const;

/** The rights that this program needs and no more, to be applied with kubectl. */
export const rbac: Command = {
  name: 'rbac',
  summary: 'print the least ClusterRole it needs',
  describe(program: Program) {
    program
      .option('--with <features>', `besides looking: ${optional.join(', ')}, with commas between`)
      .option('--name <name>', 'how the roles are called', 'ciliscope')
      .option('--user <name>', 'bind them to this user')
      .option('--group <name>', 'bind them to this group, such as the object ID of an Entra group')
      .addHelpText('after', '\n  ciliscope rbac --with logs,exec --group oncall | kubectl apply -f -')
      .addHelpText(
        'after',
        '\nWhat is left out is drawn as forbidden, and the rest works. Exit code: 0; 2 wrong usage.',
      );
  },
  async run(_args, options, { stdout }) {
    const { with: asked = '', name = 'ciliscope', user, group } = options as Partial<Record<string, string>>;
    const features = asked
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean);
    const unknown = features.find((one) => !(optional as readonly string[]).includes(one));
    if (unknown !== undefined)
      throw new UserError(`"${unknown}" is nothing that rights can be given for.`, `There are ${optional.join(', ')}.`);
    if (!/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/.test(name))
      throw new UserError(`No role can be called "${name}".`, 'Lower case letters, digits, - and . are possible.');
    const writing = neededToWrite(actions.flatMap((action) => action.rights ?? []));
    const needed = [...readingRights(), ...writing].filter(
      ({ feature }) => feature === 'view' || features.includes(feature),
    );
    const subjects: Subject[] = [];
    if (user !== undefined) subjects.push({ kind: 'User', name: user });
    if (group !== undefined) subjects.push({ kind: 'Group', name: group });
    stdout.write(rolesYaml(needed, name, subjects));
    return 0;
  },
};
