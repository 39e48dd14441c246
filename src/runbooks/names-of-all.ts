import { UserError } from '../errors.ts';
import type { LookAsks } from './runbook.ts';

/** `namespace/name` of all objects of a kind that nobody watches; none where the server does not serve it. Rejects where they may not be read. */
export async function namesOfAll(
  asks: Pick<LookAsks, 'resources' | 'table'>,
  group: string,
  plural: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const all = await asks.resources(signal);
  const resource = all.find((one) => one.group === group && one.plural === plural);
  if (resource === undefined) return [];
  const enough = new AbortController();
  const found: string[] = [];
  try {
    for await (const event of asks.table(resource, {}, AbortSignal.any([signal, enough.signal]))) {
      if (event.type === 'put')
        found.push(...event.rows.map(({ namespace, name }) => (namespace === '' ? name : `${namespace}/${name}`)));
      if (event.type !== 'phase' || event.phase === 'loading') continue;
      if (event.phase === 'live' || event.phase === 'missing') break;
      throw new UserError(event.problem ?? `The ${plural} could not be read.`);
    }
  } finally {
    enough.abort();
  }
  return found;
}
