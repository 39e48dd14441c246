import { classifyLine } from '../model/log-patterns/classify-line.ts';
import type { LogPattern, LogProgram } from '../model/log-patterns/log-pattern.ts';
import type { ObjectRef } from '../model/ref.ts';
import { readLog } from './agent-on-node.ts';
import { seen, speaksFor } from './look.ts';
import type { Evidence, LookAsks } from './runbook.ts';

/** Which container's log, of which program, and which of its runs. */
export type LogOf = {
  namespace: string;
  pod: string;
  container: string;
  program: LogProgram | undefined;
  previous?: boolean;
  tailLines?: number;
};

/** What a log says, by its known patterns: each once, the gravest first, with its last line; of one that says nothing known its end. */
export async function classifiedLog(
  asks: Pick<LookAsks, 'logs'>,
  { program, ...from }: LogOf,
  signal: AbortSignal,
): Promise<{ evidence: readonly Evidence[]; patterns: ReadonlyMap<string, LogPattern>; lines: readonly string[] }> {
  const lines = await readLog(asks, from, signal);
  const source = `log of ${from.container}${from.previous === true ? ', the run before' : ''}`;
  const about: ObjectRef = { kind: 'Pod', namespace: from.namespace, name: from.pod };
  const found = new Map<string, { pattern: LogPattern; message: string; count: number }>();
  for (const line of program === undefined ? [] : lines) {
    const told = classifyLine(line, program as LogProgram);
    if (told === undefined) continue;
    const before = found.get(told.pattern.id);
    found.set(told.pattern.id, { pattern: told.pattern, message: told.message, count: (before?.count ?? 0) + 1 });
  }
  const grave = [...found.values()]
    .filter(({ pattern }) => pattern.severity !== 'note')
    .toSorted((a, b) => gravity.indexOf(a.pattern.severity) - gravity.indexOf(b.pattern.severity));
  const evidence =
    grave.length > 0
      ? grave.slice(0, 4).map(({ pattern, message, count }) => {
          const times = count > 1 ? `×${count} ` : '';
          return speaksFor(`${times}"${message}": ${pattern.meaning}`, source, about);
        })
      : lines.slice(-2).map((line) => seen(line, source, about));
  const patterns = new Map(grave.map(({ pattern }) => [pattern.id, pattern]));
  return { evidence: evidence.length > 0 ? evidence : [seen('it says nothing', source, about)], patterns, lines };
}

const gravity = ['error', 'warning', 'note'];
