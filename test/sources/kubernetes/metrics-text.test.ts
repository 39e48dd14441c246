import { expect, it } from 'vitest';
import { readSample } from '../../../src/sources/kubernetes/metrics-text.ts';

const all = () => true;

it.each<[line: string, expected: unknown]>([
  ['cilium_policy 12', { name: 'cilium_policy', labels: {}, value: 12 }],
  ['cilium_policy{} 1', { name: 'cilium_policy', labels: {}, value: 1 }],
  ['a:b_1{x="1",y="2",} 0.5 1712345678000', { name: 'a:b_1', labels: { x: '1', y: '2' }, value: 0.5 }],
  ['a{ x="1" , y="2" } 3', { name: 'a', labels: { x: '1', y: '2' }, value: 3 }],
  ['a{reason="say \\"no\\"\\\\ \\n"} 1', { name: 'a', labels: { reason: 'say "no"\\ \n' }, value: 1 }],
  ['a{x="}, y="} 1', { name: 'a', labels: { x: '}, y=' }, value: 1 }],
  ['a_bucket{le="+Inf"} 7 # {trace="x"} 0.3', { name: 'a_bucket', labels: { le: '+Inf' }, value: 7 }],
  ['a 1e3', { name: 'a', labels: {}, value: 1000 }],
  ['a +Inf', { name: 'a', labels: {}, value: Number.POSITIVE_INFINITY }],
  ['a -Inf', { name: 'a', labels: {}, value: Number.NEGATIVE_INFINITY }],
  ['a NaN', undefined],
  ['a', undefined],
  ['# TYPE a counter', undefined],
  ['', undefined],
  ['a{x=1} 2', undefined],
  ['a{x="1} 2', undefined],
  ['{x="1"} 2', undefined],
])('%s', (line, expected) => {
  expect(readSample(line, all)).toEqual(expected);
});

it('what is not wanted is not read', () => {
  expect(readSample('a{x="1"} 2', () => false)).toBeUndefined();
});
