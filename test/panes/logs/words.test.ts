import { describe, expect, it } from 'vitest';
import { askedOf, timespanWords, whyNotFollowed } from '../../../src/panes/logs/asked-of.ts';
import { cellText, sortValue } from '../../../src/panes/logs/cell-text.ts';
import { rowTree } from '../../../src/panes/logs/dynamic-tree.ts';
import { flowVerdict } from '../../../src/panes/logs/flow-verdict.ts';
import { remarkLine } from '../../../src/panes/logs/query-words.ts';
import { fittingColumns, shownColumns } from '../../../src/panes/logs/result-columns.ts';
import { timespanOf } from '../../../src/queries/timespan.ts';

const now = Date.parse('2026-11-22T12:30:00Z');

describe('cells', () => {
  it.each([
    [null, 'string', ''],
    ['2026-11-22T12:04:05.1234567Z', 'datetime', '12:04:05.123'],
    ['2026-11-22T12:04:05Z', 'datetime', '12:04:05'],
    ['2026-11-21T12:04:05Z', 'datetime', '11-21 12:04:05'],
    ['0001-01-01T00:00:00Z', 'datetime', '0001-01-01 00:00:00'],
    ['9999-12-31T23:59:59.9999999Z', 'datetime', '9999-12-31 23:59:59.999'],
    ['not a moment', 'datetime', 'not a moment'],
    ['00:05:00.0000000', 'timespan', '00:05:00'],
    ['00:00:01.2500000', 'timespan', '00:00:01.25'],
    [0.1 + 0.2, 'real', '0.3'],
    ['9007199254740993', 'long', '9007199254740993'],
    [true, 'bool', 'true'],
    ['{"a":\n\t1}', 'dynamic', '{"a": 1}'],
  ] as const)('%j of %s is drawn %j', (value, type, drawn) => {
    expect(cellText(value, type, now)).toBe(drawn);
  });

  it('are ordered by what they are', () => {
    const moments = ['2026-11-22T12:00:00Z', '2026-11-22T12:00:00.0000001Z'].map((one) =>
      String(sortValue(one, 'datetime')),
    );
    expect((moments[0] as string) < (moments[1] as string)).toBe(true);
    expect(sortValue('12', 'long')).toBe(12);
    expect(sortValue('', 'string')).toBeUndefined();
    expect(sortValue(null, 'real')).toBeUndefined();
  });
});

describe('columns', () => {
  const columns = ['TenantId', 'TimeGenerated', 'Source', 'SourcePodName', 'Destination', 'Port', 'Type'].map(
    (name) => ({
      name,
      type: name === 'TimeGenerated' ? ('datetime' as const) : ('string' as const),
    }),
  );
  const names = (hidden: string[] = [], all = false) =>
    shownColumns(columns, new Set(hidden), all).map(({ column }) => column.name);

  it('leave out what is seldom read, until all are wanted', () => {
    expect(names()).toEqual(['TimeGenerated', 'Source', 'Destination', 'Port']);
    expect(names(['Port'], true)).toEqual([
      'TenantId',
      'TimeGenerated',
      'Source',
      'SourcePodName',
      'Destination',
      'Type',
    ]);
    expect(names(columns.map(({ name }) => name))).toEqual(['TenantId']);
  });

  it('each have a letter of their own', () => {
    const letters = shownColumns(columns, new Set(), false).map(({ letter }) => letter);
    expect(letters).toEqual(['t', 's', 'd', 'p']);
  });

  it('of ten thousand only those are laid out that have room', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => ({ name: `c${index}`, type: 'string' as const }));
    const asked: number[] = [];
    const fitting = fittingColumns(
      shownColumns(many, new Set(), false),
      9_000,
      ({ index }) => asked.push(index) && 10,
      80,
      false,
    );
    expect(fitting.map(({ column }) => column.title)).toEqual([
      'c9000',
      'c9001',
      'c9002',
      'c9003',
      'c9004',
      'c9005',
      'c9006',
    ]);
    expect(asked.length).toBeLessThan(12);
    const width = fitting.reduce((sum, { column }) => sum + (column.max ?? 0) + 1, -1);
    expect(width).toBe(80);
  });
});

describe('a row unfolded', () => {
  const columns = [
    { name: 'Layer4', type: 'dynamic' as const },
    { name: 'Message', type: 'string' as const },
    { name: 'Odd', type: 'dynamic' as const },
  ];
  const cells = ['{"TCP":{"destination_port":5432,"flags":{"SYN":true}}}', '', '{"broken'];
  const lines = (...toggled: string[]) =>
    rowTree(columns, cells, new Set(toggled)).map(({ name, value, depth }) => `${' '.repeat(depth)}${name}=${value}`);

  it('shows dynamic values as trees, nothing as nothing, and invalid JSON as it came', () => {
    expect(lines()).toEqual([
      'Layer4=',
      ' TCP=',
      '  destination_port=5432',
      '  flags={"SYN":true}',
      'Message=""',
      'Odd={"broken',
    ]);
  });

  it('shows what is nested deeper than can be written again', () => {
    const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;
    expect(rowTree([{ name: 'Deep', type: 'dynamic' }], [deep], new Set()).at(-1)).toMatchObject({ value: '…' });
  });

  it('folds and unfolds', () => {
    expect(lines('0 Layer4')[0]).toBe('Layer4={"TCP":{"destination_port":5432,"flags":{"SYN":true}}}');
    expect(lines('0 Layer4/TCP/flags')).toContain('   SYN=true');
  });
});

