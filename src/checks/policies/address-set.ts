import { type Address, type Cidr, parseAddress } from '../../model/policies/cidr.ts';

/** Many addresses, of which it can be told at once whether any lies in a range. */
export type AddressSet = {
  /** Whether any lies in the range and in none of its exceptions. */
  some(range: Cidr, except: readonly Cidr[]): boolean;
};

/** Texts that are no addresses are left out. */
export function addressSet(texts: readonly string[]): AddressSet {
  const sorted = texts
    .flatMap((text) => {
      const address = parseAddress(text);
      return address ? [hex(address)] : [];
    })
    .sort();
  return {
    some(range, except) {
      const { first, last } = bounds(range);
      const holes = except.map(bounds);
      let at = indexFrom(sorted, first);
      while (at < sorted.length) {
        const address = sorted[at] ?? '';
        if (address > last) return false;
        const hole = holes.find((one) => one.first <= address && address <= one.last);
        if (!hole) return true;
        // The last of the hole itself is in it.
        at = indexFrom(sorted, `${hole.last} `);
      }
      return false;
    },
  };
}

/** Of one family as texts that sort as the addresses do; the families apart by what they begin with. */
function hex(address: Address): string {
  return (address.length === 4 ? '4' : '6') + address.map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function bounds({ base, bits }: Cidr): { first: string; last: string } {
  const mask = base.map((_, index) => 0xff & (0xff00 >> Math.min(8, Math.max(0, bits - index * 8))));
  return {
    first: hex(base.map((byte, index) => byte & (mask[index] ?? 0))),
    last: hex(base.map((byte, index) => byte | (0xff & ~(mask[index] ?? 0)))),
  };
}

/** The first place at which nothing smaller stands. */
function indexFrom(sorted: readonly string[], wanted: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
