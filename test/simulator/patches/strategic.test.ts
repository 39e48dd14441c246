import { expect, it } from 'vitest';
import { strategicPatch } from '../../../src/simulator/patches/strategic.ts';

const containers = [
  { name: 'a', image: '1', env: [{ name: 'X', value: '1' }] },
  { name: 'b', image: '1' },
];

const cases: { it: string; object: object; patch: object; expected: object }[] = [
  {
    it: 'removes with null',
    object: { metadata: { labels: { a: '1', b: '2' } } },
    patch: { metadata: { labels: { a: null } } },
    expected: { metadata: { labels: { b: '2' } } },
  },
  {
    it: 'merges items by name, deeply',
    object: { spec: { containers } },
    patch: { spec: { containers: [{ name: 'a', env: [{ name: 'Y', value: '2' }] }] } },
    expected: {
      spec: {
        containers: [
          {
            name: 'a',
            image: '1',
            env: [
              { name: 'X', value: '1' },
              { name: 'Y', value: '2' },
            ],
          },
          { name: 'b', image: '1' },
        ],
      },
    },
  },
  {
    it: 'deletes an item',
    object: { spec: { containers } },
    patch: { spec: { containers: [{ name: 'a', $patch: 'delete' }] } },
    expected: { spec: { containers: [{ name: 'b', image: '1' }] } },
  },
  {
    it: 'orders items',
    object: { spec: { containers } },
    patch: { spec: { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] } },
    expected: { spec: { containers: [containers[1], containers[0]] } },
  },
  {
    it: 'replaces a list that is one value',
    object: { spec: { taints: [{ key: 'a' }] } },
    patch: { spec: { taints: [{ key: 'b' }] } },
    expected: { spec: { taints: [{ key: 'b' }] } },
  },
  {
    it: 'replaces where told to',
    object: { spec: { selector: { a: '1' } } },
    patch: { spec: { selector: { $patch: 'replace', b: '2' } } },
    expected: { spec: { selector: { b: '2' } } },
  },
  {
    it: 'retains only the keys named',
    object: { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: {} } } },
    patch: { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } },
    expected: { spec: { strategy: { type: 'Recreate' } } },
  },
  {
    it: 'takes values out of a set',
    object: { metadata: { finalizers: ['a', 'b'] } },
    patch: { metadata: { '$deleteFromPrimitiveList/finalizers': ['a'] } },
    expected: { metadata: { finalizers: ['b'] } },
  },
];

for (const { it: name, object, patch, expected } of cases) {
  it(name, () => {
    const before = structuredClone(object);
    expect(strategicPatch(object, patch)).toEqual(expected);
    expect(object).toEqual(before);
  });
}

it('refuses an item that does not say which', () => {
  expect(() => strategicPatch({ spec: { containers } }, { spec: { containers: [{ image: '2' }] } })).toThrow(
    /does not contain declared merge key: name/,
  );
});
