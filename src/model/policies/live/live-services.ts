import { isDeepStrictEqual } from 'node:util';
import type { Snapshot } from '../../snapshot.ts';
import type { ServiceFacts } from '../facts.ts';
import { addressesOf, serviceFacts } from '../row-facts.ts';
import { createFollower, touchedRows } from './changed-rows.ts';

/** Services and what is behind them, brought up to date by what changed. */
export type LiveServices = { follow(snapshot: Snapshot): ServicesNow };

export type ServicesNow = {
  services: readonly ServiceFacts[];
  apiServers: readonly string[];
  /** Grows where more changed than which of a selector's pods are behind a service. */
  changes: number;
};

export function createLiveServices(): LiveServices {
  const follower = createFollower();
  const known = new Map<string, ServiceFacts>();
  let services: readonly ServiceFacts[] = [];
  let apiServers: readonly string[] = [];
  let changes = 0;

  return {
    follow({ tables }) {
      const rows = new Map(touchedRows(tables.services, follower.read(tables.services), known.keys()));
      const slices = follower.read(tables.endpointSlices);
      for (const { before, after } of slices.changes ?? []) {
        for (const slice of [before, after]) {
          const row = slice && tables.services.named(slice.namespace, slice.service);
          if (row) rows.set(row.uid, row);
        }
      }
      if (!slices.changes) for (const [uid, row] of tables.services.rows) rows.set(uid, row);
      let touched = false;
      for (const [uid, row] of rows) {
        const before = known.get(uid);
        const found = row && tables.endpointSlices.by('owner', `${row.namespace}/${row.name}`);
        const next = row && serviceFacts(row, found && found.length > 0 ? found : undefined);
        if (isDeepStrictEqual(before, next)) continue;
        touched = true;
        if (!isOnlyBehind(before, next)) changes += 1;
        if (next) known.set(uid, next);
        else known.delete(uid);
      }
      if (touched) services = [...known.values()];
      if (!slices.none) {
        const now = tables.endpointSlices.by('owner', 'default/kubernetes').flatMap(addressesOf);
        if (!isDeepStrictEqual(now, apiServers)) {
          apiServers = now;
          changes += 1;
        }
      }
      return { services, apiServers, changes };
    },
  };
}

/** Pods behind a service that selects them are known by their classes. */
function isOnlyBehind(before: ServiceFacts | undefined, after: ServiceFacts | undefined): boolean {
  if (!before || !after || Object.keys(after.selector).length === 0) return false;
  return isDeepStrictEqual({ ...before, backends: after.backends }, after);
}
