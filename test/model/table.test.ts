import { describe, expect, test } from 'vitest';
import type { Row } from '../../src/model/objects/row.ts';
import { createTable, type Indexes } from '../../src/model/table.ts';
import { fc } from '../fixtures/seeded.ts';

type Thing = Row & { node: string; ips: readonly string[] };

const indexes: Indexes<Thing> = { node: (row) => row.node, ip: (row) => row.ips };

function thing(uid: string, more: Partial<Thing> = {}): Thing {
  return { uid, namespace: 'shop', name: uid, created: 1_000, version: '1', node: 'n1', ips: [], ...more };
}

function tableOf(...things: Thing[]) {
  const table = createTable<Thing>(indexes);
  for (const one of things) table.put(one, 10, true);
  table.commit(10);
  return table;
}

describe('finding rows', () => {
  test('by name and by index', () => {
    const table = tableOf(thing('a'), thing('b', { node: 'n2', ips: ['10.0.0.1', 'fd00::1'] }));
    expect(table.named('shop', 'b')?.uid).toBe('b');
    expect(table.named('other', 'b')).toBeUndefined();
    expect(table.by('node', 'n1').map((row) => row.uid)).toEqual(['a']);
    expect(table.by('ip', 'fd00::1').map((row) => row.uid)).toEqual(['b']);
    expect(table.by('identity', '5')).toEqual([]);
    expect([...table.counts('node')]).toEqual([
      ['n1', 1],
      ['n2', 1],
    ]);
  });

  test('a change of keys moves the row, an unchanged key gives the new row', () => {
    const table = tableOf(thing('a', { ips: ['1', '2'] }));
    table.put(thing('a', { version: '2', node: 'n2', ips: ['2', '3'] }), 20, true);
    table.commit(20);
    expect(table.by('node', 'n1')).toEqual([]);
    expect(table.by('ip', '1')).toEqual([]);
    expect(table.by('ip', '2')[0]?.version).toBe('2');
    expect(table.by('ip', '3')[0]?.version).toBe('2');
  });

  test('an index asked for late knows what came before, and follows what comes after', () => {
    const table = tableOf(thing('a', { ips: ['1'] }), thing('b'));
    table.put(thing('b', { version: '2', ips: ['2'] }), 20, true);
    table.remove('a', 20);
    table.commit(20);
    expect(table.by('ip', '1')).toEqual([]);
    expect(table.by('ip', '2').map((row) => row.version)).toEqual(['2']);
    table.put(thing('b', { version: '3', ips: ['3'] }), 30, true);
    table.commit(30);
    expect(table.by('ip', '2')).toEqual([]);
    expect(table.by('ip', '3').map((row) => row.version)).toEqual(['3']);
  });

  test('one key in two places of one row is found once, and gone with the row', () => {
    const table = tableOf(thing('a', { ips: ['1', '1'] }));
    expect(table.by('ip', '1')).toHaveLength(1);
    table.remove('a', 20);
    table.commit(20);
    expect(table.by('ip', '1')).toEqual([]);
  });

  test('an empty key is no key', () => expect(tableOf(thing('a', { node: '' })).counts('node').size).toBe(0));
});

describe('batches', () => {
  test('the same version twice changes nothing', () => {
    const table = tableOf(thing('a'));
    expect(table.put(thing('a'), 20, true)).toBeUndefined();
    table.commit(20);
    expect(table.version).toBe(1);
  });

  test('a version grows once per batch', () => {
    const table = tableOf(thing('a'), thing('b'));
    expect(table.version).toBe(1);
  });

  test('deleting what is unknown does nothing', () => {
    const table = tableOf();
    expect(table.remove('x', 10)).toBeUndefined();
    table.commit(10);
    expect(table.version).toBe(0);
  });

  test.each([
    ['old first', ['old', 'young']],
    ['young first', ['young', 'old']],
  ])('a recreated object replaces its namesake: %s', (_, order) => {
    const rows: Record<string, Thing> = {
      old: thing('old', { name: 'web-0', created: 1_000 }),
      young: thing('young', { name: 'web-0', created: 2_000 }),
    };
    const table = tableOf(...order.flatMap((uid) => rows[uid] ?? []));
    table.remove('old', 20);
    table.commit(20);
    expect([...table.rows.keys()]).toEqual(['young']);
    expect(table.named('shop', 'web-0')?.uid).toBe('young');
  });
});

