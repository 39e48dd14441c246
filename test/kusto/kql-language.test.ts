import { beforeAll, describe, expect, it } from 'vitest';
import { createKqlLanguage, type KqlLanguage } from '../../src/kusto/kql-language.ts';

const tables = [
  {
    name: 'Flows',
    columns: [
      { name: 'TimeGenerated', type: 'datetime' },
      { name: 'PodName', type: 'string' },
      { name: 'PodNamespace', type: 'string' },
      { name: 'Layer4', type: 'dynamic' },
      { name: 'odd name', type: 'no such type' },
    ],
  },
];

describe('KQL by the language service', () => {
  let language: KqlLanguage;
  beforeAll(() => {
    language = createKqlLanguage();
    language.schema(tables);
  });

  it.each([
    // What stands before ^ is typed; the first offers, in their order.
    ['F^', ['Flows']],
    ['Flows | wh^', ['where']],
    ['Flows | where Pod^', ['PodName', 'PodNamespace']],
    ['Flows | where pn^', ['PodName', 'PodNamespace']],
    ['Flows | where Pod^Name == "a"', ['PodName', 'PodNamespace']],
    ['Flows | summarize cou^', ['count', 'countif']],
    ['Flows | extend x = tost^', ['tostring']],
    ['Flows | project odd^', ['odd name']],
    ['Flows | where PodName == "a^', []],
  ])('completes %s', (typed, first) => {
    const offset = typed.indexOf('^');
    const { items } = language.complete(typed.replace('^', ''), offset);
    expect(items.slice(0, first.length).map(({ text }) => text)).toEqual(first);
    if (first.length === 0) expect(items).toEqual([]);
  });

  it('offers fifty at most, what the workspace has before what the language has', () => {
    const { items, start, length } = language.complete('Flows | where ', 14);
    expect([start, length]).toEqual([14, 0]);
    expect(items).toHaveLength(50);
    expect(items.slice(0, 4).map(({ kind }) => kind)).toEqual(['column', 'column', 'column', 'column']);
  });

  it('puts the cursor between the brackets of a function, and no pipe behind a table', () => {
    expect(language.complete('Flows | extend x = tost', 23).items[0]).toMatchObject({
      before: 'tostring(',
      after: ')',
    });
    expect(language.complete('Fl', 2).items[0]).toMatchObject({ before: 'Flows', after: '' });
  });

  it('names what is wrong, and where', () => {
    const { problems } = language.analyse('Flows | where PodNam == "a" | sumarize count()');
    expect(problems[0]).toMatchObject({ code: 'KS142', severity: 'error', start: 14, length: 6 });
    expect(problems[0]?.message).toContain("'PodNam'");
    expect(problems[1]).toMatchObject({ start: 30, length: 8 });
    expect(language.analyse('Flows | where PodName == "a" | summarize count()').problems).toEqual([]);
  });

  it('tells the words apart', () => {
    const text = 'Flows // all\n| where PodName has "x" and tostring(Layer4.port) != "80" | take 5';
    const told = language
      .analyse(text)
      .tokens.map(({ kind, start, length }) => [text.slice(start, start + length), kind]);
    expect(Object.fromEntries(told)).toMatchObject({
      Flows: 'table',
      '// all': 'comment',
      where: 'keyword',
      PodName: 'column',
      has: 'operator',
      '"x"': 'string',
      tostring: 'function',
      '5': 'number',
    });
  });
});
