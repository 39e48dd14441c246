import type { Action } from '../actions/action.ts';
import type { Outcome } from '../actions/road.ts';
import { messageOf } from '../errors.ts';
import type { Frame } from '../ui/pane.ts';
import { createStore } from '../ui/store.ts';
import { ActOverlay } from './act/ActOverlay.tsx';
import { type ActState, outcomeTone, planned, planning, stepped } from './act/act-state.ts';
import type { PaneProps } from './pane-props.ts';

/**
 * The road out: lays over the pane what the action would do, asks, does it, and tells what became of it. What was
 * confirmed goes on when the overlay is left; `onDone` hears its outcome.
 */
export function act<T>(
  action: Action<T>,
  target: T,
  props: Pick<PaneProps, 'road'>,
  frame: Pick<Frame, 'open' | 'flash' | 'copy'>,
  onDone?: (outcome: Outcome) => void,
): void {
  const { road } = props;
  const refusal = road.refusal(action, target);
  if (refusal !== undefined) {
    frame.flash(refusal, 'warning');
    return;
  }
  const stopping = new AbortController();
  const store = createStore<ActState>(planning(action.title));
  let shown = false;
  frame.open((close, area) => (
    <ActOverlay
      store={store}
      road={road}
      {...area}
      onConfirm={() => void carryOut()}
      onStop={stop}
      onCopy={frame.copy}
      onClose={close}
      onShown={(now) => {
        shown = now;
      }}
    />
  ));
  // Nobody stops it: a plan changes nothing, and a terminal that is too small for a moment takes the overlay away, too.
  road.plan(action, target, new AbortController().signal).then(
    (plan) => store.update(() => planned(plan, plan.dangerous || road.isProtected() ? road.clusterName() : '')),
    (error: unknown) => store.update(() => ({ phase: 'impossible', title: action.title, text: messageOf(error) })),
  );

  function stop(): void {
    stopping.abort();
    store.update((now) => (now.phase === 'running' ? { ...now, stopping: true } : now));
  }

  async function carryOut(): Promise<void> {
    const state = store.get();
    if (state.phase !== 'asking') return;
    const { plan } = state;
    store.update(() => ({ phase: 'running', plan, steps: [], parts: [], stopping: false }));
    const outcome = await road.run(
      action,
      plan,
      (step) => store.update((now) => (now.phase === 'running' ? stepped(now, step) : now)),
      stopping.signal,
    );
    store.update(() => ({ phase: 'ended', plan, outcome }));
    if (!shown) frame.flash([outcome.text, outcome.hint].filter(Boolean).join(' '), outcomeTone(outcome.outcome));
    onDone?.(outcome);
  }
}