describe('what an answer will not show', () => {
  it('is what the answer says and what the question says', () => {
    const glyphs = { warning: '!' } as Parameters<typeof remarkLine>[2];
    const chosen = { text: '', timespan: '', searchTable: '', rowId: '', remarks: ['A table is left out.'] };
    const words = (...told: string[]) =>
      remarkLine(chosen, told, glyphs)
        ?.map(({ text }) => text)
        .join('');
    expect(words('top is left out: every row is followed.')).toBe(
      ' ! top is left out: every row is followed. A table is left out.',
    );
    expect(remarkLine({ ...chosen, remarks: [] }, [], glyphs)).toBeUndefined();
  });
});

describe('what is asked', () => {
  it.each([
    ['1h', 'PT1H', '1h'],
    ['30m', 'PT30M', '30m'],
    ['2d', 'P2D', '2d'],
    ['1w', 'P7D', '7d'],
    ['45s', 'PT45S', '45s'],
    ['P1DT2H', 'P1DT2H', '1d2h'],
    [
      '2026-11-22T10:00:00Z/2026-11-22T11:00:00Z',
      '2026-11-22T10:00:00Z/2026-11-22T11:00:00Z',
      '2026-11-22T10:00:00Z/2026-11-22T11:00:00Z',
    ],
    ['soon', undefined, ''],
    ['P', undefined, ''],
    ['PT', undefined, ''],
    ['1h; drop', undefined, ''],
  ])('since %s', (typed, timespan, words) => {
    expect(timespanOf(typed)).toBe(timespan);
    if (timespan !== undefined) expect(timespanWords(timespan)).toBe(words);
  });

  it('a saved question takes its parameters, a time, and the scope', () => {
    const { saved, parameters, timespan, text } = askedOf(['denied-flows', 'pod=web-1', 'since=6h'], 'shop');
    expect([saved?.id, parameters, timespan, text]).toEqual([
      'denied-flows',
      { namespace: 'shop', pod: 'web-1' },
      'PT6H',
      undefined,
    ]);
    expect(askedOf(['denied-flows', 'namespace=pay'], 'shop').parameters).toEqual({ namespace: 'pay' });
  });

  it('anything else is a query', () => {
    expect(askedOf(['denied-flows', '|', 'take', '5'], '').text).toBe('denied-flows | take 5');
    expect(askedOf(['since=PT6H', 'T\n| take 5'], '')).toMatchObject({ text: 'T\n| take 5', timespan: 'PT6H' });
  });

  it.each([
    ['T | where x == "| summarize"', true],
    ['T // | summarize', true],
    ['T | where a > 1 | project b', true],
    ['T | summarize count()', false],
    ['T | take 5', true],
    ['T | join (U | take 5) on a', false],
    ['T | mv-apply a on (summarize b = max(a))', true],
    ['T | union U', false],
    ['T | 5', false],
    ['', false],
  ])('%s can be followed: %s', (text, can) => {
    expect(whyNotFollowed({ saved: undefined, parameters: {}, text, timespan: '' }) === undefined).toBe(can);
  });
});

describe('why of a flow', () => {
  const view = (row: Readonly<Record<string, string>>) =>
    flowVerdict(
      Object.keys(row).map((name) => ({ name, type: 'string' as const })),
      { id: 0, cells: Object.values(row), late: false, gap: '' },
      (_, name) => name !== 'gone-1',
    );

  it.each([
    [
      {
        SourceNamespace: 'shop',
        SourcePodName: 'web-1',
        DestinationNamespace: 'pay',
        DestinationPodName: 'db-0',
        Port: '5432',
        Protocol: 'TCP',
      },
      { pane: 'verdict', args: ['pod/shop/web-1', 'pod/pay/db-0', '5432/TCP'] },
    ],
    [
      {
        Source: 'shop/web',
        SourceNamespace: 'shop',
        SourcePodName: 'gone-1',
        Destination: 'pay/gone-1',
        DestinationNamespace: 'pay',
        DestinationPodName: 'gone-1',
      },
      { pane: 'verdict', args: ['shop/web', 'pod/pay/gone-1', ''] },
    ],
    [
      { SourcePod: 'shop/web-1', DestinationPod: 'pay/db-0', Port: '' },
      { pane: 'verdict', args: ['shop/web-1', 'pay/db-0', ''] },
    ],
    [{ Source: 'shop/web', Destination: 'outside the cluster' }, expect.stringContaining('no two ends')],
    [{ Computer: 'node' }, expect.stringContaining('no two ends')],
  ])('%j', (row, expected) => {
    expect(view(row as unknown as Record<string, string>)).toEqual(expected);
  });
});
