import { isDeepStrictEqual } from 'node:util';
import { useEffect, useMemo, useRef } from 'react';
import type { Finding } from '../../model/finding.ts';
import { type ObjectRef, refKey } from '../../model/ref.ts';
import type { Offer } from '../../model/runbook-result.ts';
import { runbooks } from '../../runbooks/index.ts';
import type { Runbook } from '../../runbooks/runbook.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Frame } from '../../ui/pane.ts';
import { useStore } from '../../ui/store.ts';
import { age } from '../../ui/text.ts';
import { useTheme } from '../../ui/theme.ts';
import { act } from '../act.tsx';
import { LinesScreen } from '../LinesScreen.tsx';
import { offeredAction } from '../offered-action.ts';
import type { PaneProps } from '../pane-props.ts';
import type { PaneState } from '../pane-state.ts';
import type { RanRunbook } from '../query-desk.ts';
import { useDerived } from '../use-derived.ts';
import { useNow } from '../use-now.ts';
import { openView } from '../views.ts';
import { runbookKeys } from './keys.ts';
import { RunbookList } from './RunbookList.tsx';
import { runbookPage } from './runbook-page.ts';
import { createRunbookRun, type RunbookState } from './runbook-run.ts';

/** A runbook that runs while one reads it; without an id, which ones there are. */
export function RunbookScreen(props: PaneProps & Frame) {
  const [id = ''] = props.args;
  const runbook = runbooks.find((one) => one.id === id);
  return runbook === undefined ? <RunbookList {...props} /> : <RunningScreen {...props} runbook={runbook} />;
}

function RunningScreen({ runbook, ...props }: PaneProps & Frame & { runbook: Runbook }) {
  const { store, asks, policies: _p, now, road, desk, ...frame } = props;
  const { glyphs } = useTheme();
  const epoch = useSnapshot(store, (snapshot) => snapshot.epoch);
  const typed = frame.args.slice(1).join(' ');
  const kept = frame.keep(`runbook ${epoch} ${runbook.id} ${typed}`, () => {
    const run = createRunbookRun(runbook.id, frame.args.slice(1), { snapshot: store.get, now, asks });
    // For the report, also of one that ends while somebody looks elsewhere.
    run.state.subscribe(() => noteRan({ desk, store }, runbook, run.state.get()));
    return { run, begun: { value: false } };
  });
  const { run, begun } = kept;
  const state = useStore(run.state);
  const time = useNow(now, 1_000);
  useEffect(() => {
    if (begun.value) return;
    begun.value = true;
    run.start();
  }, [run, begun]);

  const { target, suspects } = state;
  const among = useDerived(
    store,
    (snapshot) => snapshot.judgement,
    ({ judgement }) => amongWords(runbook, target, judgement.findings),
    { dependencies: `${runbook.id} ${target === undefined ? '' : refKey(target)}` },
  );
  const columns = frame.width - 1;
  const latest = useRef({ offers: nothing, take: (_offer: Offer) => {} });
  latest.current = {
    offers: state.steps.flatMap((step) => step.offers),
    take(offer) {
      // A list of offers may stand open while another cluster is chosen, or while it is run again.
      const isOfNow = store.get().epoch === epoch && latest.current.offers.includes(offer);
      const refusal = isOfNow ? offer.refusal : 'that was offered on what was seen before: it is looked at anew';
      if (refusal !== '') frame.flash(refusal, 'warning');
      else act(offeredAction(offer), offer.target as never, { road }, frame);
    },
  };
  const lines = useMemo(
    () =>
      runbookPage(runbook, state, {
        ...{ columns, glyphs, target, among, others: suspects, openObject: openView },
        take: (offer) => latest.current.take(offer),
        answer: run.answer,
      }),
    [runbook, state, columns, glyphs, target, among, suspects, run],
  );
  const choices = state.question?.choices.map(({ key }) => key).join(' ') ?? '';
  const bindings = useMemo(
    () =>
      runbookKeys(
        () => ({ runbook, run, where: store.get().cluster.context, ...latest.current }),
        choices === '' ? [] : choices.split(' '),
      ),
    [runbook, run, store, choices],
  );
  return (
    <LinesScreen
      frame={frame}
      name={`runbook ${runbook.id} ${typed}`}
      title={`Runbook ${runbook.id}`}
      state={stateOf(state, runbook, time)}
      lines={state.phase === 'failed' ? [] : lines}
      bindings={bindings}
    />
  );
}

/** A finding leads here about one of what it names: which one is said, so that nobody takes it for all. */
function amongWords({ from, target }: Runbook, about: ObjectRef | undefined, findings: readonly Finding[]): string {
  if (about === undefined) return '';
  for (const { id, objects } of findings.filter((one) => from.includes(one.id))) {
    const fitting = objects.filter(({ kind }) => target?.kinds.includes(kind));
    const at = fitting.findIndex((one) => refKey(one) === refKey(about));
    if (at >= 0 && fitting.length > 1)
      return `· ${at === 0 ? 'the first' : 'one'} of ${fitting.length} that ${id} names`;
  }
  return '';
}

function noteRan(
  { desk: { ran }, store }: Pick<PaneProps, 'desk' | 'store'>,
  { title }: Runbook,
  { result, ended: at }: RunbookState,
): void {
  if (result === undefined || ran.get().some((one) => one.result === result)) return;
  const isSame = (one: typeof result) => one.id === result.id && isDeepStrictEqual(one.target, result.target);
  const { epoch } = store.get();
  const isBefore = (one: RanRunbook) => one.epoch === epoch && isSame(one.result);
  ran.update((before) => [...before.filter((one) => !isBefore(one)), { at, epoch, title, result }].slice(-mostRan));
}

const mostRan = 20;
const nothing: readonly Offer[] = [];

function stateOf({ phase, steps, result, problem, ended }: RunbookState, runbook: Runbook, now: number): PaneState {
  const base = { phase: 'live', sentence: '', old: false } as const;
  const step = `step ${Math.min(steps.length + 1, runbook.steps.length)} of ${runbook.steps.length}`;
  switch (phase) {
    case 'running':
      return { ...base, glyph: 'progress', tone: 'progress', text: step };
    case 'asking':
      return { ...base, glyph: 'progress', tone: 'accent', text: `${step} asks` };
    case 'cancelled':
      return { ...base, glyph: 'unknown', tone: 'unknown', text: 'cancelled' };
    case 'failed':
      return failed(problem);
    case 'ended':
      break;
  }
  // It is not looked at again by itself.
  const at = now - ended < 60_000 ? '' : ` · looked ${age(now - ended)} ago, ctrl-r again`;
  if (result?.cause !== undefined)
    return { ...base, glyph: 'error', tone: 'error', text: `cause, ${result.cause.confidence}${at}` };
  if (result?.outcome === 'unknown') return { ...base, glyph: 'unknown', tone: 'unknown', text: `could not tell${at}` };
  return { ...base, glyph: 'ok', tone: 'ok', text: `not this${at}` };
}

function failed(sentence: string): PaneState {
  return { phase: 'failed', glyph: 'error', tone: 'error', text: 'could not be run', sentence, old: false };
}
