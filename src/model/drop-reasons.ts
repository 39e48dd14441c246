import type { Severity } from './finding.ts';

/** What a reason of `cilium_drop_count_total` means (domain §6.1). Everyday ones are seen in small numbers on every cluster. */
export type DropMeaning = { isEveryday: boolean; text: string; severity?: Severity };

export function dropMeaning(reason: string): DropMeaning {
  const known = meanings[reason.toLowerCase()];
  return known ?? { isEveryday: everyday.has(reason.toLowerCase()), text: '' };
}

const everyday: ReadonlySet<string> = new Set([
  'policy denied',
  'policy denied by denylist',
  'authentication required',
  'host datapath not ready',
  'invalid source ip',
  'stale or unroutable ip',
  'unknown l3 target address',
  'service backend not found',
  'unsupported protocol for nat masquerade',
  'unsupported l2 protocol',
  'unsupported l3 protocol',
  'forbidden icmpv6 message',
  'no egress gateway found',
]);

const meanings: Readonly<Record<string, DropMeaning>> = {
  'ct: map insertion failed': { isEveryday: false, severity: 'error', text: 'connection tracking is full' },
  'no mapping for nat masquerade': { isEveryday: false, severity: 'error', text: 'SNAT ports or its map are used up' },
  'fib lookup failed': { isEveryday: false, text: 'no route or neighbour' },
  'missed tail call': {
    isEveryday: false,
    severity: 'error',
    text: 'a program or its map is broken, often by an upgrade',
  },
  'no tunnel/encapsulation endpoint (bpf_overlay, from-overlay)': { isEveryday: false, text: 'no tunnel to that node' },
  'no tunnel/encapsulation endpoint': { isEveryday: false, text: 'no tunnel to that node' },
  'endpoint policy program not available': { isEveryday: false, text: 'the endpoint is being loaded or was not' },
  'traffic is unencrypted': { isEveryday: false, text: 'strict encryption without a key for the peer' },
  'invalid identity': { isEveryday: false, text: 'the peer’s identity is unknown here' },
  'denied by lb src range check': { isEveryday: false, severity: 'note', text: 'loadBalancerSourceRanges says so' },
  'fragmentation needed': { isEveryday: false, text: 'packets larger than the MTU' },
};
