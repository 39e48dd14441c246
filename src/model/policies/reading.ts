import { record, text } from '../objects/raw.ts';
import type { RawObject } from '../objects/row.ts';
import type { LabelKey } from './labels.ts';
import type { Modes } from './modes.ts';
import type { PolicyRef, Remark } from './rule.ts';
import { type Requirement, readRequirements } from './selector.ts';

/** What comes up while a policy is read: what makes it refused, and what has no effect. */
export type Reading = { problems: string[]; remarks: Remark[] };

/** Where a rule stands: what its fields mean depends on it. */
export type RulePlace = {
  policy: PolicyRef;
  part: 'ingress' | 'ingressDeny' | 'egress' | 'egressDeny';
  /** The subject selects pods that have no labels yet. */
  matchesInit: boolean;
  /** A host policy: its subject is nodes. */
  host: boolean;
  modes: Modes;
};

/** Says what is wrong at a path of the policy. */
export function problemAt({ problems }: Reading, path: string): (problem: string) => void {
  return (problem) => problems.push(`${path}: ${text(problem, 400)}`);
}

/**
 * The list at `path`, empty where it is absent. Nothing is cut: a rule left out would be a wrong verdict, so callers
 * bound the size of what they parse.
 */
export function listAt(value: unknown, path: string, reading: Reading): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  problemAt(reading, path)('must be a list');
  return [];
}

/** The object at `path`, empty where it is absent. */
export function objectAt(value: unknown, path: string, reading: Reading): RawObject {
  if (value === undefined || value === null) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as RawObject;
  problemAt(reading, path)('must be an object');
  return {};
}

/** The API server drops fields it does not know, and the rule without them says something else. */
export function noteUnknownFields(raw: RawObject, known: readonly string[], path: string, { remarks }: Reading): void {
  for (const key of Object.keys(raw)) {
    if (known.includes(key)) continue;
    const field = text(key, 100);
    remarks.push({ id: 'unknown-field', path, text: `there is no field ${field}; it has no effect` });
  }
}

/** Text at `path` that the API server asks for as such; what it says is no matter of verdicts. */
export function checkText(value: unknown, path: string, reading: Reading): void {
  if (value != null && typeof value !== 'string') problemAt(reading, path)('must be a string');
}

/** A name that the API server insists on. */
export function checkName(value: unknown, path: string, reading: Reading): void {
  if (typeof value !== 'string' || value === '') problemAt(reading, path)('is required');
}

/**
 * The requirements of the LabelSelector at `path`. One that is written without matchLabels is pruned to `{}`, and that
 * selects everything.
 */
export function selectorAt(
  raw: unknown,
  keyOf: (key: string) => LabelKey,
  path: string,
  reading: Reading,
): Requirement[] {
  noteUnknownFields(record(raw), ['matchLabels', 'matchExpressions'], path, reading);
  return readRequirements(raw, keyOf, problemAt(reading, path));
}

/** A range that this Cilium does not take: only its first port counts. */
export function noteIgnoredRange(endPort: number, last: number, path: string, { remarks }: Reading): void {
  if (endPort <= last) return;
  remarks.push({ id: 'end-port', path, text: `endPort ${endPort} is ignored before Cilium 1.17` });
}

/** IANA service name, as ports are named: at least one letter, no dashes at the ends or in a row, 15 characters. */
export function isPortName(name: string): boolean {
  return /^(?=.*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*$/i.test(name) && name.length <= 15;
}
