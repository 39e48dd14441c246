// A workspace somebody else writes into, and means harm: its rows must not hurt whoever reads them.
import type { DatabaseTable, TableRow } from '../kql/database.ts';
import { chance } from '../voices/chance.ts';
import type { TableColumn } from './columns.ts';
import { datetimeText } from './row.ts';

const TEXTS = [
  '\u001b]0;owned\u0007\u001b[2J\u001b[31mred\u001b[0m',
  'a\r\nb\tc\u0000d\u007f',
  '\u202etxt.exe\u202c \u2066isolated\u2069',
  '表格 👩‍👩‍👧‍👦 e\u0301\u0301\u0301',
  '\u009b31mC1 and \u001bP+q544e\u001b\\ DCS',
  '=cmd|calc!A1,"quoted",\'x\'',
] as const;
const MEGABYTE = 1_000_000;

/** One row in five is no longer what its columns promise. */
export function spoil(values: Readonly<Record<string, unknown>>, columns: readonly TableColumn[], key: string) {
  if (chance(`${key} hostile`) >= 0.2) return values;
  const spoiled: Record<string, unknown> = { ...values };
  for (const { name, type } of columns) {
    if (['TimeGenerated', 'UUID', 'AuditId', 'Verdict', 'Type'].includes(name)) continue;
    const at = Math.floor(chance(`${key} ${name}`) * 12);
    const text = TEXTS[at];
    if (text === undefined) continue;
    if (type === 'string') spoiled[name] = `${String(values[name] ?? '')}${text}`;
    if (type === 'datetime') spoiled[name] = [null, '0001-01-01T00:00:00Z', '9999-12-31T23:59:59.9999999Z'][at % 3];
    if (type === 'dynamic') spoiled[name] = at % 2 === 0 ? `{"cut": [1, 2, ${text}` : { [text]: { deep: text } };
  }
  return spoiled;
}

/** Tables that are nothing but trouble: odd values, too wide, too long. */
export function hostileTables(now: number): DatabaseTable[] {
  const moments = Array.from({ length: 1_000 }, (_, index) => datetimeText(now - 60_000 + index));
  const ingested = datetimeText(now - 30_000);
  const table = (name: string, columns: TableColumn[], rows: () => Record<string, unknown>[]): DatabaseTable => ({
    name,
    plan: 'Analytics',
    columns: [{ name: 'TimeGenerated', type: 'datetime' }, ...columns],
    rows: () =>
      rows().map(
        (values, index): TableRow => ({
          values: { TimeGenerated: moments[index % moments.length], ...values },
          ingested,
        }),
      ),
  });
  const wide = Array.from({ length: 10_000 }, (_, index): TableColumn => ({ name: `Column${index}`, type: 'long' }));
  return [
    table(
      'HostileValues_CL',
      [
        { name: 'Text', type: 'string' },
        { name: 'When', type: 'datetime' },
        { name: 'Number', type: 'real' },
        { name: 'Big', type: 'long' },
        { name: 'Bag', type: 'dynamic' },
      ],
      values,
    ),
    table('HostileWide_CL', wide, () =>
      [0, 1, 2].map((row) => Object.fromEntries(wide.map(({ name }, index) => [name, row * 10_000 + index]))),
    ),
    table(
      'HostileLong_CL',
      [
        { name: 'Number', type: 'long' },
        { name: 'Text', type: 'string' },
      ],
      () => Array.from({ length: 510_000 }, (_, index) => ({ Number: index, Text: `row ${index}` })),
    ),
    table('HostileHeavy_CL', [{ name: 'Text', type: 'string' }], () => {
      const text = 'x'.repeat(MEGABYTE);
      return Array.from({ length: 80 }, () => ({ Text: text }));
    }),
  ];
}

function values(): Record<string, unknown>[] {
  return [
    ...TEXTS.map((Text) => ({ Text, When: null, Number: null, Big: null, Bag: null })),
    { Text: 'earliest', When: '0001-01-01T00:00:00.0000000Z', Number: Number.NaN, Big: 0, Bag: [] },
    {
      Text: 'latest',
      When: '9999-12-31T23:59:59.9999999Z',
      Number: Number.POSITIVE_INFINITY,
      Big: Number.MAX_SAFE_INTEGER,
      Bag: {},
    },
    { Text: '', When: '2026-11-22T12:00:00.0000001Z', Number: -0, Big: -1, Bag: '{"cut": [1, 2' },
    { Text: 'y'.repeat(MEGABYTE), When: null, Number: 1e308, Big: 1, Bag: { a: { b: { c: { d: TEXTS[0] } } } } },
  ];
}
