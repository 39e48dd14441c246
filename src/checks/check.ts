import type { FactId } from '../model/facts.ts';
import type { Finding, Severity } from '../model/finding.ts';
import type { KindId } from '../model/kinds.ts';
import type { SourceId } from '../model/link.ts';
import type { ObjectRef } from '../model/ref.ts';
import type { Snapshot } from '../model/snapshot.ts';

/**
 * What can be wrong. One file each; pure: the same snapshot and `now` give the same answer. A check works in two steps
 * so that the runner can stand between them: `look` names every single thing that seems wrong, the runner takes out
 * what has not stood long enough and what a cause explains, `tell` puts the rest into words.
 */
export type Check<S extends Suspect = Suspect> = {
  /** Path-like, equal to the file's path under checks/: `agents/crash-looping`. */
  id: string;
  title: string;
  /** Why it matters, for someone woken at three: at most three sentences. */
  why: string;
  severity: Severity;
  /** Sources that must be live for the answer to mean anything; one that is not → "not looked at", never green. */
  needs: readonly (SourceId | FactId)[];
  /** Of `needs`, those of which a row that is seen is evidence, whatever the rest of its list will bring. */
  seenIsEnough?: readonly SourceId[];
  /** Judges by the server's version: while that is not known, nothing is looked at. */
  needsVersion?: boolean;
  /** Used when they are there, not missed when they are not: a change in one of these looks again too. */
  uses?: readonly (SourceId | FactId)[];
  /** Of `needs`, the kinds that some clusters do not serve: there are none then, which is an answer. */
  noneIfMissing?: readonly SourceId[];
  /** Of `needs`, those waited for while they arrive, and done without where they may not be read. */
  goesWithout?: readonly SourceId[];
  explains?: readonly Explains[];
  /** Checks of one family show one trouble in several ways: what they find is told together, behind the first of them. */
  family?: string;
  /** Ids that are told beside this one but are likely its effects: within a severity they stand after it. */
  leads?: readonly string[];
  /**
   * How long a suspect must have stood before it is a finding, in ms. Counted from `since` where the objects say when
   * it began; otherwise the runner observes (the console 60 s, `check` its --settle) and re-reads. Absent: at once.
   */
  graceMs?: number;
  /** The answer changes with time alone (a lease nobody renews): looked at again although no table changed. */
  clock?: boolean;
  /** Looking is dear on a large cluster: at most once in so many ms. */
  everyMs?: number;
  /** Each namespace is judged by itself, so that one alone may be; that the others were not is said. */
  perNamespace?: boolean;
  /** Why nothing can be said of this cluster although all it needs was read; '' where it can. */
  cannot?(snapshot: Snapshot, now: number): string;
  /** Means something also where the network is not Cilium. */
  anyNetwork?: boolean;
  look(snapshot: Snapshot, now: number): readonly S[];
  /** Never called with none. One telling per group a reader would treat as one problem. */
  tell(suspects: readonly S[], snapshot: Snapshot, now: number): readonly Telling[];
};

/** One single thing that seems wrong. */
export type Suspect = {
  object: ObjectRef;
  /** The node it sits on, which a cause on that node explains. */
  node?: string;
  /** Several of them, where it takes all of these to explain it. */
  onNodes?: readonly string[];
  /** When it began by the objects' own timestamps; absent where two lists merely disagree. */
  since?: number;
  /** When, by the objects' own timestamps, what disagrees last changed: it cannot have begun before, and hardly much later. */
  began?: number;
  /** Every object concerned has long stood as it is, only our own view may be a moment behind: watching this long, in ms, is enough. */
  watchMs?: number;
  /** Tells two suspects of one check on one object apart. */
  key?: string;
  /** The objects to GET once more before anyone is told. */
  reread?: readonly { kind: KindId; namespace: string; name: string }[];
};

/**
 * An id silenced by this check: `objects` = where it suspects an object this check suspects too, `node` = on the nodes
 * of this check's suspects, `all` = everywhere. What is silenced is listed under the cause with its reach. `onlyAfter`:
 * what by its own objects was so before the cause began has another one.
 */
export type Explains = { id: string; where: 'objects' | 'node' | 'all'; onlyAfter?: boolean };

/** A finding in the check's words; the runner adds the id, and the severity where the check does not differ. */
export type Telling = Omit<Finding, 'id' | 'severity' | 'explains'> & { severity?: Severity };
