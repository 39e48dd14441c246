import { type ApiError, alreadyExists, conflict, newUid, notFound } from './api-error.ts';
import type { KubeObject, ObjectStore, ResourceType, StoreEvent } from './cluster.ts';
import { afterUpdate } from './fields/managed-fields.ts';
import { grew, hasGeneration } from './generation.ts';
import { resourceTypesOf } from './resources/from-definition.ts';
import { serialise } from './serialise.ts';
import { createShelf, type HistorySize, type Shelf } from './shelf.ts';

export type StoreOptions = {
  /** Changes remembered per kind; older watches and continue tokens get a 410. */
  history?: number;
};

/** Of one kind. At full pace the pods of the largest cluster fill it within half a minute. */
const HISTORY: HistorySize = { changes: 100_000, characters: 64 * 1024 * 1024 };

/**
 * `clock` in milliseconds since 1970, of the world. A CustomResourceDefinition created here adds its kind, its removal
 * takes the kind and all its objects away.
 */
export function createObjectStore(
  resources: readonly ResourceType[],
  clock: () => number,
  options: StoreOptions = {},
): ObjectStore {
  const served: ResourceType[] = [];
  const byPath = new Map<string, ResourceType>();
  const byKind = new Map<string, ResourceType>();
  const shelves = new Map<string, Shelf>();
  const listeners = new Set<(event: StoreEvent) => void>();
  const history = { ...HISTORY, changes: options.history ?? HISTORY.changes };
  let version = 0;

  const register = (resource: ResourceType) => {
    byPath.set(`${resource.group}/${resource.version}/${resource.plural}`, resource);
    served.push(resource);
    if (resource.storedAs !== undefined) return;
    byKind.set(`${resource.kind}.${resource.group}`, resource);
    if (!byKind.has(resource.kind)) byKind.set(resource.kind, resource);
    if (!shelves.has(shelfName(resource))) shelves.set(shelfName(resource), createShelf(history));
  };

  const unregister = (group: string, kind: string) => {
    for (const resource of served.filter((one) => one.group === group && one.kind === kind)) {
      byPath.delete(`${resource.group}/${resource.version}/${resource.plural}`);
      served.splice(served.indexOf(resource), 1);
    }
    byKind.delete(`${kind}.${group}`);
    if (byKind.get(kind)?.group === group) byKind.delete(kind);
  };

  const resourceOf = (kind: string): ResourceType => {
    const resource = byKind.get(kind);
    if (resource === undefined) throw new Error(`no such kind: ${kind}`);
    return resource;
  };
  const storedResource = (object: KubeObject): ResourceType => {
    const group = object.apiVersion.includes('/') ? (object.apiVersion.split('/')[0] ?? '') : '';
    return byKind.get(`${object.kind}.${group}`) ?? resourceOf(object.kind);
  };
  const shelfOf = (resource: ResourceType): Shelf => {
    const shelf = shelves.get(shelfName(resource));
    if (shelf === undefined) throw new Error(`no shelf for ${shelfName(resource)}`);
    return shelf;
  };
  const tell = (event: StoreEvent) => {
    for (const listener of listeners) listener(event);
  };

  const remove = (kind: string, namespace: string, name: string) => {
    const resource = resourceOf(kind);
    const shelf = shelfOf(resource);
    const key = `${resource.namespaced ? namespace : ''}/${name}`;
    const stored = shelf.get(key);
    if (stored === undefined) throw notFound(resource, name);
    const text = atVersion(stored.text, stored.version, ++version);
    shelf.remove(key, text, version);
    const event = eventOf('DELETED', resource, key, { version, text, manager: '' }, parsed(text));
    if (resource.kind === 'CustomResourceDefinition') removeKinds(event.object);
    tell(event);
  };

  const removeKinds = (definition: KubeObject) => {
    for (const resource of resourceTypesOf(definition)) {
      if (resource.storedAs === undefined && byKind.has(`${resource.kind}.${resource.group}`)) {
        for (const stored of [...shelfOf(resource).values()]) {
          const [namespace = '', name = ''] = stored.key.split('/');
          remove(`${resource.kind}.${resource.group}`, namespace, name);
        }
      }
      unregister(resource.group, resource.kind);
    }
  };

  /** The object as an update would leave it, still at its old version; `previous` itself where nothing changes. */
  const changed = (given: KubeObject, manager: string, subresource: string, applied?: readonly unknown[]) => {
    const resource = storedResource(given);
    const key = keyOf(resource, given);
    const name = given.metadata.name;
    const stored = shelfOf(resource).get(key);
    if (stored === undefined) throw notFound(resource, name);
    const asked = given.metadata.resourceVersion;
    if (asked !== undefined && asked !== '' && asked !== String(stored.version)) throw modified(resource, name);
    const previous = JSON.parse(stored.text) as KubeObject;
    const object: KubeObject = { ...given, metadata: { ...given.metadata } };
    const metadata = object.metadata;
    metadata.uid = previous.metadata.uid ?? '';
    metadata.creationTimestamp = previous.metadata.creationTimestamp ?? timestamp(clock());
    metadata.resourceVersion = String(stored.version);
    const by = { manager, subresource, time: timestamp(clock()) };
    const managed = applied ?? afterUpdate(resource, previous, object, by);
    if (managed === undefined && sameLife(previous, object)) return { resource, key, object: previous, previous };
    metadata.managedFields = [...(managed ?? previous.metadata.managedFields ?? [])];
    const generation = previous.metadata.generation;
    if (generation !== undefined || hasGeneration(resource)) {
      const dying = metadata.deletionTimestamp !== undefined && previous.metadata.deletionTimestamp === undefined;
      metadata.generation =
        (generation ?? 1) + (dying || (subresource !== 'status' && grew(resource, previous, object)) ? 1 : 0);
    }
    return { resource, key, object, previous };
  };

  for (const resource of resources) register(resource);

  return {
    get version() {
      return version;
    },
    resource: (group, apiVersion, plural) => byPath.get(`${group}/${apiVersion}/${plural}`),
    resourceOf,
    resources: () => served,
    shelf: shelfOf,
    get(kind, namespace, name) {
      const resource = resourceOf(kind);
      const stored = shelfOf(resource).get(`${resource.namespaced ? namespace : ''}/${name}`);
      return stored === undefined ? undefined : (JSON.parse(stored.text) as KubeObject);
    },
    list(kind, namespace) {
      const shelf = shelfOf(resourceOf(kind));
      const prefix = namespace === undefined ? '' : `${namespace}/`;
      const page = shelf.page({ prefix, after: '', limit: Number.POSITIVE_INFINITY, version });
      return (page?.items ?? []).map((stored) => JSON.parse(stored.text) as KubeObject);
    },
    count: (kind) => shelfOf(resourceOf(kind)).size,
    create(given, manager) {
      const resource = storedResource(given);
      const shelf = shelfOf(resource);
      const key = keyOf(resource, given);
      if (shelf.get(key) !== undefined) throw alreadyExists(resource, given.metadata.name);
      const object: KubeObject = { ...given, metadata: { ...given.metadata } };
      const metadata = object.metadata;
      metadata.uid ??= newUid();
      metadata.creationTimestamp ??= timestamp(clock());
      // An object that is said to be old was written then.
      const time = metadata.creationTimestamp;
      if (metadata.generation === undefined && hasGeneration(resource)) metadata.generation = 1;
      metadata.managedFields = afterUpdate(resource, undefined, object, { manager, subresource: '', time }) ?? [];
      metadata.resourceVersion = String(++version);
      const text = serialise(resource, object);
      shelf.put(key, text, version);
      if (resource.kind === 'CustomResourceDefinition') for (const type of resourceTypesOf(object)) register(type);
      tell(eventOf('ADDED', resource, key, { version, text, manager }, () => object));
      return object;
    },
    shelve(kind, namespace, name, text) {
      const resource = resourceOf(kind);
      shelfOf(resource).hold(`${resource.namespaced ? namespace : ''}/${name}`, ++version, text);
    },
    preview: (given, manager, subresource = '', applied) => changed(given, manager, subresource, applied).object,
    update(given, manager, subresource = '', applied) {
      const { resource, key, object, previous } = changed(given, manager, subresource, applied);
      if (object === previous) return previous;
      object.metadata.resourceVersion = String(++version);
      const text = serialise(resource, object);
      shelfOf(resource).put(key, text, version);
      if (resource.kind === 'CustomResourceDefinition') {
        for (const type of resourceTypesOf(previous)) unregister(type.group, type.kind);
        for (const type of resourceTypesOf(object)) register(type);
      }
      tell(
        eventOf(
          'MODIFIED',
          resource,
          key,
          { version, text, manager },
          () => object,
          () => previous,
        ),
      );
      return object;
    },
    rewrite(given, subresource, managed) {
      const resource = storedResource(given);
      const key = keyOf(resource, given);
      const shelf = shelfOf(resource);
      const stored = shelf.get(key);
      if (stored === undefined) throw notFound(resource, given.metadata.name);
      if (given.metadata.resourceVersion !== String(stored.version)) throw modified(resource, given.metadata.name);
      const { text: before } = stored;
      const previous = parsed(before);
      const object: KubeObject = { ...given, metadata: { ...given.metadata, managedFields: [...managed] } };
      const { metadata } = object;
      if (metadata.generation !== undefined && subresource === '') {
        const dying = metadata.deletionTimestamp !== undefined && !before.includes('"deletionTimestamp":');
        metadata.generation += dying || grew(resource, previous(), object) ? 1 : 0;
      }
      metadata.resourceVersion = String(++version);
      const text = serialise(resource, object);
      shelf.put(key, text, version);
      tell(eventOf('MODIFIED', resource, key, { version, text, manager: '' }, () => object, previous));
      return object;
    },
    remove,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    compact() {
      for (const shelf of shelves.values()) shelf.compact(version);
    },
  };
}

