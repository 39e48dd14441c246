import { isMap, LineCounter, parseAllDocuments } from 'yaml';
import { at, record } from '../objects/raw.ts';
import type { RawObject } from '../objects/row.ts';
import { sanitiseLine } from '../sanitise.ts';
import { entriesOf } from './text-entries.ts';
import { WRITTEN_KINDS } from './written.ts';

/** What somebody wrote as policies; or why it is none yet, in a sentence with its place, counted from 1. */
export type ReadDraft =
  | { objects: readonly RawObject[]; problem: '' }
  | { objects: undefined; problem: string; line: number; column: number };

const TOO_DEEP = 'It is nested too deep';
/** Aliases that expand to more than this are a bomb. */
const mostAliases = 100;
/** So many lines, commas and brackets would hold the screen for long, whatever little they say. */
const mostEntries = 100_000;
/** So many at once nobody edits: whole folders are for `policy diff`. */
const mostObjects = 200;

/**
 * The policies in a text that a person edits, of all its documents. Opaque, as written; a namespaced one that says no
 * namespace is in `namespace`. Never throws.
 */
export function readDraft(text: string, namespace: string): ReadDraft {
  const lines = new LineCounter();
  const problem = (offset: number, said: string): ReadDraft => {
    const { line, col } = lines.linePos(offset);
    return { objects: undefined, problem: sanitiseLine(said, 300), line: Math.max(1, line), column: Math.max(1, col) };
  };
  if (entriesOf(text) > mostEntries) return problem(0, `It holds more than ${mostEntries} entries`);
  try {
    const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, merge: true });
    const objects: RawObject[] = [];
    for (const document of documents) {
      const [error] = document.errors;
      if (error) return problem(error.pos[0], /call stack/.test(error.message) ? TOO_DEEP : error.message);
      const start = document.contents?.range?.[0] ?? 0;
      const value: unknown = document.toJS({ maxAliasCount: mostAliases });
      if (value === null || value === undefined) continue;
      if (!isMap(document.contents)) return problem(start, 'This is no Kubernetes object');
      for (const item of itemsOf(record(value))) {
        const why = whyNot(item);
        if (why !== '') return problem(start, why);
        objects.push(placed(item, namespace));
      }
    }
    if (objects.length === 0) return problem(0, 'There is no policy in it');
    if (objects.length > mostObjects) return problem(0, `These are more than ${mostObjects} objects`);
    const twice = objects.map(nameOf).find((name, index, all) => all.indexOf(name) !== index);
    return twice === undefined ? { objects, problem: '' } : problem(0, `${twice} is in it twice`);
  } catch (error) {
    // A nest without end and a bomb of aliases are refused by how they fail.
    if (error instanceof RangeError) return problem(0, TOO_DEEP);
    if (error instanceof ReferenceError) return problem(0, error.message);
    throw error;
  }
}

function itemsOf(value: RawObject): readonly RawObject[] {
  if (typeof value.kind !== 'string' || !value.kind.endsWith('List') || !Array.isArray(value.items)) return [value];
  const kind = value.kind.slice(0, -'List'.length);
  // Items of a typed list say neither kind nor version: the list does.
  return value.items.map((item) => ({ ...(kind !== '' && { kind, apiVersion: value.apiVersion }), ...record(item) }));
}

function whyNot(raw: RawObject): string {
  if (typeof raw.kind !== 'string' || raw.kind === '') return 'This object has no kind';
  if (!WRITTEN_KINDS.includes(raw.kind)) return `${raw.kind} is no policy: what can be tried is ${KINDS}`;
  if (typeof raw.apiVersion !== 'string' || raw.apiVersion === '') return `This ${raw.kind} has no apiVersion`;
  const name = at(raw, 'metadata', 'name');
  return typeof name === 'string' && name !== '' ? '' : `This ${raw.kind} has no metadata.name`;
}

const KINDS = `${WRITTEN_KINDS.slice(0, -1).join(', ')} and ${WRITTEN_KINDS.at(-1)}`;

function placed(raw: RawObject, namespace: string): RawObject {
  const metadata = record(raw.metadata);
  const namespaced = raw.kind === 'NetworkPolicy' || raw.kind === 'CiliumNetworkPolicy';
  if (!namespaced || metadata.namespace) return raw;
  return { ...raw, metadata: { ...metadata, namespace } };
}

function nameOf(raw: RawObject): string {
  const { namespace, name } = record(raw.metadata);
  return `${String(raw.kind)} ${namespace ? `${String(namespace)}/` : ''}${String(name)}`;
}
