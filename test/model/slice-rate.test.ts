import { expect, test } from 'vitest';
import { sliceRate } from '../../src/model/slice-rate.ts';

const own = '[{"nodes":0,"limit":7,"burst":9},{"nodes":200,"limit":80,"burst":400}]';
test.each([
  [undefined, 12, { perSecond: 10, burst: 20, told: false }],
  ['', 150, { perSecond: 50, burst: 100, told: false }],
  ['nonsense', 1, { perSecond: 10, burst: 20, told: false }],
  [own, 12, { perSecond: 7, burst: 9, told: true }],
  // The operator never goes beyond its own caps.
  [own, 500, { perSecond: 50, burst: 100, told: true }],
])('%s with %i nodes', (config, nodes, is) => expect(sliceRate(config, nodes)).toEqual(is));
