import { isAtRest } from '../azure/operations.ts';
import { readManagedCluster } from '../azure/read-managed-cluster.ts';
import { list, record } from '../objects/raw.ts';
import type { RawObject } from '../objects/row.ts';
import type { AgreedChange } from './operation.ts';
import { writableBody } from './writable-body.ts';

/** What reading the cluster tells of a request whose answer was lost. */
export type Arrival =
  /** It has what we wanted: ours came through (or somebody did the same). */
  | 'done'
  /** An operation runs that may be ours: wait, then look again. */
  | 'running'
  /** It is as it was before. */
  | 'not'
  /** It is neither as it was nor as we wanted it. */
  | 'overtaken';

/** `now` undefined = it is not there. `etag` is that of the answer. */
export function arrivalOf(change: AgreedChange, now: RawObject | undefined, etag: string): Arrival {
  if (now === undefined) return change.before === null ? 'not' : 'overtaken';
  const { provisioningState, pools } = readManagedCluster(now);
  if (!isAtRest(provisioningState) || pools.some((pool) => !isAtRest(pool.provisioningState))) return 'running';
  const wanted = change.before === null ? change.body : difference(writableBody(change.before), change.body);
  if (has(writableBody(now), wanted)) return 'done';
  return change.before !== null && etag === change.etag ? 'not' : 'overtaken';
}

/** What of `after` is not in `before`: only that was wanted of the server. */
function difference(before: unknown, after: unknown): unknown {
  if (!isObject(before) || !isObject(after)) return after;
  const changed = Object.entries(after).flatMap(([name, value]) => {
    const was = before[name];
    if (JSON.stringify(was) === JSON.stringify(value)) return [];
    return [[name, Array.isArray(value) && Array.isArray(was) ? value : difference(was, value)]];
  });
  return Object.fromEntries(changed);
}

/** The server may add what it likes, and writes some words in another case. */
function has(have: unknown, wanted: unknown): boolean {
  if (isObject(wanted)) {
    const there = record(have);
    return Object.entries(wanted).every(([name, value]) => has(there[name], value));
  }
  if (Array.isArray(wanted)) {
    const there = list(have, wanted.length);
    return wanted.every((value, index) => has(there[index], value));
  }
  if (typeof wanted === 'string') return String(have).toLowerCase() === wanted.toLowerCase();
  return have === wanted;
}

function isObject(value: unknown): value is RawObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
