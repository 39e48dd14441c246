import { expect, it } from 'vitest';
import { differenceLines } from '../../src/actions/difference-lines.ts';

const group = (net: number, count: number) => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumCIDRGroup',
  metadata: { name: 'offices' },
  spec: { externalCIDRs: Array.from({ length: count }, (_, index) => `10.${net}.${index >> 8}.${index & 255}/32`) },
});

// Set against each other they would take minutes: this test would run out of time.
it('of thousands of lines that all differ keeps nobody waiting', () => {
  const lines = differenceLines(group(1, 20_000), group(2, 20_000));
  expect(lines).toHaveLength(5_001);
  expect(lines[0]).toEqual({ sign: '-', text: 'apiVersion: cilium.io/v2' });
  const short = differenceLines(group(1, 1_000), group(2, 1_000));
  expect(short.filter(({ sign }) => sign === '-')).toHaveLength(short.filter(({ sign }) => sign === '+').length);
});
