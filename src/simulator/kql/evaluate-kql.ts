import { analyse } from './analyse.ts';
import type { Database, KqlType } from './database.ts';
import { lacking, syntaxError } from './kql-error.ts';
import type { Names, Query, Relation, Render } from './rows.ts';
import { compileScalar } from './scalars/compile-scalar.ts';
import type { SyntaxNode } from './syntax.ts';
import { compileTabular } from './tabular/compile-tabular.ts';
import { statements } from './tabular/statements.ts';
import { answerCell } from './values/answer-cell.ts';
import { ticksOfUnix } from './values/ticks.ts';
import type { Value } from './values/value.ts';

export type KqlTable = {
  name: 'PrimaryResult';
  columns: { name: string; type: KqlType }[];
  /** As JSON.stringify writes them for the service: datetimes, timespans and dynamics as text. */
  rows: unknown[][];
};

export type KqlAnswer = { tables: KqlTable[]; render?: Render };

/** Milliseconds since 1970. `timespan`: what the request leaves of every table that has TimeGenerated, both ends included. */
export type KqlOptions = { now: number; timespan?: { from: number; to: number } | undefined };

/**
 * What Log Analytics answers to this query over these tables at this moment. Throws KqlError, whose `fault` is what the
 * service puts under `error` in its 400, also for what is right but is not evaluated here. The first call loads the parser:
 * one or two seconds.
 */
export function evaluateKql(text: string, database: Database, options: KqlOptions): KqlAnswer {
  const { columns, rows, render } = compileKql(text, database, options);
  const cells = columns.map(({ type }) => answerCell(type));
  const answered: unknown[][] = [];
  for (const row of rows()) answered.push(cells.map((cell, index) => cell(row[index + 1] as Value)));
  return {
    tables: [{ name: 'PrimaryResult', columns: columns.map(({ name, type }) => ({ name, type })), rows: answered }],
    ...(render && { render }),
  };
}

function compileKql(text: string, database: Database, { now, timespan }: KqlOptions): Relation {
  const tree = analyse(text, database);
  const query: Query = {
    database,
    now: ticksOfUnix(now),
    ...(timespan && { timespan: [ticksOfUnix(timespan.from), ticksOfUnix(timespan.to)] }),
    tabular: (node, names, input) => compileTabular(node, names, query, input),
    scalar: compileScalar,
  };
  const written = tree.items('Statements');
  const asked = written.filter((statement) => statement.kind === 'ExpressionStatement');
  if (asked.length > 1) throw lacking('several results of one query');
  const expression = asked[0]?.part('Expression') as SyntaxNode | undefined;
  if (!expression) throw syntaxError('', 1, text.length);
  const names: Names = statements(written, new Map(), query);
  return compileTabular(expression, names, query);
}
