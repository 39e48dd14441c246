import { describe, expect, it } from 'vitest';
import type { Database, TableRow } from '../../../src/simulator/kql/database.ts';
import { evaluateKql } from '../../../src/simulator/kql/evaluate-kql.ts';
import { now } from './small-workspace.ts';

// Two ways to ask the same question must have one answer, whatever the rows are.
const ways: readonly [what: string, one: string, other: string][] = [
  [
    'where and project commute',
    'T | where {p} | project a, b, s',
    'T | project a, b, s, d, t | where {p} | project a, b, s',
  ],
  ['two conditions are one', 'T | where {p} | where {q}', 'T | where ({p}) and ({q})'],
  [
    'or is a union',
    'T | where ({p}) or ({q}) | count',
    'union (T | where {p}), (T | where coalesce(not({p}), true) and ({q})) | count',
  ],
  [
    'what is kept and what is not is all',
    'T | count',
    'union (T | where {p}), (T | where coalesce(not({p}), true)) | count',
  ],
  ['count of where is countif', 'T | where {p} | count | project n = Count', 'T | summarize n = countif({p})'],
  ['top is sort and take', 'T | top 7 by {c} desc nulls last', 'T | sort by {c} desc nulls last | take 7'],
  ['distinct is a summarize', 'T | extend m = n % 9 | distinct {c}, m', 'T | extend m = n % 9 | summarize by {c}, m'],
  [
    'sums of sums are the sum',
    'T | summarize x = sum(a)',
    'T | summarize x = sum(a) by m = n % 9, {c} | summarize x = sum(x)',
  ],
  ['sumif is sum of where', 'T | summarize x = sumif(a, {p})', 'T | where {p} | summarize x = sum(a)'],
  ['max is the first of sort', 'T | summarize x = max(a)', 'T | sort by a desc nulls last | take 1 | project x = a'],
  [
    'a semi and an anti join are all',
    'T | count',
    'union (T | join kind=leftsemi (T | where {p}) on n), (T | join kind=leftanti (T | where {p}) on n) | count',
  ],
  [
    'a join with itself by key',
    'T | where {p} | sort by n asc',
    'T | where {p} | join kind=inner (T | project n) on n | project-away n1 | sort by n asc',
  ],
  [
    'list and expand go back',
    'T | where isnotnull(a) | project a',
    'T | summarize l = make_list(a) | mv-expand a = l to typeof(long) | project a',
  ],
  ['extend and project-away', 'T', 'T | extend x = a + 1, y = strcat(s, "x") | project-away x, y'],
  ['rename and back', 'T', 'T | project-rename q = a | project-rename a = q'],
  [
    'a bin of a bin',
    'T | summarize count() by bin(t, 1h) | sort by t asc',
    'T | extend t = bin(t, 10m) | summarize count() by bin(t, 1h) | sort by t asc',
  ],
  [
    'arg_max is the first of its group',
    'T | where isnotnull(a) | summarize arg_max(n, *) by s | project s, n | sort by n asc',
    'T | where isnotnull(a) | sort by n desc | summarize n = take_any(n) by s | sort by n asc',
  ],
  ['a let is its text', 'let f = (x: long) { x * 2 + 1 }; T | project f(a)', 'T | project a * 2 + 1'],
  [
    'text and back',
    'T | project a, t, b',
    'T | project a = tolong(tostring(a)), t = todatetime(tostring(t)), b = tobool(tostring(b))',
  ],
  [
    'dynamic and back',
    'T | project a, s',
    'T | extend d = bag_pack("a", a, "s", s) | project a = tolong(d.a), s = tostring(d.s)',
  ],
  [
    'has is a regular expression',
    'T | where s has "an" | count',
    'T | where s matches regex @"(?i)(^|[^\\pL\\pN])an([^\\pL\\pN]|$)" | count',
  ],
];

const conditions = [
  'a > {k}',
  'a <= {k} or isnull(a)',
  's has "an"',
  's in ("x", "b-an")',
  'b',
  'not(b)',
  'a % 3 == 0',
  't > datetime(2026-11-22 06:00)',
  'd.x == {k}',
  'isempty(s) or a between (1 .. {k})',
  'tostring(d.y) startswith "b"',
  'a != {k}',
  'bin(a, 5) == 5',
  'd.x > a',
];

describe.each([1, 2])('over rows that chance made (%i)', (seed) => {
  const random = chance(seed);
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
  const database = smallTable(random);
  const rows = (query: string) =>
    evaluateKql(query, database, { now }).tables[0]?.rows.map((row) => JSON.stringify(row));

  it.each(ways)('%s', (_what, one, other) => {
    const condition = () => pick(conditions).replaceAll('{k}', String(Math.floor(random() * 12)));
    const said: Record<string, string> = { p: condition(), q: condition(), c: pick(['a', 'b', 't', 's']) };
    const filled = (query: string) => query.replace(/\{([pqc])\}/g, (_whole, name: string) => said[name] as string);
    const unordered = !/sort|top/.test(one);
    const answers = [rows(filled(one)), rows(filled(other))].map((list) => (unordered ? list?.sort() : list));
    expect(answers[1], `${filled(one)}\n${filled(other)}`).toEqual(answers[0]);
  });
});

function smallTable(random: () => number): Database {
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
  const all = Array.from(
    { length: 60 },
    (_, n): TableRow => ({
      ingested: '2026-11-22T12:00:00Z',
      values: {
        n,
        a: pick([null, 0, 1, 2, 3, 5, 7, 9, 11, -4, 9007199254740993n]),
        b: pick([true, false, null]),
        s: pick(['', 'x', 'an', 'b-an', 'banana', 'An x', 'größe']),
        t: pick([
          null,
          '2026-11-22T05:30:00Z',
          '2026-11-22T06:10:00.0000001Z',
          '2026-11-22T06:59:59.9999999Z',
          '0001-01-01T00:00:00Z',
        ]),
        d: pick([null, {}, { x: 3 }, { x: 9, y: 'bc' }, { y: ['b'] }, [1], 'b']),
      },
    }),
  );
  const columns = { n: 'int', a: 'long', b: 'bool', s: 'string', t: 'datetime', d: 'dynamic' } as const;
  return {
    tables: [
      {
        name: 'T',
        plan: 'Analytics',
        columns: Object.entries(columns).map(([name, type]) => ({ name, type })),
        rows: () => all,
      },
    ],
  };
}

function chance(seed: number): () => number {
  let state = seed * 2654435761;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) | 0;
    return ((state >>> 8) & 0xffffff) / 0x1000000;
  };
}
