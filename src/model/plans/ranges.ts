import ipaddr from 'ipaddr.js';
import { type PlanProblem, problem } from './deployment-plan.ts';

/** A CIDR that is one: no host bits set. */
export type Range = { text: string; family: 4 | 6; prefix: number; first: bigint; last: bigint };

/** Undefined where it is none; `10.0.0.1/16` is none: ARM refuses host bits. */
export function readRange(text: string): Range | undefined {
  if (!/^[0-9a-f.:]+\/\d{1,3}$/i.test(text) || !ipaddr.isValidCIDR(text)) return undefined;
  const [address, prefix] = ipaddr.parseCIDR(text);
  const family = address.kind() === 'ipv4' ? 4 : 6;
  if (family === 4 && !ipaddr.IPv4.isValidFourPartDecimal(address.toString())) return undefined;
  const first = numberOf(address);
  const size = 1n << BigInt((family === 4 ? 32 : 128) - prefix);
  return first % size === 0n ? { text, family, prefix, first, last: first + size - 1n } : undefined;
}

/** Undefined where it is no IPv4 or IPv6 address. */
export function readAddress(text: string): { family: 4 | 6; value: bigint } | undefined {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text) && !ipaddr.IPv6.isValid(text)) return undefined;
  const address = ipaddr.parse(text);
  return { family: address.kind() === 'ipv4' ? 4 : 6, value: numberOf(address) };
}

export function overlaps(one: Range, other: Range): boolean {
  return one.family === other.family && one.first <= other.last && other.first <= one.last;
}

export function contains(outer: Range, inner: Range): boolean {
  return outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;
}

export function holds(range: Range, { family, value }: { family: 4 | 6; value: bigint }): boolean {
  return range.family === family && range.first <= value && value <= range.last;
}

/** Addresses that Azure leaves of a subnet: the first four and the last are its own. */
export function usable({ family, prefix }: Range): number {
  return Math.max(0, 2 ** ((family === 4 ? 32 : 128) - prefix) - 5);
}

/** The longest prefix whose subnet has so many usable addresses. */
export function prefixFor(addresses: number): number {
  return 32 - Math.ceil(Math.log2(Math.max(8, addresses + 5)));
}

/** Ranges that AKS keeps for itself (domain §1.3), and what cannot be anybody's. */
export const reservedRanges = ['169.254.0.0/16', '172.30.0.0/16', '172.31.0.0/16', '192.0.2.0/24'];
const impossible = ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/4', '168.63.129.16/32'];

/** A range with the flag it was given by. */
export type Named = { where: string; what: string; range: Range };

/** Each range by itself: is it one, is it anybody's to use? */
export function checkRange(text: string, where: string): readonly PlanProblem[] {
  const range = readRange(text);
  if (range === undefined) return [problem(where, `"${text}" is no range.`, rangeHint(text))];
  const clash = [...reservedRanges, ...impossible].find((one) => overlaps(range, readRange(one) as Range));
  if (clash === undefined) return [];
  const whose = reservedRanges.includes(clash) ? 'AKS keeps for itself' : 'cannot be used in a network';
  return [problem(where, `${text} overlaps ${clash}, which ${whose}.`, 'Take a range of 10.0.0.0/8, say.')];
}

/** No two of them may share an address. */
export function checkOverlaps(ranges: readonly Named[]): readonly PlanProblem[] {
  return ranges.flatMap((one, index) =>
    ranges
      .slice(index + 1)
      .filter((other) => overlaps(one.range, other.range))
      .map((other) =>
        problem(
          other.where,
          `${other.what} ${other.range.text} overlaps ${one.what} ${one.range.text}.`,
          'Packets for one of them would go to the other: choose ranges that share no address.',
        ),
      ),
  );
}

function rangeHint(text: string): string {
  if (!ipaddr.isValidCIDR(text)) return 'Write it as 10.244.0.0/16.';
  const [address, prefix] = ipaddr.parseCIDR(text);
  const network = address.kind() === 'ipv4' ? ipaddr.IPv4.networkAddressFromCIDR(text) : undefined;
  return network === undefined ? 'Write its first address.' : `Its first address is ${network.toString()}/${prefix}.`;
}

function numberOf(address: ipaddr.IPv4 | ipaddr.IPv6): bigint {
  return address.toByteArray().reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
}
