import type { ObjectRef } from './ref.ts';

/** Something that changed, back-filled on connect or seen live. */
export type TimelineEntry = {
  /** Stays the same while more is folded into the entry; left out where nothing ever is. */
  id?: string;
  at: number;
  /** created, edited, deleted, rollout, restarted, ready, not-ready, tainted, untainted, lease, upgraded, cordoned, event … one word. */
  what: string;
  object: ObjectRef;
  /** More objects of which the same is told, at most 500. */
  others?: readonly ObjectRef[];
  /** `spec.egress`, `revision 12 → 13`, `NodeNotReady`. */
  detail: string;
  /** Manager or component; '' when unknown. */
  who: string;
  /** How many like it were folded into this one. */
  count: number;
  /** Seen by our watch, or read from the object's own history. */
  live: boolean;
};

export type Timeline = {
  /** Newest first, at most 2,000. */
  entries: readonly TimelineEntry[];
  /** Deletions before this are unseen (when we connected). */
  watchedSince: number;
  /** The oldest moment told of. */
  tellsSince: number;
};
