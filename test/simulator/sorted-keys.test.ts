import { expect, it } from 'vitest';
import { createSortedKeys } from '../../src/simulator/sorted-keys.ts';
import { fc } from '../fixtures/seeded.ts';

const key = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 6 });

it('keeps keys in order while they come and go', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), key)), key, (steps, from) => {
      const keys = createSortedKeys();
      const expected = new Set<string>();
      for (const [add, one] of steps) {
        if (add && !expected.has(one)) keys.add(one);
        if (!add) keys.remove(one);
        if (add) expected.add(one);
        else expected.delete(one);
      }
      const sorted = [...expected].sort();
      expect([...keys.from(from)]).toEqual(sorted.filter((one) => one >= from));
      expect(keys.rank(from)).toBe(sorted.filter((one) => one < from).length);
    }),
  );
});

it('keeps many, however they come', () => {
  const keys = createSortedKeys();
  const names = Array.from({ length: 5_000 }, (_, index) => `pod-${(index * 7_919) % 5_000}`);
  for (const [index, name] of names.entries()) {
    keys.add(name);
    // Asked between, so that they are put in one by one.
    if (index % 3 === 0) keys.rank(name);
  }
  expect([...keys.from('')]).toEqual(names.toSorted());
  for (const name of names.slice(0, 4_990)) keys.remove(name);
  expect([...keys.from('')]).toEqual(names.slice(4_990).toSorted());
});
