import { describe, expect, it } from 'vitest';
import { createFolding, unfold } from '../../src/simulator/folding.ts';
import { fc } from '../fixtures/seeded.ts';

const lease = (name: string, version: number, more = '') =>
  JSON.stringify({ kind: 'Lease', metadata: { name, resourceVersion: String(version) }, spec: { holder: name, more } });

describe('texts folded into their words', () => {
  it('come back as they were, whatever they are', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.json(),
      fc.tuple(fc.string(), fc.nat(), fc.string()).map((of) => lease(...of)),
      fc.constantFrom('', '"', '""', 'a"b', 'a"c', '{"a":1}', '{"a":2}', '{"a":"1"}', '{"b":"1"}x', '{"b":"1"}y'),
    );
    fc.assert(
      fc.property(fc.array(text, { maxLength: 40 }), (texts) => {
        const folding = createFolding();
        const folded = texts.map((one) => folding.fold(one));
        expect(folded.map(unfold)).toEqual(texts);
      }),
    );
  });

  it('share what they have in common', () => {
    const folding = createFolding();
    const padding = 'what all of them say at some length, so that little of each is its own '.repeat(4);
    const folded = Array.from({ length: 50 }, (_, index) => folding.fold(lease(`node-${index}`, index, padding)));
    expect(new Set(folded.slice(2).map(({ pattern }) => pattern)).size).toBe(1);
    expect(folded[49]?.words).toBe('node-49"49"node-49');
  });
});
