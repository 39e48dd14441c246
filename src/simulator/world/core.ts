// What every controller is handed: the store, the view, time, chance, and small ways to write.
import { ApiError } from '../api-error.ts';
import type { KubeObject, ObjectStore } from '../cluster.ts';
import type { Causes } from './causes.ts';
import { ownership } from './ownership.ts';
import { createRandom, type Random } from './random.ts';
import { createView, type Listener, type View } from './view.ts';
import { createWheel, type Wheel } from './wheel.ts';
import type { WorldOptions } from './world-options.ts';

/** Endpoint changes a second from which on a cluster counts as brisk. */
const BRISK = 200;
/** Kinds whose objects are written several times within seconds, and for how many milliseconds they are kept. */
const REMEMBERED = new Set(['Pod', 'CiliumEndpoint', 'ReplicaSet', 'EndpointSlice']);
const GENERATION = 2_500;
/** Of a generation; while time stands still there would be no end to it. */
const MOST = 10_000;
/** Keys of a queue that are handled at once. */
const FEW = 4;

export type Core = {
  /** So much churn is asked for that controllers gather changes for longer, as those of a big cluster are told to. */
  brisk: boolean;
  store: ObjectStore;
  view: View;
  options: WorldOptions;
  random: Random;
  wheel: Wheel;
  now(): number;
  causes(): Causes;
  /** Runs `run` so many milliseconds from now. */
  after(milliseconds: number, run: () => void): void;
  /** A work queue: the keys put in within `delay` milliseconds are handled once each, in the order they came. */
  queue(delay: number, handle: (key: string) => void): (key: string) => void;
  create(object: KubeObject, manager: string): KubeObject | undefined;
  /** Reads, changes and writes one object. False where it is gone or `change` returned false. */
  edit<T extends KubeObject>(
    kind: string,
    namespace: string,
    name: string,
    manager: string,
    subresource: string | undefined,
    change: (object: T) => false | undefined,
  ): boolean;
  /** Writes an object that has just been read. */
  write(object: KubeObject, manager: string, subresource?: string): boolean;
  get<T extends KubeObject>(kind: string, namespace: string, name: string): T | undefined;
  /** As `get`, for one who is about to write it: cheaper where it was written a moment ago. */
  take<T extends KubeObject>(kind: string, namespace: string, name: string): T | undefined;
  list<T extends KubeObject>(kind: string, namespace?: string): T[];
  remove(kind: string, namespace: string, name: string): void;
  /** Controllers hear of changes in the order they subscribed, after the view has followed. */
  listen(listener: Listener): void;
  serves(kind: string): boolean;
};

export function createCore(store: ObjectStore, options: WorldOptions, causes: () => Causes): Core {
  const { clock } = options;
  const view = createView(store);
  const wheel = createWheel(clock.now());
  const random = createRandom(options.seed);
  let kinds = servedKinds(store);
  const serves = (kind: string) => kinds.has(kind);
  const recent = rememberRecent(view, clock.now);
  const core: Core = {
    brisk: options.churn >= BRISK,
    store,
    view,
    options,
    random,
    wheel,
    causes,
    now: () => clock.now(),
    after: (milliseconds, run) => wheel.at(clock.now() + milliseconds, run),
    queue(delay, handle) {
      let waiting = new Set<string>();
      return (key) => {
        waiting.add(key);
        if (waiting.size > 1) return;
        core.after(delay, () => {
          const batch = waiting;
          waiting = new Set();
          // One by one where there are many, so that nothing stands still meanwhile.
          if (batch.size <= FEW) for (const each of batch) handle(each);
          else for (const each of batch) core.after(0, () => handle(each));
        });
      };
    },
    create(object, manager) {
      // Its definition may have been removed: controllers then write into the void, as real ones do.
      if (!serves(object.kind)) return undefined;
      object.metadata.uid ??= random.uid();
      const made = Date.parse(object.metadata.creationTimestamp ?? '') || clock.now();
      const managed = object.metadata.managedFields ?? ownership(object, manager, undefined, made);
      if (managed !== undefined) object.metadata.managedFields = managed;
      return unlessRefused(() => store.create(object, manager));
    },
    edit(kind, namespace, name, manager, subresource, change) {
      const key = `${kind} ${namespace}/${name}`;
      const known = recent.take(key);
      if (known !== undefined) {
        if (change(known as never) === false) return false;
        if (core.write(known, manager, subresource)) return true;
      }
      const object = core.get(kind, namespace, name);
      if (object === undefined || change(object as never) === false) return false;
      return core.write(object, manager, subresource);
    },
    write(object, manager, subresource) {
      if (!serves(object.kind)) return false;
      const managed = ownership(object, manager, subresource, clock.now());
      if (managed === undefined) return unlessRefused(() => store.update(object, manager, subresource)) !== undefined;
      return unlessRefused(() => store.rewrite(object, subresource ?? '', managed)) !== undefined;
    },
    get: <T extends KubeObject>(kind: string, namespace: string, name: string) =>
      serves(kind) ? (store.get(kind, namespace, name) as T | undefined) : undefined,
    take: <T extends KubeObject>(kind: string, namespace: string, name: string) =>
      (recent.take(`${kind} ${namespace}/${name}`) as T | undefined) ?? core.get<T>(kind, namespace, name),
    list: <T extends KubeObject>(kind: string, namespace?: string) =>
      serves(kind) ? (store.list(kind, namespace) as T[]) : [],
    remove(kind, namespace, name) {
      if (serves(kind)) unlessRefused(() => store.remove(kind, namespace, name));
    },
    listen: (listener) => view.listen(listener),
    serves,
  };
  view.listen((event) => {
    if (event.resource.kind === 'CustomResourceDefinition') kinds = servedKinds(store);
  });
  return core;
}

/**
 * Objects written a moment ago are most likely written again: they need not be read from their text. Each is handed
 * out once, since whoever takes it may leave it half changed; its next write brings it back.
 */
function rememberRecent(view: View, now: () => number): { take(key: string): KubeObject | undefined } {
  let young = new Map<string, KubeObject>();
  let old = new Map<string, KubeObject>();
  let turned = now();
  view.listen((event) => {
    if (!REMEMBERED.has(event.resource.kind)) return;
    if (now() - turned > GENERATION || young.size > MOST) {
      old = young;
      young = new Map();
      turned = now();
    }
    const key = `${event.resource.kind} ${event.key}`;
    old.delete(key);
    if (event.type === 'DELETED') young.delete(key);
    else young.set(key, event.object);
  });
  return {
    take(key) {
      const found = young.get(key) ?? old.get(key);
      young.delete(key);
      old.delete(key);
      return found;
    },
  };
}

/** By kind alone, and as `Kind.group`. */
function servedKinds(store: ObjectStore): Set<string> {
  return new Set(store.resources().flatMap(({ kind, group }) => [kind, `${kind}.${group}`]));
}

/** A controller that lost a race tries again at the next event; anything else thrown is a bug of ours. */
function unlessRefused<T>(write: () => T): T | undefined {
  try {
    return write();
  } catch (problem) {
    if (problem instanceof ApiError) return undefined;
    throw problem;
  }
}
