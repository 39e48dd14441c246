// What every controller is handed: the store, the view, time, chance, and small ways to write.
import { ApiError } from '../api-error.ts';
import type { KubeObject, ObjectStore, StoreEvent } from '../cluster.ts';
import type { Causes } from './causes.ts';
import { ownership } from './ownership.ts';
import { createRandom, type Random } from './random.ts';
import { createView, type PodRecord, type View } from './view.ts';
import { createWheel, type Wheel } from './wheel.ts';
import type { WorldOptions } from './world-options.ts';

export type Core = {
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
  list<T extends KubeObject>(kind: string, namespace?: string): T[];
  remove(kind: string, namespace: string, name: string): void;
  /** Controllers hear of changes in the order they subscribed, after the view has followed. */
  listen(listener: (event: StoreEvent, pod: PodRecord | undefined) => void): void;
  serves(kind: string): boolean;
};

export function createCore(store: ObjectStore, options: WorldOptions, causes: () => Causes): Core {
  const { clock } = options;
  const view = createView(store);
  const wheel = createWheel(clock.now());
  const random = createRandom(options.seed);
  let kinds = new Set(store.resources().map((resource) => resource.kind));
  const serves = (kind: string) => kinds.has(kind);
  const core: Core = {
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
          for (const each of batch) handle(each);
        });
      };
    },
    create(object, manager) {
      object.metadata.uid ??= random.uid();
      const made = Date.parse(object.metadata.creationTimestamp ?? '') || clock.now();
      const managed = object.metadata.managedFields ?? ownership(object, manager, undefined, made);
      if (managed !== undefined) object.metadata.managedFields = managed;
      return unlessRefused(() => store.create(object, manager));
    },
    edit(kind, namespace, name, manager, subresource, change) {
      const object = core.get(kind, namespace, name);
      if (object === undefined || change(object as never) === false) return false;
      return core.write(object, manager, subresource);
    },
    write(object, manager, subresource) {
      const managed = ownership(object, manager, subresource, clock.now());
      return unlessRefused(() => store.update(object, manager, subresource, managed)) !== undefined;
    },
    get: <T extends KubeObject>(kind: string, namespace: string, name: string) =>
      serves(kind) ? (store.get(kind, namespace, name) as T | undefined) : undefined,
    list: <T extends KubeObject>(kind: string, namespace?: string) =>
      serves(kind) ? (store.list(kind, namespace) as T[]) : [],
    remove(kind, namespace, name) {
      if (serves(kind)) unlessRefused(() => store.remove(kind, namespace, name));
    },
    listen: (listener) => view.listen(listener),
    serves,
  };
  view.listen((event) => {
    if (event.resource.kind === 'CustomResourceDefinition')
      kinds = new Set(store.resources().map((resource) => resource.kind));
  });
  return core;
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
