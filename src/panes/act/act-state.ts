import type { Plan } from '../../actions/action.ts';
import type { Outcome, Step } from '../../actions/road.ts';
import type { Tone } from '../../ui/theme.ts';

/** How far a change is between the key that asked for it and what became of it. */
export type ActState =
  | { phase: 'planning'; title: string }
  /** It cannot be done, or not so. */
  | { phase: 'impossible'; title: string; text: string }
  /** `name` must be typed; '' = `y` is enough. `again`: it says something else than what was said yes to. */
  | { phase: 'asking'; plan: Plan; name: string; typed: string; again: boolean }
  /** `parts`: how each of its many things is. */
  | { phase: 'running'; plan: Plan; steps: readonly Step[]; parts: readonly string[]; stopping: boolean }
  | { phase: 'ended'; plan: Plan; outcome: Outcome };

export function planning(title: string): ActState {
  return { phase: 'planning', title };
}

export function planned(plan: Plan, name: string, again = false): ActState {
  return { phase: 'asking', plan, name, typed: '', again };
}

type Under = Extract<ActState, { phase: 'running' }>;

/** What is said of many things again and again is kept as it is now. */
export function stepped(state: Under, step: Step): Under {
  const steps = step.parts === undefined ? state.steps : state.steps.filter(({ parts }) => parts === undefined);
  return { ...state, steps: [...steps, step], parts: step.parts ?? state.parts };
}

/** It may end before it has done everything: where one request is all there is, there is nothing to stop. */
export function canStop(state: ActState): boolean {
  return state.phase === 'running' && !state.stopping && isLong(state.plan);
}

export function isLong({ then = [], doneMs }: Plan): boolean {
  return then.length > 0 || doneMs !== undefined;
}

/** Text typed into the question; nothing while none is asked. */
export function typing(state: ActState, text: string): ActState {
  if (state.phase !== 'asking' || state.name === '') return state;
  return { ...state, typed: (state.typed + text).slice(0, 300) };
}

export function erasing(state: ActState): ActState {
  return state.phase === 'asking' ? { ...state, typed: [...state.typed].slice(0, -1).join('') } : state;
}

export function emptying(state: ActState): ActState {
  return state.phase === 'asking' ? { ...state, typed: '' } : state;
}

/** Why it cannot be confirmed now. */
export function notYet(state: ActState): string | undefined {
  switch (state.phase) {
    case 'planning':
      return 'the plan is not there yet';
    case 'impossible':
      return 'it cannot be done';
    case 'asking':
      if (state.plan.difference.length === 0) return 'there is nothing to change';
      return state.typed === state.name ? undefined : `type ${state.name} first`;
    case 'running':
      return 'it is being done';
    case 'ended':
      return 'it is done';
  }
}

export function outcomeTone(outcome: Outcome['outcome']): Tone {
  if (outcome === 'verified') return 'ok';
  return outcome === 'refused' ? 'error' : 'warning';
}
