import type { Road } from '../actions/road.ts';
import type { Asks } from '../model/asks.ts';
import type { PolicyAsks } from '../model/policies/policy-asks.ts';
import type { RunbookAsks } from '../model/runbook-result.ts';
import type { Store } from '../state/store.ts';
import type { QueryDesk } from './query-desk.ts';

/** What every screen of this program receives, next to the toolkit's Frame. Stable for the whole session. */
export type PaneProps = Readonly<{
  store: Pick<Store, 'get' | 'subscribe'>;
  asks: Asks & RunbookAsks;
  /** The only way to change anything: see act.tsx. */
  road: Road;
  policies: PolicyAsks;
  /** Queries: what KQL means, what was asked before, where results are written. */
  desk: QueryDesk;
  /** The server's clock, ms since 1970: objects are dated by it. Screens read it when they draw (see use-now.ts). */
  now(): number;
}>;