test('an older one is believed once its younger namesake is gone: a server was set back in time', () => {
  const restored = thing('restored', { name: 'web-0', created: 1_000 });
  const table = tableOf(thing('lost', { name: 'web-0', created: 2_000 }), restored);
  expect([...table.rows.keys()]).toEqual(['lost']);
  table.remove('lost', 20);
  table.put(restored, 20, false);
  table.commit(20);
  expect(table.named('shop', 'web-0')).toBe(restored);
});

describe('what stands out and fades', () => {
  test('recent holds live changes for five seconds', () => {
    const table = tableOf(thing('a'));
    table.put(thing('listed'), 4_000, false);
    table.put(thing('b'), 4_000, true);
    table.commit(4_000);
    expect([...table.recent.keys()]).toEqual(['a', 'b']);
    table.commit(6_000);
    expect([...table.recent.keys()]).toEqual(['b']);
  });

  test('gone holds deleted rows for five seconds, void rows not at all', () => {
    const table = tableOf(thing('a'), thing('b'), thing('c'));
    table.remove('a', 1_000);
    table.forget('c');
    table.commit(1_000);
    expect(table.gone.map((one) => one.row.uid)).toEqual(['a']);
    table.remove('b', 5_500);
    table.commit(6_100);
    expect(table.gone.map((one) => one.row.uid)).toEqual(['b']);
    table.commit(20_000);
    expect(table.gone).toEqual([]);
  });
});

describe('what changed since', () => {
  test('before and after, oldest first', () => {
    const table = tableOf(thing('a'));
    table.put(thing('a', { version: '2' }), 20, true);
    table.commit(20);
    table.remove('a', 30);
    table.commit(30);
    expect(table.since(1)?.map((one) => [one.before?.version, one.after?.version])).toEqual([
      ['1', '2'],
      ['2', undefined],
    ]);
    expect(table.since(3)).toEqual([]);
  });

  test.each([
    [7, 1_200],
    [30_000, 51_000],
  ])('is unknown once more happened than there are rows to look at: %i rows, %i changes', (rows, happened) => {
    const table = tableOf();
    for (let index = 0; index < happened; index++) {
      table.put(thing(`u${index % rows}`, { version: String(index) }), 10, true);
      if (index % 100 === 99) table.commit(10);
    }
    expect(table.since(0)).toBeUndefined();
    expect(table.since(table.version - 1)).toHaveLength(100);
  });
});

/** Puts, deletions, repeats and strangers in any order and any cut into batches. */
const operation = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      uid: fc.constantFrom('a', 'b', 'c', 'd'),
      node: fc.constantFrom('', 'n1', 'n2'),
      ips: fc.array(fc.constantFrom('1', '2', '3')),
      version: fc.nat(50),
    }),
  },
  { weight: 2, arbitrary: fc.record({ remove: fc.constantFrom('a', 'b', 'c', 'd', 'stranger') }) },
  { weight: 1, arbitrary: fc.constant('commit' as const) },
);

test('after any sequence the indexes say what the rows say', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
      const table = createTable<Thing>(indexes);
      for (const one of operations) {
        if (one === 'commit') table.commit(1);
        else if ('remove' in one) table.remove(one.remove, 1);
        else table.put(thing(one.uid, { node: one.node, ips: one.ips, version: String(one.version) }), 1, true);
      }
      const rows = [...table.rows.values()];
      for (const node of ['n1', 'n2'])
        expect(uids(table.by('node', node))).toEqual(uids(rows.filter((row) => row.node === node)));
      for (const ip of ['1', '2', '3'])
        expect(uids(table.by('ip', ip))).toEqual(uids(rows.filter((row) => row.ips.includes(ip))));
      for (const row of rows) expect(table.named('shop', row.name)).toBe(row);
    }),
  );
});

function uids(rows: readonly Thing[]): string[] {
  return rows.map((row) => row.uid).sort();
}
