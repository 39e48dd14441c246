import type { ObjectRef } from './ref.ts';

/** Something that changed, back-filled on connect or seen live. */
export type TimelineEntry = {
  /** Stays the same while more is folded into the entry; left out where nothing ever is. */
  id?: string;
  /** When it began: what goes on and on stays there, and does not push out what came after it. */
  at: number;
  /** When it was last heard of, where it went on after it began. */
  last?: number;
  /** created, edited, deleted, replaced, rollout, scaled, restarted, ready, not-ready, tainted, lease, cordoned, event … one word. */
  what: string;
  object: ObjectRef;
  /** More objects of which the same is told, at most 500. */
  others?: readonly ObjectRef[];
  /** The one workload whose pods these are. */
  owner?: ObjectRef;
  /** The nodes it happened on, where that is known; at most 500. */
  nodes?: readonly string[];
  /** `spec.egress`, `revision 12 → 13`, `NodeNotReady`. */
  detail: string;
  /** Manager or component; '' when unknown. */
  who: string;
  /** How many like it were folded into this one. */
  count: number;
  /** Seen by our watch, or read from the object's own history. */
  live: boolean;
  /** From Azure, and late by nature: minutes after it happened. */
  origin?: 'activity log' | 'audit log';
};

export type Timeline = {
  /** Newest first, at most 2,000; and 200 that began before those and went on. */
  entries: readonly TimelineEntry[];
  /** Deletions before this are unseen (when we connected). */
  watchedSince: number;
  /** The audit log knows who deleted what in this time; what is younger than `until` may be on its way. */
  audited?: { from: number; until: number };
  /** From here on all is told; of what came before only what went on until then. */
  tellsSince: number;
};
