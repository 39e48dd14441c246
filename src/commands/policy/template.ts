import type { Command as Program } from 'commander';
import { UserError } from '../../errors.ts';
import { templates } from '../../model/policies/templates/index.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import type { Command } from '../command.ts';

/** A policy to begin with, as YAML for kubectl; which there are, where none is named. */
export const template: Command = {
  name: 'template',
  summary: 'print a policy to begin with, as YAML; without a name say which there are',
  describe(program: Program) {
    program.argument('[name]', 'which one').addHelpText('after', `\n${names()}\nExit code: 0, 2 there is no such one.`);
  },
  async run([name], _options, { stdout }) {
    const found = templates.find((one) => one.name === name);
    if (name !== undefined && !found)
      throw new UserError(
        `There is no template "${sanitiseLine(name, 100)}".`,
        `There are ${templates.map((one) => one.name).join(', ')}.`,
      );
    stdout.write(found ? found.text : names());
    return 0;
  },
};

function names(): string {
  const width = Math.max(...templates.map((one) => one.name.length));
  return templates.map((one) => `${one.name.padEnd(width)}  ${one.summary}\n`).join('');
}
