import ipaddr from 'ipaddr.js';
import { lacking } from '../kql-error.ts';
import type { Value } from '../values/value.ts';
import { type KqlFunction, pure } from './kql-function.ts';

export const addressFunctions: Readonly<Record<string, KqlFunction>> = {
  ipv4_is_private: pure(['string'], (text) => {
    const range = readRange(text);
    return range ? privateRanges.some((own) => within(range, own)) : null;
  }),
  ipv4_is_in_range: pure(['string', 'string'], inRange),
  ipv4_is_in_any_range: ({ args, name }) => {
    const [address, ...ranges] = args.map(({ run }) => run);
    if (!address) throw lacking(`function '${name}' without an address`);
    return (row) => {
      const all = ranges.flatMap((range) => range(row) as string | string[]);
      return all.some((range) => inRange(address(row) as string, range) === true);
    };
  },
  ipv4_is_match: pure(['string', 'string'], (a, b) => {
    const [x, y] = [readRange(a), readRange(b)];
    if (!x || !y) return null;
    const bits = Math.min(x.bits, y.bits);
    return network(x.address, bits) === network(y.address, bits);
  }),
  ipv4_compare: pure(['string', 'string'], (a, b) => {
    const [x, y] = [readRange(a), readRange(b)];
    return x && y ? Math.sign(x.address - y.address) : null;
  }),
  parse_ipv4: pure(['string'], (text) => {
    const range = readRange(text);
    return range ? network(range.address, range.bits) : null;
  }),
  format_ipv4: pure(['string', 'long'], (text, bits = 32) => {
    const range = readRange(text);
    return range ? dotted(network(range.address, Number(bits))) : '';
  }),
  ipv6_is_match: pure(['string', 'string'], (a, b) =>
    ipaddr.isValid(a) && ipaddr.isValid(b)
      ? ipaddr.parse(a).toNormalizedString() === ipaddr.parse(b).toNormalizedString()
      : null,
  ),
};

type Range = { address: number; bits: number };

const privateRanges: readonly Range[] = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].flatMap(
  (text) => readRange(text) ?? [],
);

function inRange(address: string, range: string): Value {
  const [own, whole] = [readRange(address), readRange(range)];
  return own && whole ? within(own, whole) : null;
}

const within = (own: Range, whole: Range) =>
  own.bits >= whole.bits && network(own.address, whole.bits) === network(whole.address, whole.bits);

function readRange(text: string): Range | undefined {
  const [address = '', prefix = '32'] = text.trim().split('/');
  if (!ipaddr.IPv4.isValidFourPartDecimal(address) || !/^\d{1,2}$/.test(prefix) || Number(prefix) > 32)
    return undefined;
  return {
    address: ipaddr.IPv4.parse(address).octets.reduce((sum, octet) => sum * 256 + octet, 0),
    bits: Number(prefix),
  };
}

const network = (address: number, bits: number) => Math.floor(address / 2 ** (32 - bits)) * 2 ** (32 - bits);
const dotted = (address: number) => [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
