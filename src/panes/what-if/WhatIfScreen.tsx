import { useEffect, useMemo, useRef } from 'react';
import type { WhatIfReport } from '../../model/policies/policy-asks.ts';
import { type PolicyRef, policyKey } from '../../model/policies/rule.ts';
import type { ObjectRef } from '../../model/ref.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Frame } from '../../ui/pane.ts';
import { cutEnd } from '../../ui/text.ts';
import { useTheme } from '../../ui/theme.ts';
import { answerState } from '../answer-state.ts';
import { LinesScreen } from '../LinesScreen.tsx';
import type { PaneProps } from '../pane-props.ts';
import type { PaneState } from '../pane-state.ts';
import { policyVersion } from '../policy-version.ts';
import { type Computed, type KeptAnswer, useAnswer } from '../use-answer.ts';
import { useNow } from '../use-now.ts';
import { isInPlace } from './draft-news.ts';
import { type DraftState, withBase } from './draft-state.ts';
import { type Trial, whatIfKeys } from './keys.ts';
import { askStandings, refOf, type Standings, writtenVersion } from './standing.ts';
import { useDraft } from './use-draft.ts';
import { readWay, wayTitle } from './way.ts';
import { whatIfPage } from './what-if-page.ts';

/** What a change of policies would do, before anything is changed; and the way to do it. */
export function WhatIfScreen(screen: PaneProps & Frame) {
  const { store, asks, policies, road, desk, now, ...frame } = screen;
  const props: PaneProps = { store, asks, policies, road, desk, now };
  const { glyphs } = useTheme();
  const time = useNow(now);
  const held = useDraft(props, frame);
  const { state } = held;
  const { draft } = state;
  const tryable = draft === undefined ? '' : `${frame.args.join('\0')} ${state.revision}`;

  const refs = useMemo(() => refsOf(state), [state]);
  const standings = useAnswer<Standings>(
    store,
    tryable === '' ? '' : `standing ${tryable}`,
    (signal) => askStandings(draft ?? NO_DRAFT, props, signal),
    (snapshot: Snapshot) => writtenVersion(snapshot, refs),
    frame.keep<KeptAnswer<Standings>>('standings', () => ({ current: undefined })),
  );
  const told = standings.value;
  useEffect(() => {
    if (told !== undefined)
      held.store.update((before) => withBase(before, new Map(told.of.map(({ key, live }) => [key, live]))));
  }, [told, held.store]);

  const computed = useAnswer<WhatIfReport>(
    store,
    tryable === '' ? '' : `what if ${tryable}`,
    (signal) => policies.whatIf(draft ?? NO_DRAFT, signal),
    policyVersion,
    frame.keep<KeptAnswer<WhatIfReport>>('report', () => ({ current: undefined })),
  );
  // Once it is applied and stands, nothing differs any more: what it did is what one wants to read.
  const inPlace = told !== undefined && told.of.length > 0 && told.of.every((one) => isInPlace(state, one, told));
  const report = inPlace ? [...state.applied.values()].at(-1)?.report : computed.value;

  const columns = frame.width - 1;
  const unasked = failureOf(standings);
  const uncomputed = inPlace ? '' : failureOf(computed);
  const lines = useMemo(() => {
    if (state.phase !== 'here') return [];
    const summaries = store.get().policies;
    const before = (ref: PolicyRef) => summaries.get(policyKey(ref));
    return whatIfPage({ state, report, standings: told, unasked, uncomputed, before }, { columns, glyphs, now: now() });
  }, [state, report, told, unasked, uncomputed, columns, glyphs, store, now]);

  const trial = useRef<Trial>(undefined);
  const namespace = frame.scope === '' ? 'default' : frame.scope;
  const again = () => {
    standings.again();
    computed.again();
  };
  trial.current = { props, held, namespace, report, standings: told, unasked, again };
  const bindings = useMemo(() => whatIfKeys(() => trial.current as Trial), []);
  const links = useSnapshot(store, (snapshot) => snapshot.links);
  return (
    <LinesScreen
      frame={frame}
      name={`what-if ${state.revision}`}
      title={['What if', cutEnd(wayTitle(readWay(frame.args)), Math.max(12, frame.width - 40), glyphs.ellipsis)]
        .filter(Boolean)
        .join(' · ')}
      state={stateOf(state, inPlace) ?? answerState(computed, links, time, glyphs)}
      lines={lines}
      bindings={bindings}
    />
  );
}

const NO_DRAFT = { put: [], remove: [] };

function failureOf({ phase, problem, hint }: Computed<unknown>): string {
  return phase === 'failed' ? [problem, hint].filter(Boolean).join(' ') : '';
}

function refsOf({ draft }: DraftState): readonly ObjectRef[] {
  return [...(draft?.put ?? []).map(refOf), ...(draft?.remove ?? [])];
}

/** What the draft itself has to say; undefined where the answer's own state counts. */
function stateOf({ phase, problem, hint, unread }: DraftState, inPlace: boolean): PaneState | undefined {
  const base = { phase: 'loading', glyph: 'progress', tone: 'progress', old: false } as const;
  if (phase === 'failed') {
    const sentence = [problem, hint].filter(Boolean).join(' ');
    return { ...base, phase: 'failed', glyph: 'error', tone: 'error', text: 'nothing to try', sentence };
  }
  if (phase === 'reading') return { ...base, text: 'reading', sentence: 'Reading what is to be changed.' };
  if (phase === 'editing') return { ...base, text: 'in the editor', sentence: 'The editor has the terminal.' };
  if (unread !== undefined)
    return { ...base, phase: 'live', glyph: 'error', tone: 'error', text: 'cannot be read', sentence: '' };
  if (inPlace) return { ...base, phase: 'live', glyph: 'ok', tone: 'ok', text: 'applied', sentence: '' };
  return undefined;
}
