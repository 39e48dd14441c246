// Kinds that are not watched, read when a runbook asks for them.
import { UserError } from '../errors.ts';
import type { ApiResource } from '../model/asks.ts';
import { record } from '../model/objects/raw.ts';
import type { RawObject } from '../model/objects/row.ts';
import type { LookAsks } from './runbook.ts';

/** Undefined: the server does not serve this kind. Rejects with a UserError where it cannot be asked. */
export async function servedKind(
  asks: Pick<LookAsks, 'resources'>,
  group: string,
  plural: string,
  signal: AbortSignal,
): Promise<ApiResource | undefined> {
  const all = await asks.resources(signal);
  return all.find((one) => one.group === group && one.plural === plural);
}

/**
 * Objects of a kind by name, raw: sanitise what is told of them. At most `most`; `left` says how many more there are.
 * Rejects with a UserError where they may not be listed or one may not be read.
 */
export async function readObjects(
  asks: Pick<LookAsks, 'table' | 'object'>,
  resource: ApiResource,
  most: number,
  signal: AbortSignal,
): Promise<{ objects: readonly RawObject[]; left: number }> {
  const names = (await listNames(asks, resource, signal)).sort();
  const objects: RawObject[] = [];
  for (const name of names.slice(0, most)) objects.push(record(await asks.object(resource, '', name, signal)));
  return { objects, left: Math.max(0, names.length - most) };
}

/** Of a kind that is in no namespace. */
async function listNames(asks: Pick<LookAsks, 'table'>, resource: ApiResource, signal: AbortSignal): Promise<string[]> {
  const names = new Map<string, string>();
  const enough = new AbortController();
  for await (const part of asks.table(resource, {}, AbortSignal.any([signal, enough.signal]))) {
    if (part.type === 'put') for (const { uid, name } of part.rows) names.set(uid, name);
    if (part.type !== 'phase' || part.phase === 'loading') continue;
    enough.abort();
    if (part.phase === 'live') return [...names.values()];
    throw new UserError(part.problem ?? `${part.phase}: list ${resource.plural}`, '', part.phase);
  }
  signal.throwIfAborted();
  return [...names.values()];
}
