import { expect, it } from 'vitest';
import {
  canonicalAddress,
  contains,
  covers,
  parseAddress,
  parseCidr,
  parseCidrOrAddress,
} from '../../../src/model/policies/cidr.ts';

it.each<[string, string[], string[]]>([
  ['10.0.0.0/8', ['10.0.0.0', '10.255.255.255'], ['11.0.0.0', '9.255.255.255', '::ffff:10.0.0.1']],
  ['10.1.2.3/8', ['10.9.9.9'], ['11.1.2.3']],
  ['192.0.2.128/25', ['192.0.2.128', '192.0.2.255'], ['192.0.2.127', '192.0.3.128']],
  ['192.0.2.7/32', ['192.0.2.7'], ['192.0.2.6', '192.0.2.8']],
  ['0.0.0.0/0', ['255.255.255.255'], ['2001:db8::1']],
  ['2001:db8::/33', ['2001:db8:7fff::1'], ['2001:db8:8000::1', '10.0.0.1']],
])('%s', (text, inside, outside) => {
  const cidr = parseCidr(text);
  const within = (one: string) => cidr && contains(cidr, parseAddress(one) ?? []);
  expect(inside.map(within)).toEqual(inside.map(() => true));
  expect(outside.map(within)).toEqual(outside.map(() => false));
});

it.each([
  '10.0.0.0',
  '10.0.0/8',
  '010.0.0.0/8',
  '10.0.0.0/33',
  '10.0.0.0/08',
  '::/129',
  'fe80::1%eth0/64',
  '10.0.0.0/-1',
  '',
  8,
])('%s is no range', (text) => {
  expect(parseCidr(text)).toBeUndefined();
});

it('takes a single address where it may stand for a range', () => {
  expect(parseCidrOrAddress('192.0.2.7')?.bits).toBe(32);
  expect(parseCidrOrAddress('::1')?.bits).toBe(128);
});

it('covers what lies wholly within', () => {
  const [wide, narrow] = [parseCidr('10.0.0.0/8'), parseCidr('10.1.0.0/16')];
  expect(wide && narrow && [covers(wide, narrow), covers(narrow, wide), covers(wide, wide)]).toEqual([
    true,
    false,
    true,
  ]);
});

it('knows one address by one spelling', () => {
  expect(['2001:DB8:0::1', '2001:db8::1'].map(canonicalAddress)).toEqual(['2001:db8::1', '2001:db8::1']);
});
