import { type Document, isNode, LineCounter, parseAllDocuments } from 'yaml';
import { UserError } from '../../errors.ts';
import type { RawObject } from '../../model/objects/row.ts';
import { sanitiseLine } from '../../model/sanitise.ts';

/** A larger text is no manifest, and would keep the parser busy for minutes. */
const mostMegabytes = 16;
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
  const lines = new LineCounter();
  const documents = guarded(name, () =>
    parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, merge: true }),
  );
  return documents.flatMap((document, index) => {
    const [error] = document.errors;
    if (error) {
      const { line, col } = lines.linePos(error.pos[0]);
      throw new UserError(`${name}, line ${line}, column ${col}: ${sanitiseLine(error.message, 300)}.`);
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

/** A bomb of aliases and a nest without end are refused by how they fail. */
function guarded<T>(name: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof RangeError) throw new UserError(`${name} is nested too deep.`);
    if (error instanceof ReferenceError) throw new UserError(`${name}: ${sanitiseLine(error.message, 300)}.`);
    throw error;
  }
}

function isStranger(value: unknown): boolean {
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
