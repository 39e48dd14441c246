import { notFound } from '../api-error.ts';
import type { KubeObject } from '../cluster.ts';
import type { Exchange } from './exchange.ts';
import type { View } from './view.ts';

/** The stored object the request names. Throws ApiError (404). */
export function existing(exchange: Exchange, view: View): KubeObject {
  const found = findExisting(exchange, view);
  if (found === undefined) throw notFound(view.resource, exchange.request.name);
  return found;
}

/** As `existing`, but undefined where there is none. */
export function findExisting(exchange: Exchange, view: View): KubeObject | undefined {
  const { namespace, name } = exchange.request;
  const { store } = exchange.cluster;
  return store.get(`${view.stored.kind}.${view.stored.group}`, namespace, name);
}
