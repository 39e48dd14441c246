import { isDeepStrictEqual } from 'node:util';
import { applyPatch, structuredPatch } from 'diff';
import type { Outcome } from '../../actions/road.ts';
import { messageOf, UserError } from '../../errors.ts';
import type { RawObject } from '../../model/objects/row.ts';
import type { Draft, WhatIfReport } from '../../model/policies/policy-asks.ts';
import { readDraft } from '../../model/policies/read-draft.ts';
import { objectKey } from '../../model/policies/read-facts.ts';
import { asWritten } from '../../model/policies/written.ts';
import { yamlOf } from '../../model/policies/written-yaml.ts';

/** What is tried, and how far it has come. Kept with the view: an answer or a look elsewhere never loses a draft. */
export type DraftState = Readonly<{
  phase: 'reading' | 'editing' | 'here' | 'failed';
  /** Why there is nothing to try, and what to do. */
  problem: string;
  hint: string;
  /** As it is edited, with the person's own comments; '' where something is deleted. */
  text: string;
  /** Where and why the text cannot be read. It is kept, and editing goes on where one was. */
  unread: Unread | undefined;
  /** undefined while the text cannot be read. */
  draft: Draft | undefined;
  /** Somebody edited it here: it is not read from its source again. */
  edited: boolean;
  /** Grows with every other draft. */
  revision: number;
  /** Each object as it was when the draft was begun, by its key; undefined = it was not there. */
  base: ReadonlyMap<string, RawObject | undefined>;
  applied: ReadonlyMap<string, Applied>;
}>;

/** `above`: lines that stood above the text where the person wrote it. */
export type Unread = Readonly<{ line: number; column: number; problem: string; above: number }>;

/** `at`: when it was confirmed as done, by the server's clock. `report`: what it was to do, as it was read before. */
export type Applied = Readonly<{ outcome: Outcome; at: number; report: WhatIfReport | undefined }>;

export const nothingYet: DraftState = {
  phase: 'reading',
  problem: '',
  hint: '',
  text: '',
  unread: undefined,
  draft: undefined,
  edited: false,
  revision: 0,
  base: new Map(),
  applied: new Map(),
};

/** A text that became the draft: read, or kept as it is with the reason why it cannot be. */
export function withText(state: DraftState, text: string, namespace: string, above = 0): DraftState {
  const read = readDraft(text, namespace);
  const next = { ...state, phase: 'here', text, revision: state.revision + 1, applied: new Map() } as const;
  if (read.objects === undefined) {
    const { line, column, problem } = read;
    return { ...next, draft: undefined, unread: { line, column, problem, above } };
  }
  return { ...next, draft: { put: read.objects, remove: [] }, unread: undefined };
}

/** `line 3, column 5: …`, as one finds it in what one wrote. */
export function unreadText({ line, column, problem, above }: Unread): string {
  return `line ${line + above}, column ${column}: ${problem}`;
}

export function withFailure(state: DraftState, error: unknown): DraftState {
  if (!(error instanceof UserError)) return { ...state, phase: 'failed', problem: messageOf(error), hint: '' };
  return { ...state, phase: 'failed', problem: error.what, hint: error.hint };
}

/** What was there when the draft was begun is remembered once: whatever it is later was changed meanwhile. */
export function withBase(state: DraftState, live: ReadonlyMap<string, RawObject | undefined>): DraftState {
  const missing = [...live].filter(([key]) => !state.base.has(key));
  return missing.length === 0 ? state : { ...state, base: new Map([...state.base, ...missing]) };
}

/** What is there now has been seen: from here on the draft is held against it. */
export function withSeen(state: DraftState, live: ReadonlyMap<string, RawObject | undefined>): DraftState {
  return { ...state, base: new Map([...state.base, ...live]) };
}

export function withApplied(state: DraftState, key: string, applied: Applied): DraftState {
  return { ...state, applied: new Map([...state.applied, [key, applied]]) };
}

/** The draft with what others changed meanwhile taken up, or why it cannot be. */
export function merged(
  state: DraftState,
  live: ReadonlyMap<string, RawObject | undefined>,
  namespace: string,
): DraftState | string {
  const objects = (state.draft?.put ?? []).map((mine) => mergeOne(state.base.get(objectKey(mine)), mine, live));
  const why = objects.find((one) => typeof one === 'string');
  if (why !== undefined) return why;
  const put = objects.filter((one) => typeof one !== 'string');
  return { ...withText(withSeen(state, live), put.map(yamlOf).join('---\n'), namespace), edited: true };
}

/** Whoever changed more lines than this has both versions before them, and merges by hand. */
const maxEditLength = 1_000;

function mergeOne(
  base: RawObject | undefined,
  mine: RawObject,
  live: ReadonlyMap<string, RawObject | undefined>,
): RawObject | string {
  const theirs = live.get(objectKey(mine));
  if (base === undefined && theirs === undefined) return mine;
  if (base === undefined) return 'somebody else made one of that name';
  if (theirs === undefined) return 'it was deleted meanwhile';
  const [was, is, want] = [asWritten(base), asWritten(theirs), asWritten(mine)];
  if (isDeepStrictEqual(was, is)) return mine;
  const patch = structuredPatch('', '', yamlOf(was), yamlOf(want), '', '', { maxEditLength });
  if (patch === undefined) return 'yours changed too many lines to be merged';
  const text = applyPatch(yamlOf(is), patch);
  const [read] = text === false ? [] : (readDraft(text, '').objects ?? []);
  return read ?? 'both changed the same lines';
}
