import type { KubeObject, StoreEvent } from '../cluster.ts';
import { versionOf } from '../serialise.ts';
import { formOf } from './accept.ts';
import type { Exchange } from './exchange.ts';
import { row } from './read.ts';
import { columnDefinitions, partialMetadata, table } from './table.ts';
import type { View } from './view.ts';

/** `storedText` undefined: it is not the object as it is stored. */
export type LineWriter = (type: StoreEvent['type'], storedText: string | undefined, object: () => KubeObject) => string;

/** A change as one line, in the form the client prefers. */
export function lineWriter(exchange: Exchange, view: View): LineWriter {
  const form = formOf(exchange.incoming.headers.accept ?? '', exchange.lacks);
  if (form.as === 'Table') {
    let columns: object[] | null = columnDefinitions(view.resource);
    return (type, _text, object) => {
      const shown = view.object(object());
      const metadata = { resourceVersion: shown.metadata.resourceVersion };
      const line = JSON.stringify({ type, object: table(columns, [row(exchange, view, shown)], metadata) });
      // Columns come with the first event only.
      columns = null;
      return line;
    };
  }
  if (form.as !== 'object') {
    return (type, _text, object) => JSON.stringify({ type, object: partialMetadata(view.object(object())) });
  }
  return (type, text, object) =>
    text === undefined
      ? JSON.stringify({ type, object: view.object(object()) })
      : `{"type":"${type}","object":${view.text(text)}}`;
}

export function bookmark(exchange: Exchange, view: View, version: number, endOfInitial = false): string {
  const metadata = {
    resourceVersion: String(version),
    ...(view.resource.custom ? {} : { creationTimestamp: null }),
    ...(endOfInitial ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
  };
  const form = formOf(exchange.incoming.headers.accept ?? '', exchange.lacks);
  const object =
    form.as === 'Table'
      ? table(
          null,
          [
            {
              cells: [],
              object: partialMetadata({ apiVersion: '', kind: '', metadata: { ...metadata, name: '' } as never }),
            },
          ],
          {
            resourceVersion: String(version),
          },
        )
      : { kind: view.resource.kind, apiVersion: versionOf(view.resource), metadata };
  return JSON.stringify({ type: 'BOOKMARK', object });
}
