import { CommanderError, Command as Program } from 'commander';
import type { Command, CommandGroup, Terminal } from './commands/command.ts';
import { crashReport } from './commands/crash-report.ts';
import { commands } from './commands/index.ts';
import { version } from './commands/version.ts';
import { isTriedAgain, tryAgain, UserError } from './errors.ts';

/** Runs the program on the process's own arguments and terminal. The only place that ends the process. */
export async function start(): Promise<void> {
  const { stdin, stdout, stderr, env } = process;
  const lost = (error: NodeJS.ErrnoException) => {
    // A reader that went away (`ciliscope | head`) is not an error of ours.
    if (error.code === 'EPIPE') process.exit(0);
    stderr.write(`ciliscope: The output cannot be written (${error.code ?? error.message}). Is the disk full?\n`);
    process.exit(2);
  };
  stdout.on('error', lost);
  const code = await main(process.argv.slice(2), { stdin, stdout, stderr, env });
  // Writes to a terminal are done when they return, and one more would wait for a terminal that nobody reads.
  if (stdout.isTTY) process.exit(code);
  stdout.write('', () => {
    const { errored } = stdout;
    if (errored && (errored as NodeJS.ErrnoException).code !== 'EPIPE') lost(errored);
    process.exit(code);
  });
}

/** argv → one command → exit code. Whatever is wrong is said in one sentence on stderr. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  let code = 0;
  const program = parser(terminal, async (command, args, options) => {
    code = await command.run(args, options, terminal);
  });
  try {
    await program.parseAsync(helpOf(argv), { from: 'user' });
    return code;
  } catch (error) {
    return say(error, terminal);
  }
}

/** What commander knows no help for: `help` itself, and a command of a group. */
function helpOf(argv: readonly string[]): readonly string[] {
  const [first, ...words] = argv;
  if (first !== 'help' || words.length === 0) return argv;
  if (words.length === 1) return words[0] === 'help' ? ['help'] : argv;
  return [...words, '--help'];
}

type Run = (command: Command, args: readonly string[], options: Record<string, unknown>) => Promise<void>;

function parser(terminal: Terminal, run: Run): Program {
  const program = new Program('ciliscope')
    .description('A console for the engineer on call for AKS clusters whose network is Cilium.')
    .version(version(), '-V, --version')
    .configureOutput({ writeOut: (text) => terminal.stdout.write(text), writeErr: () => {} })
    .enablePositionalOptions()
    .showSuggestionAfterError()
    // Not there by itself where something runs without a command.
    .helpCommand(true);
  addTo(program, commands.byDefault, run);
  for (const one of commands.named) {
    const named = program.command(one.name).description(one.summary);
    if ('run' in one) addTo(named, one, run);
    else addGroup(named, one, run);
  }
  return program;
}

function addGroup(program: Program, { name, commands: members }: CommandGroup, run: Run): void {
  for (const one of members) addTo(program.command(one.name).description(one.summary), one, run);
  program
    .exitOverride((error) => refuse(error, program))
    .allowExcessArguments(false)
    .action(() => {
      throw new UserError(`${name} what?`, `Try: ${pathOf(program)} --help`);
    });
}

function addTo(program: Program, command: Command, run: Run): void {
  command.describe(program);
  program.exitOverride((error) => refuse(error, program)).allowExcessArguments(false);
  program.action((...given: unknown[]) => {
    takeFromBefore(program);
    const options: Record<string, unknown> = program.opts();
    const args = given
      .slice(0, -2)
      .flat()
      .filter((arg): arg is string => typeof arg === 'string');
    return run(command, args, options);
  });
}

/** What was typed before the command counts for it (`--context prod check`), or it would look at another cluster. */
function takeFromBefore(program: Program): void {
  for (let outer = program.parent; outer !== null; outer = outer.parent) {
    for (const option of outer.options) {
      const name = option.attributeName();
      if (outer.getOptionValueSource(name) !== 'cli' || program.getOptionValueSource(name) === 'cli') continue;
      if (!program.options.some((own) => own.attributeName() === name))
        throw new UserError(`${program.name()} takes no option ${option.long}.`, `Try: ${pathOf(program)} --help`);
      program.setOptionValueWithSource(name, outer.getOptionValue(name), 'cli');
    }
  }
}

/** Help and version were asked for and have been printed; everything else is a word we do not know. */
function refuse(error: CommanderError, program: Program): never {
  if (error.exitCode === 0) throw error;
  throw new UserError(`${unknown(error, program)}.`, `Try: ${pathOf(program)} --help`);
}

function pathOf(program: Program): string {
  return program.parent ? `${pathOf(program.parent)} ${program.name()}` : program.name();
}

function unknown({ code, message }: CommanderError, program: Program): string {
  const [first = '', second = ''] = program.args;
  const word = code === 'commander.help' ? second : first;
  // What follows a word that is no command is not worth a remark of its own.
  if (program.commands.length > 0 && word !== '' && !word.startsWith('-')) {
    const names = program.commands.map((command) => command.name());
    if (program.parent === null) names.push('help');
    return `there is no command "${word}": there are ${names.join(', ')}`;
  }
  if (code === 'commander.excessArguments') {
    const { length } = program.registeredArguments;
    return `${program.name()} takes no ${length === 0 ? '' : 'further '}argument "${program.args[length]}"`;
  }
  return message
    .replace(/^error: /, '')
    .replaceAll('\n', ' ')
    .replace(/\.+$/, '');
}

function say(error: unknown, { stderr }: Terminal): number {
  if (error instanceof CommanderError) return 0;
  // With this word nothing asks again any more.
  const text = error instanceof UserError ? error.message.replace(isTriedAgain, tryAgain) : crashReport(error);
  stderr.write(`ciliscope: ${text}\n`);
  return 2;
}
