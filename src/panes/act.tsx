import type { Action, Plan } from '../actions/action.ts';
import type { Outcome } from '../actions/road.ts';
import { messageOf } from '../errors.ts';
import type { Frame } from '../ui/pane.ts';
import { createStore } from '../ui/store.ts';
import { ActOverlay } from './act/ActOverlay.tsx';
import { type ActState, outcomeTone, planned, planning, stepped } from './act/act-state.ts';
import { saysTheSame } from './act/says-the-same.ts';
import type { PaneProps } from './pane-props.ts';

/** A plan that is older is made once more before it is done, ms. */
const freshMs = 60_000;

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
  let left = false;
  let plannedAt = 0;
  frame.open((close, area) => (
    <ActOverlay
      store={store}
      road={road}
      {...area}
      onConfirm={() => void carryOut()}
      onStop={stop}
      onCopy={frame.copy}
      onClose={() => {
        left = true;
        close();
      }}
      onShown={(now) => {
        shown = now;
      }}
    />
  ));
  void plan(undefined);

  /** Nobody stops it: a plan changes nothing, and a terminal that is too small for a moment takes the overlay away, too. */
  async function plan(before: Plan | undefined): Promise<Plan | undefined> {
    try {
      const made = await road.plan(action, target, new AbortController().signal);
      plannedAt = Date.now();
      if (before !== undefined && saysTheSame(before, made)) return made;
      const name = made.dangerous || road.isProtected() ? road.clusterName() : '';
      store.update(() => planned(made, name, before !== undefined));
    } catch (error) {
      store.update(() => ({ phase: 'impossible', title: action.title, text: messageOf(error) }));
    }
    return undefined;
  }

  /** What somebody read for minutes is planned and rehearsed once more; undefined where it says something else by now. */
  async function stillSo(read: Plan): Promise<Plan | undefined> {
    store.update(() => planning(read.title));
    const made = await plan(read);
    if (made !== undefined && left) frame.flash('Left before anything was sent: nothing was changed.', 'warning');
    return left ? undefined : made;
  }

  /** Azure's own etag says whether a cluster is as it was. */
  function isFresh({ deployment }: Plan): boolean {
    return deployment !== undefined || Date.now() - plannedAt < freshMs;
  }

  function stop(): void {
    stopping.abort();
    store.update((now) => (now.phase === 'running' ? { ...now, stopping: true } : now));
  }

  async function carryOut(): Promise<void> {
    const state = store.get();
    if (state.phase !== 'asking') return;
    // At once where it may be: a second key of the same frame must find that it is being done.
    const plan = isFresh(state.plan) ? state.plan : await stillSo(state.plan);
    if (plan === undefined) return;
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
