import ipaddr from 'ipaddr.js';

/** An address range; host bits are of no account. */
export type Cidr = { text: string; range: readonly [ipaddr.IPv4 | ipaddr.IPv6, number] };
export type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** `10.0.0.0/8`; undefined where it is none. Leading zeros and shortened IPv4 are none, as in Go's netip. */
export function parseCidr(text: unknown): Cidr | undefined {
  if (typeof text !== 'string') return undefined;
  const slash = text.lastIndexOf('/');
  if (slash < 0 || !/^(?:0|[1-9]\d{0,2})$/.test(text.slice(slash + 1))) return undefined;
  const address = parseAddress(text.slice(0, slash));
  const bits = Number(text.slice(slash + 1));
  if (!address || bits > widthOf(address)) return undefined;
  return { text, range: [address, bits] };
}

/** A range or a single address, as fromCIDR and toCIDR take them (domain §7.3). */
export function parseCidrOrAddress(text: unknown): Cidr | undefined {
  const range = parseCidr(text);
  if (range || typeof text !== 'string') return range;
  const address = parseAddress(text);
  return address && { text, range: [address, widthOf(address)] };
}

export function parseAddress(text: unknown): Address | undefined {
  if (typeof text !== 'string' || text.includes('%')) return undefined;
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return /(?:^|\.)0\d/.test(text) ? undefined : ipaddr.IPv4.parse(text);
  return text.includes(':') && ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text) : undefined;
}

export function contains({ range: [base, bits] }: Cidr, address: Address): boolean {
  return base.kind() === address.kind() && address.match(base as never, bits);
}

/** Whether the whole of `inner` lies in `outer`. */
export function covers(outer: Cidr, inner: Cidr): boolean {
  return outer.range[1] <= inner.range[1] && contains(outer, inner.range[0]);
}

/** Every address of its family. */
export function isEverything({ range: [, bits] }: Cidr): boolean {
  return bits === 0;
}

/** `10.0.0.0/8 except 10.1.0.0/16`. */
export function rangeText(cidr: string, except: readonly { text: string }[]): string {
  return except.length === 0 ? cidr : `${cidr} except ${except.map((one) => one.text).join(', ')}`;
}

function widthOf(address: Address): 32 | 128 {
  return address.kind() === 'ipv4' ? 32 : 128;
}
