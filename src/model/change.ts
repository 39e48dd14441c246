import type { FactId, Facts } from './facts.ts';
import type { Judgement } from './finding.ts';
import type { Jobs } from './jobs.ts';
import type { KindId, Rows } from './kinds.ts';
import type { Link, SourceId } from './link.ts';
import type { LogSigns } from './log-signs.ts';
import type { PolicySummary } from './policies/policy-asks.ts';

/** The one road in: everything the screen knows arrived as one of these. Plain data; it crosses threads. */
export type Change =
  | PutChange
  | { type: 'remove'; kind: KindId; uids: readonly string[]; at: number }
  /** All rows of a source are void (forbidden, kind no longer served): they must not be shown as live. */
  | { type: 'clear'; source: SourceId; kind: KindId; at: number }
  | { type: 'link'; source: SourceId; link: Link }
  | { type: 'cluster'; cluster: Partial<ClusterFacts> }
  | FactChange
  | { type: 'requests'; requests: RequestCounts }
  | { type: 'judgement'; judgement: Judgement }
  | { type: 'jobs'; jobs: Jobs }
  | { type: 'logSigns'; logSigns: LogSigns }
  /** What is known of policies, of those for which it differs; `remove` names them by policyKey. `revision`: see Snapshot. */
  | { type: 'policies'; put: readonly PolicySummary[]; remove: readonly string[]; revision: number }
  /** Another cluster from here on: forget every row. `epoch` grows; changes of an older epoch are dropped. */
  | { type: 'reset'; epoch: number; cluster: ClusterFacts };

/** A fact, how its source is doing, or both. `void`: what was known must not be shown any longer. */
export type FactChange = {
  [K in FactId]: { type: 'fact'; fact: K; link?: Link; value?: Facts[K]; at: number; void?: true };
}[FactId];

export type PutChange = { [K in KindId]: { type: 'put'; kind: K; rows: readonly Rows[K][]; at: number } }[KindId];

/** What is known of the connection itself. */
export type ClusterFacts = {
  context: string;
  server: string;
  /** What the kubeconfig calls the cluster; '' or absent where it has no name. */
  clusterName?: string;
  /** e.g. `v1.34.2`; '' until the server told. */
  kubernetesVersion: string;
  user: string;
  namespace: string;
  /** Round trip of the last small request, ms; 0 until known. */
  latency: number;
  /** By how much the server's clock is ahead of this machine's, ms; 0 or absent = they agree within some seconds. */
  skew?: number;
  /** Nobody has pressed a key for long: only watches run. */
  resting?: boolean;
  /** TLS is not verified because the kubeconfig says so: shown permanently. */
  insecure: boolean;
  /** What the person at the screen must know of it: what a credential plugin says while it runs (a code to type, say); '' = nothing. */
  notice?: string;
};

/** What this program asked of the server, for `!`. */
export type RequestCounts = {
  total: number;
  failed: number;
  throttled: number;
  /** `GET pods`, `LIST ciliumendpoints`, `WATCH nodes` … → count. */
  byVerb: Readonly<Record<string, number>>;
  /** The newest last; at most 200. */
  log: readonly { at: number; verb: string; path: string; status: number; ms: number }[];
  /** Commands in containers; absent where none was run yet. */
  commands?: RunningCommands;
};

/** Commands that this program runs in containers, and what still waits in line for a place. */
export type RunningCommands = {
  atOnce: number;
  running: readonly { title: string; since: number }[];
  waiting: number;
  /** Since the program began: how many, and how many at most at once. */
  total: number;
  most: number;
};
