import type { Asks } from '../model/asks.ts';
import type { PolicyAsks } from '../model/policies/policy-asks.ts';
import type { ObjectRef } from '../model/ref.ts';
import type { Cause, Evidence, Offer } from '../model/runbook-result.ts';
import type { Snapshot } from '../model/snapshot.ts';

export type { Cause, Confidence, Evidence } from '../model/runbook-result.ts';

/**
 * What to do about something that is wrong: steps that look, ask, tell or act, from a finding or a symptom to the cause.
 * One file each. Looking changes nothing; what changes something is only ever offered.
 */
export type Runbook = {
  /** Its file's name: `agent-crash-loop`. */
  id: string;
  title: string;
  /** The question it answers, and what it rules out, for docs/runbooks.md: two or three sentences. */
  says: string;
  /** What Azure and its logs tell is part of the answer: the command asks them, unless somebody says not to. */
  asksAzure?: boolean;
  /** Findings of these checks lead here. */
  from: readonly string[];
  /** What it may be about. Absent: the cluster as a whole. */
  target?: Target;
  steps: readonly Step[];
};

export type Target = {
  /** Of the same words as ObjectRef: `Node`, `Pod`, `Namespace`, `Service`. */
  kinds: readonly string[];
  /** What it is about when nobody says: the likeliest first, none where nothing looks like it. */
  suspects(snapshot: Snapshot, now: number): readonly ObjectRef[];
  /** What a second target is, where two belong together: `where it connects to`. */
  second?: string;
};

export type Step = LookStep | AskStep | TellStep | OfferStep;

/** Looks by itself and moves on. */
export type LookStep = {
  type: 'look';
  /** Unique in the runbook, kebab-case: `last-words`. */
  id: string;
  /** What is looked at, a line: `the failing container's last words`. */
  title: string;
  /** "Not this" cannot be said when this one could not look. */
  decides?: boolean;
  /** How long it may take, ms; default 20 s. Then it could not look. */
  limitMs?: number;
  /** Why it is not worth looking now; '' = look. */
  skip?(now: RunState): string;
  /** What it throws (a UserError) is why it could not look; it is never taken for "nothing found". */
  look(now: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked>;
};

/** Asks the person at the keys; nobody at hand: `otherwise` is taken, and that is said. */
export type AskStep = {
  type: 'ask';
  id: string;
  title: string;
  choices(now: RunState): readonly { key: string; title: string }[];
  otherwise: string;
};

/** Says something that cannot be looked at from here, such as a path in the Azure portal. */
export type TellStep = { type: 'tell'; id: string; title: string; text(now: RunState): readonly string[] };

/** Changes that may help, once there is a cause: offered, each behind its own confirmation. */
export type OfferStep = { type: 'offer'; id: string; title: string; offers(now: RunState): readonly Offer[] };

/** What reading on demand a step may do. Every one of these only reads. */
export type LookAsks = Pick<
  Asks,
  'object' | 'agent' | 'drops' | 'logs' | 'events' | 'resources' | 'table' | 'certificates'
> & {
  azure: Pick<Asks['azure'], 'query'>;
  policies: Pick<PolicyAsks, 'verdict' | 'policy' | 'reach'>;
};

/** What is known when a step's turn comes. */
export type RunState = {
  snapshot: Snapshot;
  /** By the server's clock. */
  now: number;
  target: ObjectRef | undefined;
  /** What was named besides, such as where a pod connects to. */
  others: readonly ObjectRef[];
  /** What the steps before found, by id; those that could not look are absent. */
  found: ReadonlyMap<string, Looked>;
  answers: ReadonlyMap<string, string>;
  /** The likeliest cause so far. */
  cause: Cause | undefined;
};

export type Looked = {
  evidence: readonly Evidence[];
  /** What it may be, as far as this step can tell. */
  causes?: readonly Cause[];
  /** Ids of causes that cannot be, whatever other steps say. */
  ruledOut?: readonly string[];
  /** For later steps of the same runbook: what was read, in whatever form they want it. */
  value?: unknown;
  /** Looked, but not at everything: what is missing, a sentence. */
  missed?: string;
};
