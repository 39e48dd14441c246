import type { AgentAnswers, AgentQuestion, AskedAgent, DropEvent } from './agent-says/agent-says.ts';
import type { AuditStory } from './audit-story.ts';
import type { AzureAsks } from './azure/azure-asks.ts';
import type { LagSample } from './lag-sample.ts';
import type { HeldRights, NeededRight } from './needed-right.ts';
import type { ObjectRef } from './ref.ts';
import type { TruthResult, TruthTarget } from './truth/truth.ts';

/** A kind of the server, by discovery. */
export type ApiResource = {
  group: string;
  version: string;
  kind: string;
  plural: string;
  singular: string;
  shortNames: readonly string[];
  namespaced: boolean;
  verbs: readonly string[];
};

/** One row of the server's own Table answer. `cells` are sanitised text. */
export type ServerRow = { uid: string; namespace: string; name: string; cells: readonly string[]; created: number };
export type ServerTable =
  | { type: 'columns'; columns: readonly { name: string; wide: boolean; number: boolean }[] }
  | { type: 'put'; rows: readonly ServerRow[] }
  | { type: 'remove'; uids: readonly string[] }
  | {
      type: 'phase';
      phase: 'loading' | 'live' | 'stale' | 'forbidden' | 'missing' | 'failed';
      /** When the server was last heard; 0 = never. */
      heard: number;
      problem?: string;
    };

export type LogRequest = {
  namespace: string;
  pod: string;
  container: string;
  previous?: boolean;
  follow?: boolean;
  tailLines?: number;
  sinceSeconds?: number;
};
/**
 * Lines are sanitised; `gap` says that lines are missing and why (dropped, reconnected); `end` why the stream ended.
 * Of a container's log `at` tells when the node wrote each line, ms (0 = not said), and `known` which of the lines are
 * one of the known patterns (model/log-patterns), by their place here; of a flow, its verdict where it stands out. Both are
 * absent from what is no flow.
 */
export type LogEvent =
  | {
      type: 'lines';
      lines: readonly string[];
      at?: readonly number[];
      known?: readonly { place: number; pattern: string }[];
    }
  | { type: 'gap'; text: string }
  | { type: 'end'; text: string };

/** Of one certificate: the entry of the Secret it stands in (`tls.crt`), whose it is, ms since 1970. Texts are sanitised. */
export type CertificateDates = {
  entry: string;
  subject: string;
  issuer: string;
  notBefore: number;
  notAfter: number;
};

/**
 * Reading on demand. Every one of these only reads (GET, watch, and exec of an allow-list of commands that read).
 * All reject with a UserError-shaped message; all stop when `signal` aborts.
 */
export type Asks = {
  /** The object as the server has it: opaque, never sanitised here. Sanitise what you draw. */
  object(
    resource: { group: string; version: string; plural: string },
    namespace: string,
    name: string,
    signal: AbortSignal,
  ): Promise<unknown>;
  /**
   * Every object of a kind that the selectors choose, as the server has them: opaque, one list of pages. For what is not
   * watched, or must be read whole: the pods of a node, disruption budgets.
   */
  objects(
    resource: { group: string; version: string; plural: string },
    scope: { namespace?: string; labelSelector?: string; fieldSelector?: string },
    signal: AbortSignal,
  ): Promise<readonly unknown[]>;
  /** All kinds the server serves, by discovery (cached for a minute). */
  resources(signal: AbortSignal): Promise<readonly ApiResource[]>;
  /** A live table of any kind by the server's own columns. */
  table(
    resource: ApiResource,
    scope: { namespace?: string; labelSelector?: string; fieldSelector?: string },
    signal: AbortSignal,
  ): AsyncIterable<ServerTable>;
  logs(request: LogRequest, signal: AbortSignal): AsyncIterable<LogEvent>;
  /**
   * What an agent answers, read and bounded where the command ran: a command in its container, within the budget, 15 s and
   * 8 MB. Rejects with a UserError, too, where the answer is in no known form.
   */
  agent<Q extends keyof AgentAnswers>(
    agent: AskedAgent,
    question: AgentQuestion<Q>,
    signal: AbortSignal,
  ): Promise<AgentAnswers[Q]>;
  /**
   * Packets that an agent drops, until `signal` aborts; counts as one of the commands that may run at once, and whoever
   * comes too late waits in line.
   */
  drops(agent: AskedAgent, signal: AbortSignal): AsyncIterable<DropEvent>;
  /** Flows as the agent's own Hubble tells them, a line each, until `signal` aborts; `only` = of this verdict, '' = all. */
  flows(agent: AskedAgent, only: '' | 'DROPPED', signal: AbortSignal): AsyncIterable<LogEvent>;
  /**
   * Holds what is realised for a pod or on a node against what is intended, within the budget of commands; what it found
   * arrives as the fact `truth`, too. Takes some seconds: what differs is looked at twice.
   */
  truthCheck(target: TruthTarget, signal: AbortSignal): Promise<TruthResult>;
  /** Which of the newest pods some nodes know, by their ipcache: a command each, three at most. */
  lagSample(signal: AbortSignal): Promise<LagSample>;
  /**
   * Until when the certificates in a Secret of type kubernetes.io/tls hold. Nothing else of the Secret is kept, told or
   * shown; only asked for on a person's word. Rejects where Secrets may not be read.
   */
  certificates(namespace: string, name: string, signal: AbortSignal): Promise<readonly CertificateDates[]>;
  /** Events about one object, newest last. */
  events(
    ref: ObjectRef,
    signal: AbortSignal,
  ): Promise<readonly { at: number; type: string; reason: string; message: string; count: number; from: string }[]>;
  /** A copy of plain data that is to leave the house, without what looks like a secret. */
  redact(value: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<unknown>;
  /** The youngest changes and commands on record, of every session on this machine; the oldest of them first. */
  audit(): Promise<readonly AuditStory[]>;
  /** The contexts of the kubeconfig: `name` as it stands there, to be used but never drawn; the rest is sanitised. */
  contexts(): Promise<
    readonly { name: string; title: string; cluster: string; user: string; namespace: string; current: boolean }[]
  >;
  /** Another cluster, by the context's true name, from now on. Rows of the old one are gone before this resolves. */
  useContext(name: string): Promise<void>;
  /** What we may do of all that is read, and of `writing`; asks the server, changes nothing. */
  rights(writing: readonly NeededRight[], signal: AbortSignal): Promise<HeldRights>;
  azure: AzureAsks;
  /** Lists one watched source anew, on the user's word only. */
  relist(source: string): Promise<void>;
};
