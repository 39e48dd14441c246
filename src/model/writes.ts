import type { RawObject } from './objects/row.ts';

/** A kind as the server's paths name it. */
export type ApiKind = { group: string; version: string; plural: string; kind: string };

/**
 * One change of one object, as plain data: it is shown before it is sent, audited as it is sent, and sent as it was shown.
 * Objects in it are opaque: they go to the server as they are.
 */
export type WriteRequest = {
  verb: 'create' | 'replace' | 'patch' | 'apply' | 'delete';
  resource: ApiKind;
  /** '' = cluster-scoped. */
  namespace: string;
  name: string;
  /** Of the object: `eviction` asks for a pod to go, within its disruption budgets. Only with `create`, whose path then names the object. */
  subresource?: 'eviction';
  /** The whole object (create, replace, apply), an Eviction, or a JSON merge patch (patch); absent for delete. */
  body?: RawObject;
  /**
   * What must still hold when it arrives, or the server refuses it with 409. A replace carries both in its body as well;
   * `resourceVersion` of a patch is put into the patch.
   */
  preconditions: { uid?: string; resourceVersion?: string };
};

/** What became of a request that was sent. */
export type WriteAnswer =
  /** The server did it. `object` is what it has now; undefined = it is gone. */
  | { outcome: 'done'; object: RawObject | undefined; late: boolean }
  /** The server, or we before it, refused: nothing was changed. `retryAfterMs`: so long it asks not to be asked again. */
  | { outcome: 'refused'; kind: RefusalKind; what: string; hint: string; retryAfterMs?: number }
  /** No answer came, and reading afterwards did not tell: it may have happened, and may still. */
  | { outcome: 'unknown'; what: string; hint: string };

export type RefusalKind =
  /** Somebody was faster (409), or it is there already. */
  | 'conflict'
  | 'forbidden'
  /** It is not there (any more). */
  | 'missing'
  /** 400, 422: the object is wrong, or a webhook denies it. */
  | 'refused'
  /** 429, or 503 with a time to wait. */
  | 'throttled'
  /** 429 of an eviction: a disruption budget is in the way, and may let it go later. */
  | 'budget'
  /** The write window is closed, or what must be kept could not be kept. */
  | 'closed'
  | 'unauthorized'
  /** No connection: nothing was sent. */
  | 'unreachable'
  /** No answer, and a reading afterwards showed that nothing had happened. */
  | 'lost';

/**
 * The only way to change the world. Actions receive it, and nobody else: a pane has a Road (actions/road.ts), on which
 * nothing is sent that was not planned, shown and confirmed.
 */
export type Writes = {
  /**
   * What the server would make of it: the same request with dryRun=All, through admission and all. Nothing is changed.
   * Rejects with a UserError whose kind is one of RefusalKind, or another where there was no answer.
   */
  rehearse(request: WriteRequest, signal: AbortSignal): Promise<RawObject | undefined>;
  /**
   * Sends it, once. Whatever was answered, or what a reading told where the answer was lost; it never rejects, and it is
   * never sent a second time without the reading in between.
   */
  send(request: WriteRequest): Promise<WriteAnswer>;
};

/** `PUT /apis/cilium.io/v2/namespaces/shop/ciliumnetworkpolicies/db`. */
export function callText(request: WriteRequest): string {
  return `${methods[request.verb]} ${writePath(request)}${request.verb === 'delete' ? '' : '?fieldManager=ciliscope'}`;
}

export const ownName = 'ciliscope';

export const methods = {
  create: 'POST',
  replace: 'PUT',
  patch: 'PATCH',
  apply: 'PATCH',
  delete: 'DELETE',
} as const satisfies Record<WriteRequest['verb'], string>;

/** Where the request goes: the collection for a create, else the object. */
export function writePath({ verb, resource, namespace, name, subresource }: WriteRequest): string {
  const root = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  const scope = namespace === '' ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  const collection = `${root}${scope}/${resource.plural}`;
  const object = `${collection}/${encodeURIComponent(name)}`;
  if (subresource !== undefined) return `${object}/${subresource}`;
  return verb === 'create' ? collection : object;
}
