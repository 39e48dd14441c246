// What most steps do: see whether what they need was read, take a finding at its word, say what speaks for and against.
import { type Needs, whyNot } from '../checks/why-not.ts';
import { UserError } from '../errors.ts';
import type { Finding } from '../model/finding.ts';
import { type ObjectRef, refKey } from '../model/ref.ts';
import type { Evidence, Looked, RunState } from './runbook.ts';

/** Throws a UserError (`forbidden: list pods`) where one of these was not read: what is not there is then no evidence. */
export function mustRead(
  { snapshot, now }: Pick<RunState, 'snapshot' | 'now'>,
  needs: Needs['needs'],
  more: Omit<Needs, 'needs'> = {},
): void {
  const why = whyNot({ needs, ...more }, snapshot, now);
  if (why !== undefined && why.rows === 'none') throw new UserError(why.text, '', 'unread');
}

/** Findings of these checks, those about the object alone where one is given. */
export function findingsOf(
  { snapshot }: Pick<RunState, 'snapshot'>,
  ids: readonly string[],
  about?: ObjectRef,
): readonly Finding[] {
  return snapshot.judgement.findings.filter(
    ({ id, objects }) =>
      ids.includes(id) && (about === undefined || objects.some((object) => refKey(object) === refKey(about))),
  );
}

/**
 * Throws a UserError where one of these checks could not look, in its words: that it tells nothing means nothing then.
 * A check that waits whether something stays has looked.
 */
export function mustHaveLooked({ snapshot }: Pick<RunState, 'snapshot'>, ids: readonly string[]): void {
  const { findings, notLookedAt, notAsked } = snapshot.judgement;
  const told = new Set(findings.map(({ id }) => id));
  const blind = [...notLookedAt, ...notAsked].find(({ id }) => ids.includes(id) && !told.has(id));
  if (blind !== undefined) throw new UserError(blind.reason, '', 'unread');
}

/** A finding as evidence: its title, then what it saw. */
export function toldBy(finding: Finding, most = 4): readonly Evidence[] {
  const { id, title, evidence, objects } = finding;
  const [object] = objects;
  return [title, ...evidence.slice(0, most)].map((text) => ({
    ...{ speaks: 'for' as const, text, source: `check ${id}` },
    ...(object === undefined ? {} : { object }),
  }));
}

export function speaksFor(text: string, source: string, object?: ObjectRef): Evidence {
  return evidence('for', text, source, object);
}

export function speaksAgainst(text: string, source: string, object?: ObjectRef): Evidence {
  return evidence('against', text, source, object);
}

export function seen(text: string, source: string, object?: ObjectRef): Evidence {
  return evidence('neither', text, source, object);
}

/** A step that saw nothing of it. */
export function nothingOf(text: string, source: string): Looked {
  return { evidence: [speaksAgainst(text, source)] };
}

/** What an earlier step of the same runbook read; undefined where it could not. */
export function readBy<T>({ found }: Pick<RunState, 'found'>, step: string): T | undefined {
  return found.get(step)?.value as T | undefined;
}

/** For a `skip`: what rests on a step that could not look is not known, and nothing else may be said of it. '' = it did. */
export function restsOn({ found }: Pick<RunState, 'found'>, step: string): string {
  return found.has(step) ? '' : `it rests on "${step}", which could not look`;
}

function evidence(speaks: Evidence['speaks'], text: string, source: string, object?: ObjectRef): Evidence {
  return object === undefined ? { speaks, text, source } : { speaks, text, source, object };
}
