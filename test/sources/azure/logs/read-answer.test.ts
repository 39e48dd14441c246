import { describe, expect, it } from 'vitest';
import type { QueryEvent } from '../../../../src/model/azure/log-query.ts';
import { createAnswerReader } from '../../../../src/sources/azure/logs/read-answer.ts';

function read(body: string, { most = 100, step = body.length }: { most?: number; step?: number } = {}): QueryEvent[] {
  const reader = createAnswerReader(most);
  const bytes = Buffer.from(body);
  const events: QueryEvent[] = [];
  for (let at = 0; at < bytes.length; at += step) events.push(...reader.push(bytes.subarray(at, at + step)));
  events.push(...reader.end());
  return events;
}

function rowsOf(events: readonly QueryEvent[]): unknown[] {
  return events.flatMap((event) => (event.type === 'rows' ? event.rows : []));
}

const table = (types: readonly string[], rows: string) =>
  `{"tables":[{"name":"PrimaryResult","columns":[${types.map((type, at) => `{"name":"c${at}","type":"${type}"}`)}],"rows":${rows}}]}`;

describe('an answer of Log Analytics', () => {
  it.each([
    ['text with escapes', 'string', '"a\\"b\\\\c]},{["', 'a"b\\c]},{['],
    ['null', 'string', 'null', null],
    ['a null moment', 'datetime', 'null', null],
    ['a moment to 100 ns', 'datetime', '"2026-11-22T12:00:00.1234567Z"', '2026-11-22T12:00:00.1234567Z'],
    ['the first moment there is', 'datetime', '"0001-01-01T00:00:00Z"', '0001-01-01T00:00:00Z'],
    ['a moment that is none', 'datetime', '"yesterday"', 'yesterday'],
    ['the last long', 'long', '9223372036854775807', '9223372036854775807'],
    ['a long below 2^53', 'long', '1234567890123456', 1234567890123456],
    ['a number among digits in text', 'string', '"12345678901234567890"', '12345678901234567890'],
    ['not a number', 'real', '"NaN"', 'NaN'],
    ['more than a double', 'real', '1e999', 'Infinity'],
    ['a fraction', 'real', '-0.5e-3', -0.0005],
    ['yes as a number', 'bool', '1', true],
    ['no as text', 'bool', '"False"', false],
    ['dynamic as text', 'dynamic', '"{\\"a\\":[1,{\\"b\\":null}]}"', '{"a":[1,{"b":null}]}'],
    ['dynamic as it is', 'dynamic', '{"a":[1,9223372036854775807]}', '{"a":[1,9223372036854775807]}'],
    ['dynamic that is no JSON', 'dynamic', '"{not"', '{not'],
    ['an escape sequence', 'string', '"\\u001b]0;x\\u0007"', '^[]0;x^G'],
    ['several lines', 'string', '"a\\n\\tb"', 'a\n\tb'],
    ['a type nobody knows', 'vector', '"x"', 'x'],
  ])('keeps %s', (_name, type, json, cell) => {
    expect(rowsOf(read(table([type], `[[${json}]]`)))).toEqual([[cell]]);
  });

  it('is the same however its bytes are cut', () => {
    const body = ` ${table(['string', 'long'], '[ ["ä\\"😀",1] ,["]",-2],[null,9007199254740993]]')}\n`;
    const whole = rowsOf(read(body));
    expect(whole).toEqual([
      ['ä"😀', 1],
      [']', -2],
      [null, '9007199254740993'],
    ]);
    for (let step = 1; step < 12; step += 1) expect(rowsOf(read(body, { step }))).toEqual(whole);
  });

  it('is the same in any order, with rows before their columns and members nobody knows', () => {
    const body =
      '\uFEFF{"x":{"tables":[]},"statistics":{"query":{"a":1}},"render":{"visualization":"timechart","title":"t","xColumn":null,"yColumns":["b"],"series":null},' +
      '"tables":[{"rows":[[true,"x"]],"y":[1],"name":"PrimaryResult","columns":[{"name":"a","type":"bool"},{"name":"b","type":"string"}]}]}';
    expect(read(body)).toEqual([
      { type: 'render', visualization: 'timechart', title: 't', xColumn: '', yColumns: ['b'], series: [] },
      {
        type: 'columns',
        columns: [
          { name: 'a', type: 'bool' },
          { name: 'b', type: 'string' },
        ],
      },
      { type: 'rows', rows: [[true, 'x']] },
    ]);
  });

  it('tells rows while it comes', () => {
    const reader = createAnswerReader(10);
    const [head, tail] = ['{"tables":[{"columns":[{"name":"a","type":"int"}],"rows":[[1],[2],[', '3]]}]}'];
    expect(rowsOf(reader.push(Buffer.from(head ?? '')))).toEqual([[1], [2]]);
    expect(rowsOf(reader.push(Buffer.from(tail ?? '')))).toEqual([[3]]);
    expect(reader.end()).toEqual([]);
  });

  it('counts what is more than is kept', () => {
    const events = read(table(['int'], `[${Array.from({ length: 50 }, (_, at) => `[${at}]`)}]`), { most: 20, step: 7 });
    expect(rowsOf(events)).toHaveLength(20);
    expect(events.at(-1)).toEqual({ type: 'dropped', rows: 30, why: 'only 20 are kept' });
  });

  it('cuts long cells, and leaves columns out beyond the five hundredth', () => {
    const types = Array.from({ length: 10_000 }, () => 'string');
    const events = read(table(types, `[[${types.map(() => '"v"')}]]`));
    expect(rowsOf(events).map((row) => (row as unknown[]).length)).toEqual([500]);
    expect(events).toContainEqual({ type: 'remark', text: '9,500 columns are left out: only the first 500 are kept.' });
    const [[cell]] = rowsOf(read(table(['string'], `[["${'x'.repeat(1_048_576)}"]]`))) as [[string]];
    expect([cell.length, cell.slice(-10)]).toEqual([65_536 + '…+983040'.length, 'xx…+983040']);
  });

  it('says in the service’s words that only a part came', () => {
    const body = `{"tables":[{"name":"PrimaryResult","columns":[{"name":"a","type":"int"}],"rows":[[1]]}],"error":{"code":"PartialError",
      "message":"There were some errors when processing your query.","details":[{"code":"EngineError","message":"Something went wrong",
      "innererror":{"code":"-2133196797","message":"The results of this query exceed the set limit of 500000 records."}}]}}`;
    expect(read(body)).toContainEqual({
      type: 'partial',
      code: 'PartialError',
      message: 'The results of this query exceed the set limit of 500000 records.',
    });
  });

  it('goes on behind a row that is nested too deep to be written again', () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const events = read(table(['dynamic'], `[["a"],[${deep}],["b"]]`));
    expect(rowsOf(events)).toEqual([['a'], ['b']]);
    expect(events).toContainEqual({ type: 'remark', text: 'one row could not be read.' });
  });

  it('shows the first of several tables, and says so', () => {
    const body =
      '{"tables":[{"name":"A","columns":[{"name":"a","type":"int"}],"rows":[[1]]},{"name":"B","columns":[{"name":"b","type":"int"}],"rows":[[2],[3]]}]}';
    expect(rowsOf(read(body))).toEqual([[1]]);
    expect(read(body)).toContainEqual({ type: 'remark', text: 'The answer has 2 tables; the first is shown.' });
  });

  it.each([
    ['nothing at all', '', []],
    ['no tables', '{"tables":[]}', []],
    ['a table without rows', table(['int'], '[]'), [{ type: 'columns', columns: [{ name: 'c0', type: 'int' }] }]],
  ])('may be %s', (_name, body, events) => {
    expect(read(body)).toEqual(events);
  });

  it.each([
    ['a page of a proxy', '<html>', 'is no answer of Log Analytics'],
    ['two answers', '{"tables":[]}{}', 'is no answer of Log Analytics'],
    ['a list', '[1]', 'is no answer of Log Analytics'],
    ['an answer that breaks off', table(['int'], '[[1],[2],[3]]').slice(0, -4), 'broke off after 3 rows'],
  ])('is refused: %s', (_name, body, words) => {
    expect(() => read(body)).toThrow(words);
  });
});
