import type { ClusterFacts, RequestCounts } from './change.ts';
import type { Churn } from './churn.ts';
import type { Judgement } from './finding.ts';
import type { KindId, Rows } from './kinds.ts';
import type { Link, SourceId } from './link.ts';
import type { Table } from './table.ts';
import type { Timeline } from './timeline.ts';

/**
 * Everything we know, at one moment. The only input of checks and screens. The object is new after every batch; the
 * tables inside it are the same ones, changed in place (copying 100,000 rows for one change is out of the question),
 * so whoever keeps a derived value compares `table.version`.
 */
export type Snapshot = {
  /** Grows with every context switch. */
  epoch: number;
  cluster: ClusterFacts;
  tables: { readonly [K in KindId]: Table<Rows[K]> };
  links: ReadonlyMap<SourceId, Link>;
  requests: RequestCounts;
  judgement: Judgement;
  churn: Churn;
  timeline: Timeline;
};
