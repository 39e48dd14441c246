import { stringify } from 'yaml';
import { notFound } from '../api-error.ts';
import type { KubeObject } from '../cluster.ts';
import { type Form, formOf } from './accept.ts';
import { answerText, type Exchange } from './exchange.ts';
import { columnDefinitions, type IncludeObject, partialMetadata, table, tableRow } from './table.ts';
import type { View } from './view.ts';

export async function answerGet(exchange: Exchange, view: View): Promise<void> {
  const { namespace, name } = exchange.request;
  const stored = exchange.cluster.store.shelf(view.stored).get(`${view.resource.namespaced ? namespace : ''}/${name}`);
  if (stored === undefined) throw notFound(view.resource, name);
  await answerObject(exchange, 200, view, stored.text);
}

/** One object, in the form the client prefers. */
export async function answerObject(exchange: Exchange, status: number, view: View, storedText: string): Promise<void> {
  const form = formOf(exchange.incoming.headers.accept ?? '', exchange.lacks);
  const rewrite = rewriteOf(exchange);
  if (form.as === 'object' && form.encoding === 'json' && rewrite === undefined) {
    await answerText(exchange, status, `${view.text(storedText)}\n`, 'application/json');
    return;
  }
  const object = shownOf(exchange, view, storedText);
  const body =
    form.as === 'Table'
      ? table(columnDefinitions(view.resource), [row(exchange, view, object)], {
          resourceVersion: object.metadata.resourceVersion,
        })
      : form.as === 'object'
        ? object
        : partialMetadata(object);
  await answerEncoded(exchange, status, form, body);
}

export async function answerEncoded(exchange: Exchange, status: number, form: Form, body: unknown): Promise<void> {
  if (form.encoding === 'yaml') await answerText(exchange, status, stringify(body), 'application/yaml');
  else await answerText(exchange, status, `${JSON.stringify(body)}\n`, 'application/json');
}

export function row(exchange: Exchange, view: View, object: KubeObject): object {
  const include = (exchange.request.query.get('includeObject') ?? 'Metadata') as IncludeObject;
  return tableRow(view.resource, object, exchange.cluster.now(), include);
}

/** An object as the client sees it. */
export function shownOf(exchange: Exchange, view: View, storedText: string): KubeObject {
  const object = view.object(JSON.parse(storedText) as KubeObject);
  return rewriteOf(exchange)?.(object) ?? object;
}

/** What a fault makes of each object. */
export function rewriteOf(exchange: Exchange): ((object: KubeObject) => KubeObject) | undefined {
  const fault = exchange.faults.find((one) => one.kind === 'rewrite');
  return fault === undefined ? undefined : (object) => fault.rewrite(object) as KubeObject;
}
