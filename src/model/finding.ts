import { type ObjectRef, refKey } from './ref.ts';

export type Severity = 'error' | 'warning' | 'note';

/** Something wrong, as every reader gets it: the console, `check --json`, a replayed recording. */
export type Finding = {
  /** The check's id: `agents/crash-looping`. */
  id: string;
  severity: Severity;
  /** What is wrong, in one line, with its numbers: `2 of 12 agents crash-loop in init mount-bpf-fs`. */
  title: string;
  objects: readonly ObjectRef[];
  /** What we saw, a fact a line, with object and time. */
  evidence: readonly string[];
  /** When it began, where that can be known. */
  since?: number;
  /** How far it reaches, short: `2 nodes`, `38 pods`. */
  reach: string;
  /** What to do next, one sentence. */
  next: string;
  /** What it reaches, counted with all that it explains: within a severity the greater stands first. */
  impact?: Impact;
  /** When this session first told of it. */
  told?: number;
  /** Another way in which the trouble of that finding shows, which stands before it: its key. */
  beside?: string;
  /** What this finding explains and therefore silences: one line each (title and reach). */
  explains?: readonly Explained[];
};

export type Impact = {
  nodes: number;
  pods: number;
  /** Dropped packets, a second. */
  drops: number;
};

/** Names a finding between two judgements: its check and the first object it speaks of. */
export function findingKey({ id, objects: [first] }: Pick<Finding, 'id' | 'objects'>): string {
  return first === undefined ? id : `${id}|${refKey(first)}`;
}

export type Explained = {
  id: string;
  title: string;
  reach: string;
  /** How many objects it is in each namespace; left out where they are in none. */
  within?: readonly { namespace: string; count: number }[];
  /** What kind they are, where they are of one. */
  kind?: string;
};

/** `at`: when it was first seen to be over. */
export type Cleared = { finding: Finding; at: number };

/** A check that could not look, or only at one namespace, and why. Never drawn green. */
export type NotLookedAt = { id: string; reason: string };

/** What one check suspects but does not yet tell. */
export type Waiting = {
  id: string;
  title: string;
  /** One of them. */
  object: ObjectRef;
  count: number;
  /** When the first of them is told if it stays, in ms since 1970. */
  knownAt: number;
};

/** The verdict as a whole. */
export type Judgement = {
  findings: readonly Finding[];
  notLookedAt: readonly NotLookedAt[];
  /** Those that need what nobody wanted to be asked for. They are not among the others. */
  notAsked: readonly NotLookedAt[];
  /** How many checks looked, of how many that were to; those that looked at one namespace alone are among them. */
  looked: number;
  of: number;
  /** Suspects that have not stood long enough to be findings, a check each; without those that began within the last seconds. */
  waiting: readonly Waiting[];
  /** What was wrong and is no longer, the latest first: only what a check looked at again and did not find. */
  cleared: readonly Cleared[];
  /** Since when these checks judge this cluster: what was told then was found standing. */
  since: number;
  at: number;
};
