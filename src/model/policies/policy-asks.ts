import type { RawObject } from '../objects/row.ts';
import type { AskedPort } from './asked-ports.ts';
import type { Verdict } from './direction-verdict.ts';
import type { Cell } from './map.ts';
import type { Direction, PolicyRef, Protocol } from './rule.ts';

/**
 * What screens ask of the policy index, which stands where the connections are. All answers are plain data, sanitised
 * and fit to be drawn; all are computed at once from what is known now, in turns that let the watches through. They
 * reject with a UserError-shaped message where an end cannot be found; all stop when `signal` aborts.
 */
export type PolicyAsks = {
  /** May A talk to B, why, and what would let it? */
  verdict(question: NamedQuestion, signal: AbortSignal): Promise<VerdictReport>;
  /** A policy in plain sentences, whom it selects and isolates, what is wrong with it. */
  policy(ref: PolicyRef, signal: AbortSignal): Promise<PolicyReport>;
  /** Workloads and entities that may open a connection to the end (`ingress`), or that it may connect to (`egress`). */
  reach(end: string, direction: Direction, signal: AbortSignal): Promise<ReachReport>;
  /** Namespace by namespace; `only` = the rows and columns of one, '' = all. */
  map(only: string, signal: AbortSignal): Promise<MapReport>;
  /** The pairs of workloads behind one cell of the map, those that are not allowed first. */
  cell(from: string, to: string, signal: AbortSignal): Promise<CellReport>;
  /** What would become of the cluster with these policies put (new or in the place of their namesakes) and removed. */
  whatIf(draft: Draft, signal: AbortSignal): Promise<WhatIfReport>;
  /** Names that could stand for an end that begins so: `shop/ch` → `shop/checkout`. At most 50. */
  ends(typed: string, signal: AbortSignal): Promise<readonly string[]>;
};

/**
 * Ends as people name them: `shop/db` (a pod, a workload or a service, looked for in this order; `svc/shop/db` and the
 * like where it matters; a name alone where only one namespace has it), `10.1.2.3`, `entity:world`, `fqdn:example.com`.
 * Port 0 = the target's own ports; of ICMP, whose types have no ports, an echo request.
 */
export type NamedQuestion = { from: string; to: string; port: number; protocol: Protocol };

export type SideReport = {
  verdict: Verdict;
  /** In a few words for a column: `default deny`, `allowed by rule`, `not isolated`. */
  reason: string;
  /** The rules that decided: policy, path in it, and the rule as a sentence. */
  rules: readonly RuleReport[];
  /** Policies that isolate this end in this direction. */
  isolating: readonly PolicyRef[];
  /** Allow rules that lacked one thing, and what, as sentences; the nearest first. */
  nearMisses: readonly (RuleReport & { miss: string })[];
  /** Why it is not known, a sentence each. */
  doubts: readonly string[];
};
export type RuleReport = { policy: PolicyRef; path: string; text: string };

export type VerdictReport = {
  /** As found: `pod shop/checkout-7d…`, `3 pods of Deployment shop/checkout`. */
  from: string;
  to: string;
  /** One entry for each port and each group of pods that is treated alike; those that are not allowed first. */
  answers: readonly PairReport[];
  /** When it was computed, by the server's clock. */
  at: number;
  /** What the answer rests on and could not be looked at, a sentence each; empty = everything was read. */
  unread: readonly string[];
};
export type PairReport = {
  from: string;
  to: string;
  /** How many pods each stands for; 0 = not pods. */
  pods: readonly [number, number];
  port: AskedPort;
  verdict: Verdict;
  egress: SideReport;
  ingress: SideReport;
  /** `HTTP is looked at by a proxy` …; '' = layers 3 and 4 only. */
  l7: string;
  notes: readonly string[];
  /** The smallest changes that would allow it, as policies ready to be applied; empty where it is allowed or unknown. */
  mend: readonly Mend[];
  /** Verdicts before policies were changed under our eyes, the newest first: `≈` of now's pods under then's policies. */
  earlier: readonly { before: number; policy: PolicyRef; verdict: Verdict }[];
};
/**
 * `objects` are whole ones, new or in the place of their namesakes; `yaml` is the same as text, a document each. `what`
 * says it in a sentence: `adds a rule of its own to CiliumNetworkPolicy pay/api, whose ingress[0] wants app=web (it has
 * back); opens …`.
 */
