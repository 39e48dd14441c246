import { applyPolicy } from '../../actions/apply-policy.ts';
import { deletePolicy } from '../../actions/delete-policy.ts';
import { reachWords } from '../../actions/reach-words.ts';
import type { Outcome } from '../../actions/road.ts';
import type { RawObject } from '../../model/objects/row.ts';
import type { WhatIfReport } from '../../model/policies/policy-asks.ts';
import { objectKey } from '../../model/policies/read-facts.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import { act } from '../act.tsx';
import type { LineKeys } from '../LinesScreen.tsx';
import type { PaneProps } from '../pane-props.ts';
import { changedMeanwhile, remaining } from './draft-news.ts';
import { type DraftState, merged, unreadText, withApplied, withSeen } from './draft-state.ts';
import type { Standing, Standings } from './standing.ts';
import type { HeldDraft } from './use-draft.ts';
import { readWay } from './way.ts';

/** What the keys of the page see, read when a key arrives. */
export type Trial = Readonly<{
  props: PaneProps;
  held: HeldDraft;
  namespace: string;
  report: WhatIfReport | undefined;
  standings: Standings | undefined;
  /** Why the server could not be asked; ''. */
  unasked: string;
  again(): void;
}>;

export function whatIfKeys(trial: () => Trial): readonly Binding<LineKeys>[] {
  const now = () => {
    const { held, standings } = trial();
    const state = held.store.get();
    return { state, standings, next: remaining(state, standings)[0] };
  };
  return [
    {
      keys: ['a'],
      title: 'apply…',
      word: 'apply',
      rank: 2,
      applies: () => !isApplied(now()),
      unless: () => whyNotApply(trial(), now()),
      run({ frame }) {
        const { next, state } = now();
        if (next !== undefined) apply(trial(), state, next, frame);
      },
    },
    // In the footer it would be an offer.
    {
      keys: ['a'],
      title: 'apply…',
      applies: () => isApplied(now()),
      unless: () => whyNotApply(trial(), now()),
      run() {},
    },
    {
      keys: ['e'],
      title: 'edit',
      rank: 3,
      unless: () => whyNotEdit(now().state),
      run() {
        const { held, standings } = trial();
        // Whoever edits now has read what is there now, be it changed by others or by what was applied.
        held.store.update((before) => withSeen(before, liveOf(standings?.of ?? [])));
        held.edit();
      },
    },
    {
      keys: ['m'],
      title: 'take up what others changed',
      rank: 4,
      applies: () => (now().standings?.of ?? []).some((one) => changedMeanwhile(now().state, one)),
      unless: () => (now().state.draft?.put.length ? undefined : 'it would be deleted: a applies, esc goes back'),
      run({ frame }) {
        const { held, standings, namespace } = trial();
        const next = merged(held.store.get(), liveOf(standings?.of ?? []), namespace);
        if (typeof next === 'string') frame.flash(`${next}: e edits yours by hand`, 'warning');
        else held.store.update(() => next);
      },
    },
    {
      keys: ['c'],
      title: 'copy YAML',
      rank: 12,
      unless: () => (now().state.text === '' ? 'there is no YAML: it would be deleted' : undefined),
      run: ({ frame }) => frame.copy(now().state.text),
    },
    {
      keys: ['ctrl-r'],
      title: 'ask again',
      rank: 13,
      run: ({ frame }) => {
        const { held, again } = trial();
        const { phase, edited } = held.store.get();
        // A file is read anew, be it there now or another one; what was edited here is never given up by a key.
        if (phase === 'failed' || (readWay(frame.args).type === 'file' && !edited)) held.begin();
        else again();
      },
    },
  ];
}

type Now = { state: DraftState; standings: Standings | undefined; next: Standing | undefined };

function whyNotEdit({ phase, draft, text }: DraftState): string | undefined {
  if (phase === 'failed' || phase === 'reading') return 'there is no draft yet';
  return text === '' && draft !== undefined ? 'there is nothing to edit: it would be deleted' : undefined;
}

function whyNotApply({ props, unasked }: Trial, { state, standings, next }: Now): string | undefined {
  if (state.unread !== undefined) return `the draft cannot be read (${unreadText(state.unread)}): e edits it`;
  if (state.draft === undefined) return 'there is no draft yet';
  if (unasked !== '') return `the server could not be asked: ${unasked}`;
  if (standings === undefined) return 'the server has not answered the dry run yet';
  if (next === undefined)
    return state.applied.size > 0 ? 'it is applied; :undo takes it back' : 'it is as the cluster has it';
  if (next.refused !== '') return `the server refuses it: ${next.refused}`;
  if (changedMeanwhile(state, next)) return 'it was changed meanwhile: m takes that up, e edits yours';
  return props.road.refusal();
}

function isApplied({ state, standings, next }: Now): boolean {
  return standings !== undefined && next === undefined && state.applied.size > 0;
}

function liveOf(standings: readonly Standing[]): ReadonlyMap<string, RawObject | undefined> {
  return new Map(standings.map(({ key, live }) => [key, live]));
}

function apply(
  { props, held, report }: Trial,
  state: DraftState,
  { key, way }: Standing,
  frame: LineKeys['frame'],
): void {
  const base = state.base.get(key);
  const known = { reach: reachOf(report), ...(base !== undefined && { base }) };
  const done = (outcome: Outcome) =>
    held.store.update((now) =>
      now.revision === state.revision ? withApplied(now, key, { outcome, at: props.now(), report }) : now,
    );
  const object = state.draft?.put.find((one) => objectKey(one) === key);
  const [ref] = state.draft?.remove ?? [];
  if (way === 'put' && object !== undefined) act(applyPolicy, { object, ...known }, props, frame, done);
  if (way === 'remove' && ref !== undefined) act(deletePolicy, { ref, ...known }, props, frame, done);
}

function reachOf(report: WhatIfReport | undefined): readonly string[] {
  return report === undefined ? ['What it would do to connections has not been computed.'] : reachWords(report);
}
