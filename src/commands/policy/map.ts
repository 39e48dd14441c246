import type { Command as Program } from 'commander';
import { UserError } from '../../errors.ts';
import { type Cell, mapNamespaces } from '../../model/policies/map.ts';
import { toItsEnd } from '../../model/policies/turns.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import type { Command } from '../command.ts';
import { answerText } from './answer-json.ts';
import { type AsciiOption, describeAscii, forTerminal } from './for-terminal.ts';
import { describeState, readEngine, type StateOptions } from './state-options.ts';
import { tableText } from './table-text.ts';

/** Which namespaces may talk to which. */
export const map: Command = {
  name: 'map',
  summary: 'which namespaces may talk to which',
  describe(program: Program) {
    describeAscii(describeState(program))
      .option('-n, --namespace <name>', 'only from and to this namespace')
      .option('--format <name>', 'table, json or mermaid', 'table')
      .addHelpText('after', '\nA cell: can any workload of A reach any declared container port of any workload of B?')
      .addHelpText('after', 'allow: on every one, partly: on some, deny: on none.')
      .addHelpText('after', '\nExit code: 0 answered, 2 bad input or nothing could be answered.');
  },
  async run(_args, given, { stdout, env }) {
    const options = given as StateOptions & AsciiOption & { namespace?: string; format: string };
    const { namespace = '', format } = options;
    if (format !== 'table' && format !== 'json' && format !== 'mermaid')
      throw new UserError(`"${sanitiseLine(format, 60)}" is no format.`, 'Give table, json or mermaid.');
    const startedAt = new Date().toISOString();
    const { engine, cluster } = await readEngine(options, env);
    const { index } = engine;
    if (index.facts.pods.length === 0) throw new UserError('There is no pod.');
    if (namespace !== '' && !index.facts.pods.some((pod) => pod.namespace === namespace))
      throw new UserError(`No pod is in a namespace ${sanitiseLine(namespace, 260)}.`);
    const cells = toItsEnd(mapNamespaces(index, namespace));
    if (format === 'json') stdout.write(answerText({ command: 'map', cluster, startedAt }, { cells }));
    else stdout.write(format === 'mermaid' ? mermaid(cells) : forTerminal(matrix(cells), options, env));
    return 0;
  },
};

const GLYPHS = { allow: '●', partly: '◐', deny: '✖', unknown: '○' } as const;

/** Who is in which row stands before it; the columns are the same, by number. */
function matrix(cells: readonly Cell[]): string {
  if (cells.length === 0) return 'no two pods\n';
  const names = namesOf(cells);
  const found = new Map(cells.map(({ from, to, verdict }) => [`${from} ${to}`, GLYPHS[verdict]]));
  const rows = names.map((from, index) => [
    String(index + 1),
    from,
    ...names.map((to) => found.get(`${from} ${to}`) ?? '·'),
  ]);
  const legend = `from the row to the column: ${Object.entries(GLYPHS)
    .map(([verdict, glyph]) => `${glyph} ${verdict}`)
    .join('  ')}  · not asked`;
  return `${tableText([['', 'FROM \\ TO', ...names.map((_, index) => String(index + 1))], ...rows])}${legend}\n`;
}

/** What is denied has no arrow. */
function mermaid(cells: readonly Cell[]): string {
  const names = namesOf(cells);
  const arrows = { allow: '-->', partly: '-. partly .->', unknown: '-. unknown .->' } as const;
  const lines = cells.flatMap(({ from, to, verdict }) =>
    verdict === 'deny' ? [] : [`  n${names.indexOf(from)} ${arrows[verdict]} n${names.indexOf(to)}`],
  );
  const nodes = names.map((name, index) => `  n${index}["${name.replaceAll('"', "'")}"]`);
  return `${['flowchart LR', ...nodes, ...lines].join('\n')}\n`;
}

function namesOf(cells: readonly Cell[]): readonly string[] {
  return [...new Set(cells.flatMap(({ from, to }) => [from, to]))].sort();
}
