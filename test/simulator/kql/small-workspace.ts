import type { Database, DatabaseTable, TableRow } from '../../../src/simulator/kql/database.ts';

export const now = Date.parse('2026-11-22T13:00:00.500Z');

/** A workspace of two small tables: four flows and three lines of a log. */
export const smallWorkspace: Database = {
  tables: [
    table(
      'Flows',
      {
        TimeGenerated: 'datetime',
        Verdict: 'string',
        Source: 'string',
        Port: 'int',
        Bytes: 'long',
        Share: 'real',
        Policies: 'dynamic',
      },
      [
        ['2026-11-22T12:00:00.1234567Z', 'DROPPED', 'shop/cart', 80, 100, 0.5, [{ name: 'deny-all' }, { name: 'web' }]],
        ['2026-11-22T12:04:00Z', 'FORWARDED', 'shop/cart', 443, 9007199254740993n, 1.5, null],
        ['2026-11-22T12:05:00Z', 'DROPPED', 'shop/pay', 80, null, null, []],
        ['2026-11-22T12:59:59.9999999Z', 'DROPPED', '', null, 7, Number.NaN, { name: 'one' }],
      ],
    ),
    table('Lines', { TimeGenerated: 'datetime', Source: 'string', Message: 'string' }, [
      ['2026-11-22T12:01:00Z', 'shop/cart', 'level=info msg="GET /cart" took=12ms'],
      ['2026-11-22T12:02:00Z', 'shop/pay', 'level=error msg="no route" took=slow'],
      ['2026-11-22T11:00:00Z', 'shop/pay', 'starting'],
    ]),
  ],
};

function table(name: string, columns: Record<string, DatabaseTable['columns'][number]['type']>, rows: unknown[][]) {
  const names = Object.keys(columns);
  const all: TableRow[] = rows.map((cells, index) => ({
    values: Object.fromEntries(names.map((column, at) => [column, cells[at]])),
    ingested: `2026-11-22T13:00:0${index}.0000001Z`,
  }));
  return {
    name,
    plan: 'Analytics' as const,
    columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })),
    rows: () => all,
  };
}