/** What is not asked of an event is not parsed. */
function eventOf(
  type: StoreEvent['type'],
  resource: ResourceType,
  key: string,
  { version, text, manager }: Pick<StoreEvent, 'version' | 'text' | 'manager'>,
  object: () => KubeObject,
  previous: () => KubeObject | undefined = () => undefined,
): StoreEvent {
  return {
    type,
    resource,
    key,
    manager,
    version,
    text,
    get object() {
      return object();
    },
    get previous() {
      return previous();
    },
  };
}

/** Parsed when it is first asked for. */
function parsed(text: string): () => KubeObject {
  let object: KubeObject | undefined;
  return () => {
    object ??= JSON.parse(text) as KubeObject;
    return object;
  };
}

/** The text of a stored object with another version. Written once only, it must be the one of its metadata. */
function atVersion(text: string, from: number, to: number): string {
  const field = `"resourceVersion":"${from}"`;
  const at = text.indexOf(field);
  if (at >= 0 && text.lastIndexOf(field) === at) {
    return `${text.slice(0, at)}"resourceVersion":"${to}"${text.slice(at + field.length)}`;
  }
  const object = JSON.parse(text) as KubeObject;
  object.metadata.resourceVersion = String(to);
  return JSON.stringify(object);
}

function modified(resource: ResourceType, name: string): ApiError {
  const why = 'the object has been modified; please apply your changes to the latest version and try again';
  return conflict(resource, name, why);
}

/** RFC 3339 in whole seconds, as metadata has it. */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function shelfName(resource: ResourceType): string {
  return `${resource.kind}.${resource.storedAs?.group ?? resource.group}`;
}

function keyOf(resource: ResourceType, object: KubeObject): string {
  return `${resource.namespaced ? (object.metadata.namespace ?? '') : ''}/${object.metadata.name}`;
}

function sameLife(before: KubeObject, after: KubeObject): boolean {
  return (
    before.metadata.deletionTimestamp === after.metadata.deletionTimestamp &&
    before.metadata.deletionGracePeriodSeconds === after.metadata.deletionGracePeriodSeconds
  );
}
