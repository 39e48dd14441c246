import type { PolicyMapEntry } from '../agent-says/agent-says.ts';

/**
 * What an endpoint's policy map makes of a connection, as the datapath looks it up: a deny that matches wins, then an
 * allow that matches, else it is dropped. `L3` entries hold for all ports, `0` for every identity.
 */
export function mapVerdict(
  entries: readonly PolicyMapEntry[],
  asked: { direction: 'ingress' | 'egress'; identity: number; port: number; protocol: string },
): 'allow' | 'deny' | 'none' {
  let found: 'allow' | 'none' = 'none';
  for (const entry of entries) {
    if (entry.direction !== asked.direction) continue;
    if (entry.identity !== 0 && entry.identity !== asked.identity) continue;
    if (entry.protocol !== 'ANY' && entry.protocol !== asked.protocol) continue;
    if (!holdsPort(entry, asked.port)) continue;
    if (entry.deny) return 'deny';
    found = 'allow';
  }
  return found;
}

function holdsPort({ port, portBits }: PolicyMapEntry, asked: number): boolean {
  const free = 16 - portBits;
  return free >= 16 || port >> free === asked >> free;
}
