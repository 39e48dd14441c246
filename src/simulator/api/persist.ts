import { badRequest, conflict, newUid, notFound } from '../api-error.ts';
import type { KubeObject } from '../cluster.ts';
import { afterUpdate } from '../fields/managed-fields.ts';
import type { Schema } from '../resources/schema.ts';
import { serialise, versionOf } from '../serialise.ts';
import { timestamp } from '../store.ts';
import { admit } from './admission.ts';
import { firstStatus, setDefaults } from './defaults.ts';
import type { Exchange } from './exchange.ts';
import { loadModels } from './models.ts';
import { dropUnknown, pruneUnknown } from './unknown-fields.ts';
import { validate } from './validate.ts';
import { coreEvent, type View } from './view.ts';

/** What was stored, or with a dry run would be: its text in the stored version. */
export type Outcome = { text: string; object: KubeObject };

export function isDryRun(exchange: Exchange): boolean {
  const asked = exchange.request.query.getAll('dryRun');
  if (asked.some((one) => one !== 'All' && one !== '')) throw badRequest(`invalid dryRun option: ${asked.join(',')}`);
  return asked.includes('All');
}

/** The fieldManager asked for, else the first word of the user agent. */
export function managerOf(exchange: Exchange): string {
  const asked = exchange.request.query.get('fieldManager') ?? '';
  return asked !== '' ? asked : (exchange.request.userAgent.split('/')[0] ?? 'unknown').slice(0, 128) || 'unknown';
}

/** Drops fields the kind does not have; refuses (400) or warns about them as fieldValidation asks. */
export async function settleFields(exchange: Exchange, view: View, object: KubeObject): Promise<void> {
  const { resource } = view;
  const wanted = exchange.request.query.get('fieldValidation') || 'Warn';
  let unknown: string[];
  if (resource.custom) unknown = pruneUnknown(object, resource.schema as Schema | undefined);
  else {
    const models = await loadModels();
    const type = models.typeOf(resource);
    unknown = type === '' ? [] : dropUnknown(object, type, models);
  }
  if (unknown.length === 0 || wanted === 'Ignore') return;
  const told = unknown.map((path) => `unknown field ${JSON.stringify(path)}`);
  if (wanted === 'Warn') exchange.warnings.push(...told);
  else
    throw badRequest(
      `${resource.kind} in version "${resource.version}" cannot be handled as a ${resource.kind}: strict decoding error: ${told.join(', ')}`,
    );
}

/** Makes an object of what a client sent. `managedFields` where an apply already knows the owners. */
export function persistNew(exchange: Exchange, view: View, sent: KubeObject, applied?: readonly unknown[]): Outcome {
  const { store, now } = exchange.cluster;
  const { stored } = view;
  const { namespace } = exchange.request;
  const object = toStored(view, sent);
  const given = object.metadata;
  if (view.resource.namespaced) {
    if (given.namespace !== undefined && given.namespace !== '' && given.namespace !== namespace)
      throw otherNamespace();
    if (store.get('Namespace', '', namespace) === undefined)
      throw notFound({ group: '', plural: 'namespaces' }, namespace);
  }
  // What the server decides is not the client's to say.
  const { uid: _u, resourceVersion: _r, creationTimestamp: _c, generation: _g, deletionTimestamp: _d, ...rest } = given;
  object.metadata = { ...rest, ...(view.resource.namespaced ? { namespace } : {}) };
  delete object.metadata.deletionGracePeriodSeconds;
  delete object.metadata.managedFields;
  if ((given.name ?? '') === '' && given.generateName !== undefined) {
    object.metadata.name = given.generateName + randomSuffix();
  }
  const hasStatus =
    stored.subresources.includes('status') && stored.kind !== 'Node' && stored.kind !== 'CustomResourceDefinition';
  if (hasStatus) delete object['status'];
  setDefaults(object);
  validate(stored, object);
  admit(store, object);
  const time = timestamp(now());
  const by = { manager: managerOf(exchange), subresource: '', time };
  object.metadata.managedFields = [...(applied ?? afterUpdate(stored, undefined, object, by) ?? [])];
  const status = hasStatus || object.kind === 'CustomResourceDefinition' ? firstStatus(object) : undefined;
  if (status !== undefined) object['status'] ??= status;
  if (isDryRun(exchange)) {
    object.metadata.uid = newUid();
    object.metadata.creationTimestamp = time;
    return { object, text: serialise(stored, object) };
  }
  return outcome(view, store.create(object, by.manager));
}

