// Reading what a server sent, when nothing about it is certain: a wrong type reads as if the field were absent.
import { sanitiseLine } from '../sanitise.ts';
import type { Edit, RawObject } from './row.ts';

const NOTHING: RawObject = Object.freeze({});
const EMPTY: readonly unknown[] = Object.freeze([]);

/** The object at `value`, or an empty one. */
export function record(value: unknown): RawObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as RawObject) : NOTHING;
}

/** What lies there, however deep: `at(pod, 'status', 'phase')`. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => record(inner)[key], value);
}

/** At most `most` elements of the array at `value`. */
export function list(value: unknown, most = 1_000): readonly unknown[] {
  if (!Array.isArray(value)) return EMPTY;
  return value.length > most ? value.slice(0, most) : value;
}

export function text(value: unknown, limit = 253): string {
  return sanitiseLine(value, limit);
}

/** A finite number, also one written as text; else 0. */
export function count(value: unknown): number {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : 0;
}

export function flag(value: unknown): boolean {
  return value === true;
}

const RFC3339 = /^\d{4}-\d\d-\d\dT/;

/** RFC 3339 → milliseconds since 1970; 0 for anything else. */
export function time(value: unknown): number {
  if (typeof value !== 'string' || value.length > 40 || !RFC3339.test(value)) return 0;
  const parsed = Date.parse(value);
  return Number.isNaN(parsed) ? 0 : Math.max(parsed, 0);
}

/** The controller among the owners, else the first owner. */
export function owner(metadata: RawObject): { kind: string; name: string; uid: string } {
  const owners = list(metadata.ownerReferences, 20).map(record);
  const chosen = owners.find((one) => one.controller === true) ?? owners[0] ?? NOTHING;
  return { kind: text(chosen.kind), name: text(chosen.name), uid: text(chosen.uid) };
}

const NO_EDITS: readonly Edit[] = Object.freeze([]);
const MOST_EDITS = 12;
const MOST_FIELDS = 6;

/** Who wrote what when, of metadata.managedFields: at most 12 entries, oldest first. */
export function edits(metadata: RawObject): readonly Edit[] {
  const entries = list(metadata.managedFields, 50);
  if (entries.length === 0) return NO_EDITS;
  return entries
    .map(record)
    .map((entry) => ({
      manager: text(entry.manager),
      operation: text(entry.operation),
      subresource: text(entry.subresource),
      at: time(entry.time),
      fields: fieldPaths(record(entry.fieldsV1)),
    }))
    .filter((edit) => edit.at > 0)
    .sort((a, b) => a.at - b.at)
    .slice(-MOST_EDITS);
}

/** Below these a path says more than at them. */
const DEEPER =
  /^(spec|metadata|status|data|metadata\.(labels|annotations)|spec\.template(\.(spec|metadata)(\.(labels|annotations))?)?|spec\.template\.spec\.(initC|c)ontainers(\[[^\]]*\])?)$/;

function fieldPaths(fields: RawObject): readonly string[] {
  const paths: string[] = [];
  descend(fields, '', paths, 0);
  return paths;
}

function descend(node: RawObject, path: string, paths: string[], depth: number): void {
  for (const key in node) {
    if (paths.length >= MOST_FIELDS) return;
    const next = joined(path, key);
    if (next === undefined) continue;
    const below = record(node[key]);
    if (depth < 8 && DEEPER.test(next) && Object.keys(below).some((name) => name !== '.')) {
      descend(below, next, paths, depth + 1);
    } else {
      paths.push(sanitiseLine(next, 120));
    }
  }
}

/** `f:spec` → `.spec`, `k:{"name":"web"}` → `[web]`; the `.` of an owned parent adds nothing. */
function joined(path: string, key: string): string | undefined {
  if (key.startsWith('f:')) return path === '' ? key.slice(2) : `${path}.${key.slice(2)}`;
  if (key.startsWith('k:') || key.startsWith('v:')) {
    const name = /"(?:name|type|ip|key)":"([^"]*)"/.exec(key)?.[1] ?? key.slice(2);
    return `${path}[${name}]`;
  }
  return undefined;
}

/** The five fields every row begins with, in their order. */
export type Head = { uid: string; namespace: string; name: string; created: number; version: string };

/** Rows of which there are 100,000 name these fields one by one: what is spread into a literal lies in a second object. */
export function head(raw: RawObject, line: (value: unknown) => string): Head {
  const metadata = record(raw.metadata);
  const namespace = line(metadata.namespace);
  const name = text(metadata.name);
  const uid = text(metadata.uid);
  return {
    // An object without a uid is still one object of that name.
    uid: uid === '' ? `${namespace}/${name}` : uid,
    namespace,
    name,
    created: time(metadata.creationTimestamp),
    version: text(metadata.resourceVersion),
  };
}