export type Mend = {
  what: string;
  yaml: string;
  objects: readonly RawObject[];
  /** Where all of it is one rule more in a policy that is there: put at the end of the list `at` (`spec.ingress`). */
  adds?: { ref: PolicyRef; at: string; rule: RawObject };
};

export type PolicySummary = {
  ref: PolicyRef;
  /** Pods it selects; −1 = not known. */
  selects: number;
  /** Of these, pods that it isolates. */
  isolates: Readonly<Record<Direction, number>>;
  inForce: 'yes' | 'no' | 'unknown';
  /** Why not, or why nobody knows; '' where it is in force. */
  why: string;
};
export type PolicyReport = PolicySummary & {
  /** Whom it is about, a part of it each: `pods app=db in namespace shop`. */
  about: readonly string[];
  /** The rules in plain sentences, in the order written. */
  rules: readonly { path: string; direction: Direction; text: string }[];
  /** Whom it selects, by workload. */
  subjects: readonly { kind: string; namespace: string; name: string; pods: number }[];
  findings: readonly { id: string; severity: 'error' | 'warning' | 'note'; path: string; text: string; next: string }[];
  /** As it stood before each change seen while we watched, the newest first; `by` = the manager that wrote what followed. */
  earlier: readonly { until: number; by: string; rules: readonly { path: string; text: string }[] }[];
};

export type ReachReport = {
  end: string;
  direction: Direction;
  rows: readonly {
    kind: string;
    namespace: string;
    name: string;
    pods: number;
    port: AskedPort;
    verdict: Verdict;
    /** `CNP shop/db ingress[0]`, `default deny by CNP shop/deny-all`; '' where nothing decides. */
    decidedBy: string;
  }[];
  at: number;
};

/**
 * `rows[i][j]` is what namespace i may reach of namespace j, a letter each: 250,000 objects would keep the screen's thread
 * busy for longer than a frame.
 */
export type MapReport = { namespaces: readonly string[]; rows: readonly string[]; at: number };
/** The letters of a MapReport; `-` where there are no two pods to ask about. */
export const cellLetters = { allow: 'a', partly: 'p', deny: 'd', unknown: 'u' } as const satisfies Record<
  Cell['verdict'],
  string
>;

/** The ends of its pairs are named as a NamedQuestion takes them. */
export type CellReport = {
  from: string;
  to: string;
  pairs: readonly { from: string; to: string; pods: readonly [number, number]; port: AskedPort; verdict: Verdict }[];
  at: number;
};

/** Objects as they would be written: opaque, as the server or a person gave them. */
export type Draft = { put: readonly RawObject[]; remove: readonly PolicyRef[] };

export type PairChange = {
  from: string;
  to: string;
  pods: readonly [number, number];
  port: AskedPort;
  before: Verdict;
  after: Verdict;
};
/** How many pairs these are, whatever the ports. */
export function countPairs(changes: readonly PairChange[]): number {
  return new Set(changes.map(({ from, to }) => `${from}|${to}`)).size;
}

export type WhatIfReport = {
  /** On the ports that pods declare; of pods that declare none on every port that a policy names. */
  pairs: readonly PairChange[];
  /** With nodes, the API server and the world at one end. */
  outside: readonly PairChange[];
  /** On ports that a changed rule is about and nobody declares there; of pairs that differ not alike on a declared one. */
  undeclared: readonly PairChange[];
  /** Pairs of workloads whose verdict is the same on every port asked. */
  unchanged: number;
  /** What is wrong with the drafts. */
  findings: readonly (PolicyReport['findings'][number] & { policy: PolicyRef })[];
  /** What the change does for each draft: whom it selects and isolates now. */
  summaries: readonly PolicySummary[];
  at: number;
};
