import { list, record } from '../objects/raw.ts';
import type { RawObject } from '../objects/row.ts';
import type { Direction } from './rule.ts';

/** A policy with one rule more, and where it was put: `spec.ingress`. */
export type AddedRule = { object: RawObject; at: string };

/** Puts a rule at the end of the list in which the rule at `path` stands; nothing that is there is changed. */
export function withRule(
  policy: RawObject,
  path: string,
  direction: Direction,
  rule: RawObject,
): AddedRule | undefined {
  const index = /^specs\[(\d+)\]/.exec(path)?.[1];
  const longer = (spec: unknown): RawObject => {
    const rules = list(record(spec)[direction], Number.POSITIVE_INFINITY);
    return { ...record(spec), [direction]: [...rules, rule] };
  };
  if (index === undefined) {
    if (policy.spec === undefined) return undefined;
    return { object: { ...policy, spec: longer(policy.spec) }, at: `spec.${direction}` };
  }
  const specs = list(policy.specs, Number.POSITIVE_INFINITY);
  if (specs[Number(index)] === undefined) return undefined;
  const changed = specs.map((spec, at) => (at === Number(index) ? longer(spec) : spec));
  return { object: { ...policy, specs: changed }, at: `specs[${index}].${direction}` };
}
