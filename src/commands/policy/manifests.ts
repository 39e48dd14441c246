import { type Document, isNode, LineCounter, parseAllDocuments, type YAMLError } from 'yaml';
import { UserError } from '../../errors.ts';
import type { RawObject } from '../../model/objects/row.ts';
import { entriesOf } from '../../model/policies/text-entries.ts';
import { sanitiseLine } from '../../model/sanitise.ts';

/** A larger text is no manifest, and would keep the parser busy for minutes. */
const mostMegabytes = 16;
/** So many lines, commas and brackets keep the parser busy for a minute, whatever little they say. */
const mostEntries = 700_000;
/** Aliases that expand to more than this are a bomb. */
const mostAliases = 100;

/** An object, and where in the text a path of it stands: `spec.ingress[0]`. */
export type Placed = { raw: RawObject; where(path: string): Place };
export type Place = { file: string; line: number; column: number };

/**
 * The Kubernetes objects in a text of YAML or JSON, of all its documents and of the lists in them. `name` is what the
 * text is called in errors. Throws a UserError with line and column where it cannot be read.
 */
export function parseManifests(text: string, name: string): readonly RawObject[] {
  return placeManifests(text, name).map(({ raw }) => raw);
}

/**
 * The same, with where each of them stands. Among the files of a folder there are others, too: `skip` leaves out what
 * says neither kind nor version.
 */
export function placeManifests(
  text: string,
  given: string,
  strangers: 'refuse' | 'skip' = 'refuse',
): readonly Placed[] {
  const name = sanitiseLine(given, 500);
  if (text.length > mostMegabytes * 1024 * 1024)
    throw new UserError(`${name} is larger than ${mostMegabytes} MB.`, 'Give the policies in smaller files.');
  if (entriesOf(text) > mostEntries)
    throw new UserError(`${name} holds more than ${mostEntries} entries.`, 'Give it in smaller files, or as JSON.');
  const lines = new LineCounter();
  const documents = guarded(name, () =>
    parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, merge: true }),
  );
  return documents.flatMap((document, index) => {
    const [error] = document.errors;
    if (error) {
      const { line, column, what } = misread(lines, error);
      const hint = error.code === 'DUPLICATE_KEY' && column === 1 ? ' (is a --- missing?)' : '';
      throw new UserError(`${name}, line ${line}, column ${column}: ${what}${hint}.`);
    }
    const value: unknown = guarded(name, () => document.toJS({ maxAliasCount: mostAliases }));
    if (strangers === 'skip' && isStranger(value)) return [];
    const objects = objectsOf(value, documents.length > 1 ? `${name}, document ${index + 1}` : name);
    const listed = Array.isArray((value as RawObject | null)?.items);
    return objects.map((raw, item) => ({
      raw,
      where(path) {
        const offset = offsetOf(document, [...(listed ? ['items', item] : []), ...keysOf(path)]);
        const { line, col } = lines.linePos(offset);
        return { file: name, line, column: col };
      },
    }));
  });
}

/** Where a text that is no JSON stops being it; undefined where YAML would take it. */
export function misreadAt(text: string): Misread | undefined {
  if (entriesOf(text) > mostEntries) return undefined;
  const lines = new LineCounter();
  const [document] = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  const error = document?.errors[0];
  return error && misread(lines, error);
}

export type Misread = { line: number; column: number; what: string };

function misread(lines: LineCounter, { pos, message }: YAMLError): Misread {
  const { line, col } = lines.linePos(pos[0]);
  const what = message.startsWith('Maximum call stack') ? 'nested too deep' : sanitiseLine(message, 300);
  return { line, column: col, what };
}

/** A bomb of aliases, a nest without end and a merge of what is no map are refused by how they fail. */
function guarded<T>(name: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof RangeError) throw new UserError(`${name} is nested too deep.`);
    throw new UserError(`${name}: ${sanitiseLine(error instanceof Error ? error.message : error, 300)}.`);
  }
}

/** What says neither kind nor version. */
export function isStranger(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return true;
  return !('kind' in value) && !('apiVersion' in value);
}

function keysOf(path: string): readonly (string | number)[] {
  return [...path.matchAll(/[^.[\]]+/g)].map(([key]) => (/^\d+$/.test(key) ? Number(key) : key));
}

/** Of the deepest part of the path that is there. */
function offsetOf(document: Document, keys: readonly (string | number)[]): number {
  for (let length = keys.length; length > 0; length--) {
    const node = document.getIn(keys.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}

/** An empty document says nothing; a list says what its items say. */
export function objectsOf(value: unknown, name: string): readonly RawObject[] {
  if (value === null || value === undefined) return [];
  if (typeof value !== 'object' || Array.isArray(value)) throw new UserError(`${name} is no Kubernetes object.`);
  const raw = value as RawObject;
  if (typeof raw.kind !== 'string' || raw.kind === '') throw new UserError(`${name} has no kind.`);
  if (!raw.kind.endsWith('List') || !Array.isArray(raw.items)) return [named(raw, name)];
  const kind = raw.kind.slice(0, -'List'.length);
  return raw.items.flatMap((item: unknown, index) => {
    const at = `${name}, item ${index + 1}`;
    if (typeof item !== 'object' || item === null) throw new UserError(`${at} is no Kubernetes object.`);
    // Items of a typed list say neither kind nor version: the list does.
    return objectsOf(kind === '' ? item : { kind, apiVersion: raw.apiVersion, ...item }, at);
  });
}

function named(raw: RawObject, name: string): RawObject {
  const metadata = raw.metadata as RawObject | undefined;
  if (typeof metadata?.name === 'string' && metadata.name !== '') return raw;
  throw new UserError(`${name} (${sanitiseLine(raw.kind, 60)}) has no metadata.name.`);
}
