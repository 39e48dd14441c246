import type { KindId } from './kinds.ts';

/** A watched kind, or the part of one that is asked for on its own. */
export type SourceId = KindId | 'systemPods';

/** How one source is doing. Nothing on the screen is called live unless its link says so. */
export type Link = {
  /**
   * connecting: asked, nothing yet · loading: pages arrive · live: in step · stale: read to the end once, rows kept,
   * connection lost · forbidden / missing (kind not served): no rows · failed: none, or only the first `loaded` of
   * them, so that nothing follows from what is not there. `problem` says why.
   */
  phase: 'connecting' | 'loading' | 'live' | 'stale' | 'forbidden' | 'missing' | 'failed';
  /** When we last heard from it; bookmarks count. 0 = never. */
  heard: number;
  /** One clear sentence: what, and what to try. Sanitised. */
  problem?: string;
  /** Live, but only of this namespace: more may not be listed. What is elsewhere is not known. */
  only?: string;
  /** Rows so far, while loading or where that failed half-way; the server's estimate of all. */
  loaded?: number;
  expected?: number;
  /** When the next attempt is due, while waiting (429, back-off). */
  retryAt?: number;
};
