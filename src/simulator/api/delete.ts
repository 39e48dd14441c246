import { ApiError, badRequest } from '../api-error.ts';
import type { KubeObject } from '../cluster.ts';
import { versionOf } from '../serialise.ts';
import { timestamp } from '../store.ts';
import { answerJson, type Exchange, readBody } from './exchange.ts';
import { existing } from './existing.ts';
import { listObjects } from './list.ts';
import { isDryRun, managerOf, outcome } from './persist.ts';
import { answerObject } from './read.ts';
import { isTrue } from './request.ts';
import type { View } from './view.ts';

type DeleteOptions = {
  gracePeriodSeconds?: number;
  propagationPolicy?: string;
  orphanDependents?: boolean;
  preconditions?: { uid?: string; resourceVersion?: string };
  dryRun?: string[];
};

export async function answerDelete(exchange: Exchange, view: View): Promise<void> {
  const options = await readOptions(exchange);
  const object = existing(exchange, view);
  const left = remove(exchange, view, object, options);
  if (left !== undefined) {
    await answerObject(exchange, 200, view, outcome(view, left).text);
    return;
  }
  const { group, plural } = view.resource;
  const { name, uid } = object.metadata;
  await answerJson(exchange, 200, {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, ...(group === '' ? {} : { group }), kind: plural, uid },
  });
}

export async function answerDeleteCollection(exchange: Exchange, view: View): Promise<void> {
  const options = await readOptions(exchange);
  const listed = await listObjects(exchange, view, exchange.turns.take());
  const metadata = { resourceVersion: String(listed.version) };
  for (const stored of listed.items) remove(exchange, view, JSON.parse(stored.text) as KubeObject, options);
  await answerJson(exchange, 200, {
    kind: `${view.resource.kind}List`,
    apiVersion: versionOf(view.resource),
    metadata,
    items: listed.items.map((stored) => JSON.parse(view.item(stored.text)) as unknown),
  });
}

/** Kinds whose strategy returns what was deleted rather than a Status. */
const returned = new Set([
  'Pod',
  'Service',
  'ServiceAccount',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Namespace',
]);

/** Undefined: it is gone and the answer is a Status. Throws ApiError (409) for a precondition that does not hold. */
export function remove(
  exchange: Exchange,
  view: View,
  object: KubeObject,
  options: DeleteOptions,
): KubeObject | undefined {
  const { store } = exchange.cluster;
  const { stored } = view;
  const kind = `${stored.kind}.${stored.group}`;
  const { namespace = '', name } = object.metadata;
  checkPreconditions(stored.kind, object, options);
  const dryRun = isDryRun(exchange) || (options.dryRun ?? []).includes('All');
  const grace = graceOf(object, options);
  const finalizers = new Set(object.metadata.finalizers ?? []);
  const policy = options.propagationPolicy ?? (options.orphanDependents === true ? 'Orphan' : '');
  if (policy === 'Foreground') finalizers.add('foregroundDeletion');
  if (policy === 'Orphan') finalizers.add('orphan');
  const waits = finalizers.size > 0 || object.kind === 'Namespace' || grace > 0;
  const dying = marked(exchange, object, grace, [...finalizers]);
  if (dryRun) return waits || returned.has(object.kind) ? dying : undefined;
  if (waits) {
    const again =
      object.metadata.deletionTimestamp !== undefined && (object.metadata.deletionGracePeriodSeconds ?? 0) <= grace;
    return again && finalizers.size === (object.metadata.finalizers ?? []).length
      ? object
      : store.update(dying, managerOf(exchange));
  }
  // A pod that is removed at once is first seen as terminating: two events, as a real server sends them.
  const last = object.kind === 'Pod' && isScheduled(object) ? store.update(dying, managerOf(exchange)) : object;
  store.remove(kind, namespace, name);
  return returned.has(object.kind) ? last : undefined;
}

function marked(exchange: Exchange, object: KubeObject, grace: number, finalizers: string[]): KubeObject {
  const { resourceVersion: _version, ...metadata } = object.metadata;
  const dying: KubeObject = {
    ...object,
    metadata: {
      ...metadata,
      deletionTimestamp: timestamp(exchange.cluster.now() + grace * 1000),
      deletionGracePeriodSeconds: grace,
      ...(finalizers.length === 0 ? {} : { finalizers }),
    },
  };
  if (object.kind === 'Namespace') {
    delete dying.metadata.deletionGracePeriodSeconds;
    dying['status'] = { ...(object['status'] as object | undefined), phase: 'Terminating' };
  }
  if (isDryRun(exchange) && metadata.generation !== undefined) dying.metadata.generation = metadata.generation + 1;
  if (isDryRun(exchange) && object.metadata.resourceVersion !== undefined) {
    dying.metadata.resourceVersion = object.metadata.resourceVersion;
  }
  return dying;
}

/** Only a pod on a node that still runs is given time: its kubelet has to end it. */
function graceOf(object: KubeObject, options: DeleteOptions): number {
  if (object.kind !== 'Pod' || !isScheduled(object)) return 0;
  const phase = (object['status'] as { phase?: string } | undefined)?.phase;
  if (phase === 'Succeeded' || phase === 'Failed') return 0;
  const own = (object['spec'] as { terminationGracePeriodSeconds?: number } | undefined)?.terminationGracePeriodSeconds;
  return Math.max(0, options.gracePeriodSeconds ?? own ?? 30);
}

function isScheduled(pod: KubeObject): boolean {
  return ((pod['spec'] as { nodeName?: string } | undefined)?.nodeName ?? '') !== '';
}

function checkPreconditions(kind: string, object: KubeObject, options: DeleteOptions): void {
  const { name, uid, resourceVersion } = object.metadata;
  const wanted = options.preconditions;
  const refuse = (why: string) =>
    new ApiError(
      409,
      'Conflict',
      `Operation cannot be fulfilled on ${kind} "${name}": ${why}. The object might have been deleted and then recreated`,
      {
        name,
        kind,
      },
    );
  if (wanted?.uid !== undefined && wanted.uid !== uid) {
    throw refuse(`the UID in the precondition (${wanted.uid}) does not match the UID in record (${uid})`);
  }
  if (wanted?.resourceVersion !== undefined && wanted.resourceVersion !== resourceVersion) {
    throw refuse(
      `the ResourceVersion in the precondition (${wanted.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion})`,
    );
  }
}

async function readOptions(exchange: Exchange): Promise<DeleteOptions> {
  const { query } = exchange.request;
  const text = await readBody(exchange);
  let options: DeleteOptions = {};
  if (text.trim() !== '') {
    try {
      options = JSON.parse(text) as DeleteOptions;
    } catch {
      throw badRequest('the body of a delete is no DeleteOptions');
    }
  }
  const grace = query.get('gracePeriodSeconds');
  if (grace !== null) options.gracePeriodSeconds = Number(grace);
  const policy = query.get('propagationPolicy');
  if (policy !== null) options.propagationPolicy = policy;
  if (query.has('orphanDependents')) options.orphanDependents = isTrue(query.get('orphanDependents'));
  return options;
}
