import { describe, expect, test } from 'vitest';
import type { Change } from '../../src/model/change.ts';
import { createPacker, createUnpacker, type Packed } from '../../src/state/packing.ts';
import { fc } from '../fixtures/seeded.ts';

/** Both ends, with everything between them cloned as between threads. */
function crossing(): { cross(changes: readonly Change[]): Change[]; bytes(): number } {
  const pack = createPacker();
  const unpack = createUnpacker();
  let bytes = 0;
  return {
    cross(changes) {
      const packed: Packed[] = pack(changes);
      bytes += JSON.stringify(packed).length;
      return unpack(structuredClone(packed));
    },
    bytes: () => bytes,
  };
}

type Fields = Record<string, unknown>;
const put = (rows: readonly Fields[], kind = 'pods') => ({ type: 'put', kind, rows, at: 1 }) as unknown as Change;
const rowsOf = (changes: readonly Change[]): unknown[] =>
  changes.flatMap((change) => (change.type === 'put' ? ([...change.rows] as unknown[]) : []));

describe('rows that cross', () => {
  test('arrive as they were, whatever is in them, batch after batch', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean());
    const entry = fc.record({ name: fc.string(), ip: fc.constantFrom('10.0.0.1', '10.0.0.2'), identity: fc.nat() });
    const container = fc.record({ name: fc.string(), last: fc.string() }, { requiredKeys: ['name'] });
    const row = fc.record({
      uid: fc.string(),
      node: fc.constantFrom('a', 'b', ''),
      mixed: value,
      labels: fc.dictionary(
        fc.string().map((key) => `k${key}`),
        fc.string(),
      ),
      ips: fc.array(fc.string(), { maxLength: 3 }),
      endpoints: fc.array(entry, { maxLength: 4 }),
      containers: fc.array(container, { maxLength: 3 }),
      terms: fc.array(fc.array(entry, { maxLength: 2 }), { maxLength: 2 }),
    });
    fc.assert(
      fc.property(fc.array(fc.array(row, { maxLength: 6 }), { maxLength: 6 }), (batches) => {
        const { cross } = crossing();
        for (const rows of batches) expect(rowsOf(cross([put(rows)]))).toEqual(rows);
      }),
    );
  });

  test('of several kinds do not mix, and what is no row passes in its place', () => {
    const { cross } = crossing();
    const changes = [
      put([{ uid: 'a', node: 'n1' }]),
      { type: 'remove', kind: 'pods', uids: ['x'], at: 2 },
      put([{ uid: 'b', ready: true, taints: [] }], 'nodes'),
      put([{ uid: 'c', node: 'n1' }]),
    ] as Change[];
    expect(cross(changes)).toEqual(changes);
    expect(cross(changes)).toEqual(changes);
  });

  test('share what they shared before, also across batches', () => {
    const { cross } = crossing();
    const labels = { app: 'web' };
    const [first] = rowsOf(cross([put([{ uid: 'a', labels }])])) as Fields[];
    const [second] = rowsOf(cross([put([{ uid: 'b', labels }])])) as Fields[];
    expect(first?.['labels']).toBe(second?.['labels']);
  });

  test('say a text that all of them have once', () => {
    const { cross, bytes } = crossing();
    const node = 'aks-np1-25554136-vmss000000';
    const rows = Array.from({ length: 1_000 }, (_, index) => ({ uid: `${index}`, node }));
    cross([put(rows)]);
    cross([put(rows)]);
    expect(bytes()).toBeLessThan(JSON.stringify(rows).length);
  });

  test('go on where more differs than is remembered', () => {
    const { cross } = crossing();
    for (let batch = 0; batch < 30; batch++) {
      // Each text comes twice, so that the column is worth sharing.
      const rows = Array.from({ length: 2_000 }, (_, index) => ({ uid: index, node: `${batch}-${index >> 1}` }));
      expect(rowsOf(cross([put(rows)]))).toEqual(rows);
    }
  });
});
