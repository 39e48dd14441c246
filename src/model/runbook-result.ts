import type { Judgement } from './finding.ts';
import type { ObjectRef } from './ref.ts';
import type { TimelineEntry } from './timeline.ts';

/** Runs of runbooks: what is asked, what is told on the way, and what it came to. All of it plain data that crosses threads. */
export type RunbookAsks = {
  /**
   * Looks step by step where the snapshot is, and tells each step. A question is answered by what is sent back with the
   * next pull; nothing sent back: nobody is at hand, and its `otherwise` is taken. Ends with `ended`. Rejects with a
   * UserError where there is nothing to run it on, and when another cluster is watched meanwhile.
   */
  runbook(request: RunbookRequest, signal: AbortSignal): AsyncGenerator<RunbookNews, void, string | undefined>;
  /** By id, how many things each runbook that has a target could be about. */
  suspects(signal: AbortSignal): Promise<Readonly<Record<string, number>>>;
};

export type RunbookRequest = {
  id: string;
  /** What it is about, as typed: `Pod/shop/web-0`, then what else; none = the likeliest suspect. */
  targets: readonly string[];
  /** What whoever asks has watched happen: the worker keeps no timeline. */
  timeline: readonly TimelineEntry[];
  /** Instead of the worker's own, which waits longer than a command does. */
  judgement?: Judgement;
  /** Whatever was not looked at by then is not looked at, ms; absent: only each step has its limit. */
  limitMs?: number;
};

export type RunbookNews =
  /** What it is about, and what else looks like it (the likeliest first). */
  | { type: 'about'; target: ObjectRef | undefined; suspects: readonly ObjectRef[] }
  | { type: 'begins'; step: string; title: string }
  | { type: 'asks'; title: string; choices: readonly { key: string; title: string }[] }
  | { type: 'step'; result: StepResult }
  | { type: 'ended'; result: RunbookResult };

export type StepResult = {
  id: string;
  type: 'look' | 'ask' | 'tell' | 'offer';
  title: string;
  /** A step that looked has `found` (it speaks for a cause), `against` or `nothing`. */
  result: 'found' | 'against' | 'nothing' | 'not-looked' | 'skipped' | 'told' | 'answered' | 'offered';
  evidence: readonly Evidence[];
  /** Why it was skipped, could not look or what it missed; what was answered or told; ''. */
  text: string;
  /** What an offering step offers. */
  offers: readonly Offer[];
};

export type RunbookResult = {
  id: string;
  target: ObjectRef | undefined;
  outcome: 'cause' | 'not-this' | 'unknown';
  /** The likeliest one. */
  cause: Cause | undefined;
  /** What else fits, the likeliest first. */
  others: readonly Cause[];
  steps: readonly StepResult[];
  notLookedAt: readonly { id: string; reason: string }[];
};

/** One thing that was seen. Text is sanitised and names object, number and time. */
export type Evidence = {
  /** For or against what the runbook asks. */
  speaks: 'for' | 'against' | 'neither';
  text: string;
  /** Where it was seen: `pod status`, `exec cilium-dbg status`, `log of mount-bpf-fs, the run before`, `KQL denied-now`. */
  source: string;
  object?: ObjectRef;
};

export type Cause = {
  /** kebab-case, of this runbook: two steps that mean the same cause give the same id. */
  id: string;
  /** One sentence with its names and numbers. */
  text: string;
  confidence: Confidence;
  objects: readonly ObjectRef[];
  /** What to do, one sentence; where AKS reverts or forbids it, what is possible instead. */
  next: string;
};

/** `certain`: seen directly. `likely`: nothing else fits what was seen. `possible`: fits, and so do others. */
export type Confidence = 'certain' | 'likely' | 'possible';

/** A change that may help, ready to be planned: whoever shows it does not know what it is about. */
export type Offer = {
  /** `restart the agent on aks-np2-…0004`. */
  title: string;
  /** Id of the action. */
  action: string;
  /** What the action is about; only the action itself looks into it. */
  target: unknown;
  /** Why it cannot be done here, and what is possible instead; '' = it can. */
  refusal: string;
};
