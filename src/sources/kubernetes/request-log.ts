import type { RequestCounts } from '../../model/change.ts';

/** Counts what was asked of the server and run on its behalf, for `!`. */
export type RequestLog = {
  /** `what` is `LIST pods`; status 0 = no answer. */
  add(entry: { verb: string; resource: string; path: string; status: number; ms: number }): void;
  counts(): RequestCounts;
  /** Grows with every entry. */
  version(): number;
};

const kept = 200;

export function createRequestLog(now: () => number = Date.now): RequestLog {
  const byVerb: Record<string, number> = {};
  const log: RequestCounts['log'][number][] = [];
  let total = 0;
  let failed = 0;
  let throttled = 0;
  return {
    add({ verb, resource, path, status, ms }) {
      total += 1;
      if (status === 0 || status >= 400) failed += 1;
      if (status === 429) throttled += 1;
      const name = resource === '' ? verb : `${verb} ${resource}`;
      byVerb[name] = (byVerb[name] ?? 0) + 1;
      log.push({ at: now(), verb: name, path, status, ms: Math.round(ms) });
      if (log.length > kept) log.shift();
    },
    counts: () => ({ total, failed, throttled, byVerb: { ...byVerb }, log: [...log] }),
    version: () => total,
  };
}
