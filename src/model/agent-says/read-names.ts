import { count, list, text, time } from '../objects/raw.ts';
import type { LearntName } from './agent-says.ts';
import { saidList } from './said-json.ts';

/** `cilium-dbg fqdn cache list -o json`: names that pods looked up through the agent's DNS proxy. */
export function readNames(output: string): readonly LearntName[] | undefined {
  return saidList(output, 100_000, (one) => {
    if (text(one['fqdn']) === '') return undefined;
    return {
      name: text(one['fqdn']),
      addresses: list(one['ips']).map((ip) => text(ip)),
      ttl: count(one['ttl']),
      expires: time(one['expiration-time']),
      endpoint: count(one['endpoint-id']),
      source: text(one['source']),
    };
  });
}
