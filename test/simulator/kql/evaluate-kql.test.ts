import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Database } from '../../../src/simulator/kql/database.ts';
import { evaluateKql, type KqlOptions } from '../../../src/simulator/kql/evaluate-kql.ts';
import { KqlError } from '../../../src/simulator/kql/kql-error.ts';
import { columnsOf, type TableName } from '../../../src/simulator/logs/columns.ts';
import { now, smallWorkspace } from './small-workspace.ts';

type Operation = { query: string; columns?: string; rows: unknown[][] };
type Refusal = { query: string; code: string; message: string; line?: number; pos?: number; token?: string };

const cases = <T>(name: string) =>
  parse(readFileSync(new URL(`cases/${name}.yaml`, import.meta.url), 'utf8'), { merge: true }) as T;
const ask = (query: string, options: Partial<KqlOptions> = {}) => {
  const { tables, render } = evaluateKql(query, smallWorkspace, { now, ...options });
  // As a client reads it: what JSON makes of the cells, long numbers with all their digits.
  return { columns: tables[0]?.columns, rows: JSON.parse(JSON.stringify(tables[0]?.rows)) as unknown[][], render };
};

describe('a KQL expression', () => {
  // All of one topic in one query: analysis is what takes the time.
  describe.each(Object.entries(cases<Record<string, [string, unknown][]>>('values')))('of %s', (_topic, all) => {
    let answers: readonly unknown[] | undefined;
    it.each(all.map(([expression, expected], index) => ({ expression, expected, index })))(
      '$expression',
      ({ expected, index }) => {
        answers ??= ask(`print ${all.map(([expression], at) => `c${at} = ${expression}`).join(', ')}`).rows[0] ?? [];
        expect(answers[index]).toEqual(expected);
      },
    );
  });
});

describe('a KQL query', () => {
  it.each(Object.entries(cases<Record<string, Operation>>('operators')))('%s', (_what, { query, columns, rows }) => {
    const answer = ask(query);
    expect(answer.rows).toEqual(rows);
    if (columns) expect(answer.columns?.map(({ name, type }) => `${name}:${type}`).join(' ')).toBe(columns);
  });

  it.each(cases<Refusal[]>('refused'))('is refused: $query', ({ query, ...inner }) => {
    const syntax = inner.code === 'SYN0002';
    expect(faultOf(() => ask(query))).toEqual({
      code: 'BadArgumentError',
      message: 'The request had some invalid properties',
      innererror: {
        code: syntax ? 'SyntaxError' : 'SemanticError',
        message: syntax ? 'A recognition error occurred in the query.' : 'A semantic error occurred.',
        innererror: inner,
      },
    });
  });

  it('sees only what lies within the timespan of the request, both ends included', () => {
    const at = (time: string) => Date.parse(`2026-11-22T${time}Z`);
    const seen = (from: string, to: string) =>
      ask('Flows | project TimeGenerated', { timespan: { from: at(from), to: at(to) } }).rows.length;
    expect(seen('12:04:00', '12:05:00')).toBe(2);
    expect(seen('12:04:00.001', '12:04:59.999')).toBe(0);
    expect(seen('00:00:00', '23:59:59')).toBe(4);
  });

  it("keeps the narrower of its own range and the request's", () => {
    const timespan = { from: Date.parse('2026-11-22T12:00:00Z'), to: now };
    const rows = (query: string) => ask(query, { timespan }).rows;
    expect(rows('Lines | count')).toEqual([[2]]);
    expect(rows('Lines | where TimeGenerated > datetime(2026-11-22 12:01:30) | count')).toEqual([[1]]);
    expect(rows('Lines | where TimeGenerated > ago(10d) | count')).toEqual([[2]]);
    expect(rows('range x from 1 to 3 step 1 | count')).toEqual([[3]]);
  });

  it('passes on how it is to be drawn', () => {
    const { render, rows } = ask(
      'Flows | summarize n = count() by bin(TimeGenerated, 1h), Verdict | render timechart with (title = "Dropped, and not", series = Verdict, ymin = 0)',
    );
    expect(rows).toHaveLength(2);
    expect(render).toMatchObject({
      visualization: 'timechart',
      title: 'Dropped, and not',
      series: ['Verdict'],
      yMin: 0,
      yMax: 'NaN',
      xColumn: null,
    });
    expect(ask('Flows | render table | take 1').render).toBeUndefined();
  });

  it('writes whole numbers of 64 bits with all their digits', () => {
    const { tables } = evaluateKql('print 9223372036854775807, int(5)', smallWorkspace, { now });
    expect(JSON.stringify(tables[0]?.rows)).toBe('[[9223372036854775807,5]]');
  });
});

describe('what is asked in the night', () => {
  type Row = Record<string, unknown>;
  const { tables, questions } = cases<{
    tables: Record<TableName, Row[]>;
    questions: Record<string, { query: string; rows: unknown[][] }>;
  }>('questions');
  const database: Database = {
    tables: Object.entries(tables).map(([name, rows]) => ({
      name,
      plan: 'Analytics',
      columns: columnsOf(name as TableName),
      rows: () => rows.map((values) => ({ values, ingested: '2026-11-22T12:59:59Z' })),
    })),
  };

  it.each(Object.entries(questions))('%s', (_what, { query, rows }) => {
    expect(evaluateKql(query, database, { now }).tables[0]?.rows).toEqual(rows);
  });
});

function faultOf(run: () => unknown): unknown {
  try {
    run();
  } catch (problem) {
    if (problem instanceof KqlError) return problem.fault;
    throw problem;
  }
  return 'nothing was refused';
}
