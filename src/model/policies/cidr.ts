import ipaddr from 'ipaddr.js';

/** An address as its bytes: 4 of IPv4, 16 of IPv6. Plain data, for policies cross threads. */
export type Address = readonly number[];

/** An address range; bits of the base beyond `bits` are of no account. */
export type Cidr = { text: string; base: Address; bits: number };

/** `10.0.0.0/8`; undefined where it is none. Leading zeros and shortened IPv4 are none, as in Go's netip. */
export function parseCidr(text: unknown): Cidr | undefined {
  if (typeof text !== 'string') return undefined;
  const slash = text.lastIndexOf('/');
  if (slash < 0 || !/^(?:0|[1-9]\d{0,2})$/.test(text.slice(slash + 1))) return undefined;
  const base = parseAddress(text.slice(0, slash));
  const bits = Number(text.slice(slash + 1));
  return base && bits <= base.length * 8 ? { text, base, bits } : undefined;
}

/** A range or a single address, as fromCIDR and toCIDR take them (domain §7.3). */
export function parseCidrOrAddress(text: unknown): Cidr | undefined {
  const range = parseCidr(text);
  if (range || typeof text !== 'string') return range;
  const base = parseAddress(text);
  return base && { text, base, bits: base.length * 8 };
}

export function parseAddress(text: unknown): Address | undefined {
  if (typeof text !== 'string' || text.includes('%')) return undefined;
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) {
    return /(?:^|\.)0\d/.test(text) ? undefined : ipaddr.IPv4.parse(text).toByteArray();
  }
  return text.includes(':') && ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text).toByteArray() : undefined;
}

/** The one spelling of an address: equal addresses have equal texts. Undefined where it is none. */
export function canonicalAddress(text: string): string | undefined {
  const address = parseAddress(text);
  return address && ipaddr.fromByteArray([...address]).toString();
}

export function contains({ base, bits }: Cidr, address: Address): boolean {
  if (base.length !== address.length) return false;
  const whole = bits >> 3;
  for (let index = 0; index < whole; index++) if (base[index] !== address[index]) return false;
  const rest = bits & 7;
  return rest === 0 || ((base[whole] ?? 0) ^ (address[whole] ?? 0)) >> (8 - rest) === 0;
}

/** Whether the whole of `inner` lies in `outer`. */
export function covers(outer: Cidr, inner: Cidr): boolean {
  return outer.bits <= inner.bits && contains(outer, inner.base);
}

/** Every address of its family. */
export function isEverything({ bits }: Cidr): boolean {
  return bits === 0;
}

/** `10.0.0.0/8 except 10.1.0.0/16`. */
export function rangeText(cidr: string, except: readonly { text: string }[]): string {
  return except.length === 0 ? cidr : `${cidr} except ${except.map((one) => one.text).join(', ')}`;
}
