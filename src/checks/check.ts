import type { Finding, Severity } from '../model/finding.ts';
import type { SourceId } from '../model/link.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** What can be wrong. One file each; pure: the same snapshot and `now` give the same findings. */
export type Check = {
  /** Path-like, equal to the file's path under checks/: `agents/crash-looping`. */
  id: string;
  title: string;
  /** Why it matters, for someone woken at three: at most three sentences. */
  why: string;
  severity: Severity;
  /** Sources that must be live for the answer to mean anything; one that is not → "not looked at", never green. */
  needs: readonly SourceId[];
  /**
   * Ids silenced by a finding of this check: `objects` = for the objects it names, `node` = for anything on the nodes
   * it names, `all` = everywhere. What is silenced is listed under the cause with its reach.
   */
  explains?: readonly { id: string; where: 'objects' | 'node' | 'all' }[];
  /** The objects prove nothing about how long it has been so (two lists disagree for a moment): the runner observes and re-reads the suspects before it reports. */
  transient?: boolean;
  find(snapshot: Snapshot, now: number): Finding[];
};