export type Change = {
  /** The whole object as it shall be, in the stored version. */
  object: KubeObject;
  subresource: string;
  applied?: readonly unknown[];
};

/** Changes what is there; a finished deletion (no finalizer left) is carried out. */
export function persistChange(exchange: Exchange, view: View, before: KubeObject, change: Change): Outcome {
  const { store } = exchange.cluster;
  const { stored } = view;
  const { object, subresource } = change;
  const name = before.metadata.name;
  if (object.metadata.name !== name)
    throw badRequest(`the name of the object (${object.metadata.name}) does not match the name on the URL (${name})`);
  if (object.metadata.uid !== undefined && object.metadata.uid !== '' && object.metadata.uid !== before.metadata.uid) {
    throw conflict(
      stored,
      name,
      `Precondition failed: UID in precondition: ${object.metadata.uid}, UID in object meta: ${before.metadata.uid}`,
    );
  }
  const next = keepServersOwn(stored.subresources.includes('status'), before, object, subresource);
  if (subresource === '') setDefaults(next);
  validate(stored, next, before);
  // A status is another request to it, and not what is bound.
  if (subresource === '') admit(store, next);
  const manager = managerOf(exchange);
  if (isDryRun(exchange)) return outcome(view, store.preview(next, manager, subresource, change.applied));
  const after = store.update(next, manager, subresource, change.applied);
  const { deletionTimestamp, finalizers, namespace = '' } = after.metadata;
  const grace = after.metadata.deletionGracePeriodSeconds ?? 0;
  if (
    deletionTimestamp !== undefined &&
    (finalizers ?? []).length === 0 &&
    grace === 0 &&
    (before.metadata.finalizers ?? []).length > 0
  ) {
    store.remove(`${stored.kind}.${stored.group}`, namespace, name);
  }
  return outcome(view, after);
}

/** The main resource keeps its status, the status keeps the rest; the server's own metadata is nobody's to change. */
function keepServersOwn(hasStatus: boolean, before: KubeObject, object: KubeObject, subresource: string): KubeObject {
  const { metadata } = object;
  const kept = {
    ...metadata,
    ...(before.metadata.uid === undefined ? {} : { uid: before.metadata.uid }),
    ...pick(before.metadata, [
      'creationTimestamp',
      'generation',
      'deletionTimestamp',
      'deletionGracePeriodSeconds',
      'namespace',
    ]),
  };
  delete kept.managedFields;
  const whole = { ...object, metadata: kept };
  if (subresource === 'status') {
    const own = {
      ...before,
      metadata: { ...before.metadata, ...pick(metadata, ['resourceVersion', 'labels', 'annotations']) },
    };
    delete own.metadata.managedFields;
    return { ...own, status: object['status'] };
  }
  if (subresource === '' && hasStatus) {
    const { status: _status, ...rest } = whole as KubeObject;
    return before['status'] === undefined ? rest : { ...rest, status: before['status'] };
  }
  return whole;
}

function pick(from: object, names: readonly string[]): object {
  return Object.fromEntries(
    Object.entries(from).filter(([name, value]) => names.includes(name) && value !== undefined),
  );
}

export function outcome(view: View, object: KubeObject): Outcome {
  return { object, text: serialise(view.stored, object) };
}

export function toStored(view: View, object: KubeObject): KubeObject {
  if (view.resource === view.stored) return { ...object, metadata: { ...object.metadata } };
  if (view.resource.group === 'events.k8s.io') return coreEvent(object);
  return { ...object, apiVersion: versionOf(view.stored), metadata: { ...object.metadata } };
}

function otherNamespace() {
  return badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

/** Five characters without vowels and look-alikes, as names.SimpleNameGenerator makes them. */
function randomSuffix(): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
  return Array.from({ length: 5 }, () => alphabet[Math.floor(Math.random() * alphabet.length)]).join('');
}
