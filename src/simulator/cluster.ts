// Where the simulator's two halves meet: the API server (protocol) is handed a Cluster (a world that lives).

import type { Shelf } from './shelf.ts';

/** An object as it goes over the wire. */
export type KubeObject = {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    generateName?: string;
    uid?: string;
    resourceVersion?: string;
    generation?: number;
    creationTimestamp?: string;
    deletionTimestamp?: string;
    deletionGracePeriodSeconds?: number;
    finalizers?: string[];
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: {
      apiVersion: string;
      kind: string;
      name: string;
      uid: string;
      controller?: boolean;
      blockOwnerDeletion?: boolean;
    }[];
    managedFields?: unknown[];
  };
  [field: string]: unknown;
};

/** A served kind. `columns` are those of `kubectl get`, with a cell made from the object. */
export type ResourceType = {
  group: string;
  /** Served version; a kind served in two versions has two entries and `storedAs` names the other. */
  version: string;
  /** Objects of this entry are kept as those of another group and version (events.k8s.io as core, v2alpha1 as v2). */
  storedAs?: { group: string; version: string };
  kind: string;
  plural: string;
  singular: string;
  shortNames: readonly string[];
  categories?: readonly string[];
  namespaced: boolean;
  subresources: readonly string[];
  columns: readonly {
    name: string;
    type: string;
    format?: string;
    description?: string;
    priority?: number;
    cell(object: KubeObject, now: number): unknown;
  }[];
  /** True for kinds that came by a CustomResourceDefinition: no strategic merge patch, keys sorted on the wire, schema validation. */
  custom: boolean;
  schema?: unknown;
};

/** A change as the store tells it. `object` and `previous` may be parsed as they are read: ask `key` first. */
export type StoreEvent = {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  resource: ResourceType;
  /** namespace/name, or /name at the cluster scope. */
  key: string;
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
  /** Who wrote it, by the name they manage fields under; '' where nobody in particular did. */
  manager: string;
  version: number;
  /** As it lies on the shelf. */
  text: string;
};

/**
 * The objects, with their versions and a bounded history. Objects are kept as JSON text (a parsed object costs five
 * times as much, and 200,000 of them must fit in 2 GiB): `get` and `list` parse, so a controller keeps its own compact
 * state and reads objects only where it must.
 */
export type ObjectStore = {
  readonly version: number;
  resource(group: string, version: string, plural: string): ResourceType | undefined;
  resourceOf(kind: string): ResourceType;
  resources(): readonly ResourceType[];
  get(kind: string, namespace: string, name: string): KubeObject | undefined;
  list(kind: string, namespace?: string): KubeObject[];
  count(kind: string): number;
  /**
   * Stamps uid, resourceVersion and, where absent, creationTimestamp and managedFields (as of the creationTimestamp).
   * Throws ApiError (409) when it exists.
   */
  create(object: KubeObject, manager: string): KubeObject;
  /** Stamps resourceVersion and managedFields; grows generation when the spec changed. Throws ApiError (404, 409). */
  update(
    object: KubeObject,
    manager: string,
    subresource?: string,
    /** The managedFields a server-side apply worked out; everybody else's follow from what changed. */
    applied?: readonly unknown[],
  ): KubeObject;
  /**
   * As `update`, for one who has just read the object and knows who owns its fields: `managed` is its managedFields from
   * now on, and nothing is compared. Throws ApiError (404; 409 where it is not the version that is stored).
   */
  rewrite(object: KubeObject, subresource: string, managed: readonly unknown[]): KubeObject;
  /** What `update` would make of it, without storing it: for a dry run. */
  preview(object: KubeObject, manager: string, subresource?: string, applied?: readonly unknown[]): KubeObject;
  remove(kind: string, namespace: string, name: string): void;
  /**
   * Puts an object on its shelf that has been there all along: nobody is told, and `text` makes its text (as `serialise`
   * does) each time somebody reads it. Large worlds are built so: most of their objects differ in a few strings only.
   */
  shelve(kind: string, namespace: string, name: string, text: (version: number) => string): void;
  /** The texts of a kind, in order, with their history: what the API server answers lists and watches from. */
  shelf(resource: ResourceType): Shelf;
  /** Forgets the history up to now, as etcd's compaction does: older watches and continue tokens get a 410. */
  compact(): void;
  /** Called after each change, in order, synchronously. */
  subscribe(listener: (event: StoreEvent) => void): () => void;
};

export type ExecSession = {
  /** It does not end by itself. */
  goesOn?: true;
  /** Why the runtime could not start the command, in its own words (`exec: "sh": executable file not found in $PATH`). Then `run` is not called. */
  error?: string;
  /** Called with output as it comes; resolves to the exit code when the command ends. */
  run(write: (channel: 'stdout' | 'stderr', text: string) => void, signal: AbortSignal): Promise<number>;
};

/** What the API server cannot answer from objects alone. */
export type Cluster = {
  store: ObjectStore;
  /** Milliseconds since 1970, of the world. */
  now(): number;
  /** Lines of a container's log with their times, oldest first; `follow` yields new ones as they are written. Undefined: no such container, or no previous run. */
  log(
    pod: KubeObject,
    container: string,
    options: { previous: boolean; follow: boolean; signal: AbortSignal },
  ): AsyncIterable<{ at: number; line: string }> | undefined;
  /** Undefined: the container does not run (the caller answers 400/500 as the kubelet does). */
  exec(pod: KubeObject, container: string, command: readonly string[]): ExecSession | undefined;
  /** Prometheus text for the pod proxy (`:9962/metrics`), undefined where nothing listens. */
  metrics(pod: KubeObject, port: number): string | undefined;
  stop(): void;
};
