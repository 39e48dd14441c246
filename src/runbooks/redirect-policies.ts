import { UserError } from '../errors.ts';
import type { LookAsks } from './runbook.ts';

/** Names of all CiliumLocalRedirectPolicies; none where the server does not serve them. Rejects where they may not be read. */
export async function redirectPolicies(
  asks: Pick<LookAsks, 'resources' | 'table'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const all = await asks.resources(signal);
  const resource = all.find(({ group, plural }) => group === 'cilium.io' && plural === 'ciliumlocalredirectpolicies');
  if (resource === undefined) return [];
  const enough = new AbortController();
  const found: string[] = [];
  try {
    for await (const event of asks.table(resource, {}, AbortSignal.any([signal, enough.signal]))) {
      if (event.type === 'put') found.push(...event.rows.map(({ namespace, name }) => `${namespace}/${name}`));
      if (event.type !== 'phase' || event.phase === 'loading') continue;
      if (event.phase === 'live' || event.phase === 'missing') break;
      throw new UserError(event.problem ?? 'The CiliumLocalRedirectPolicies could not be read.');
    }
  } finally {
    enough.abort();
  }
  return found;
}
