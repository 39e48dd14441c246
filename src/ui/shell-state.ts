import type { ReactNode } from 'react';
import type { Size } from './device.ts';
import type { View } from './pane.ts';

/** One step of the history. What the pane keeps with it comes back when the history does. */
export type Visit = Readonly<{
  id: number;
  view: View;
  /** The visit `esc` comes out to. */
  from: number | undefined;
  kept: Map<string, unknown>;
}>;

export type Overlay = Readonly<{ id: number; draw(close: () => void, area: Size): ReactNode }>;

export type ShellState = Readonly<{
  visits: readonly Visit[];
  /** Index of the visit that is shown, and of the one shown before it. */
  at: number;
  last: number;
  next: number;
  scope: string;
  overlays: readonly Overlay[];
}>;

/** More steps back than anyone remembers taking. */
const longest = 50;

export function createShellState(home: View, scope = ''): ShellState {
  return { visits: [visit(0, home, undefined)], at: 0, last: 0, next: 1, scope, overlays: [] };
}

export function current(state: ShellState): Visit {
  return state.visits[state.at] as Visit;
}

/** `from` = the visit to come out to; a pane opened by its number or name comes out at home. */
export function goTo(state: ShellState, view: View, from: number | undefined): ShellState {
  if (sameView(current(state).view, view)) return state;
  const visits = [...state.visits.slice(0, state.at + 1), visit(state.next, view, from)].slice(-longest);
  return {
    ...state,
    visits,
    at: visits.length - 1,
    last: Math.max(0, visits.length - 2),
    next: state.next + 1,
    overlays: [],
  };
}

/** Out of where one is: to where one came from, or home. */
export function goOut(state: ShellState, home: View): ShellState {
  const { from, view } = current(state);
  if (sameView(view, home)) return state;
  const index = state.visits.findIndex((one) => (from === undefined ? sameView(one.view, home) : one.id === from));
  return index >= 0 ? goTowards(state, index - state.at) : goTo(state, home, undefined);
}

/** Through the history: -1 back, 1 forward. The same state at its ends. */
export function goTowards(state: ShellState, by: number): ShellState {
  const at = state.at + by;
  if (at < 0 || at >= state.visits.length || by === 0) return state;
  return { ...state, at, last: state.at, overlays: [] };
}

export function goLast(state: ShellState): ShellState {
  return goTowards(state, state.last - state.at);
}

export function become(state: ShellState, id: number, args: readonly string[]): ShellState {
  const visits = state.visits.map((one) => (one.id === id ? { ...one, view: { ...one.view, args } } : one));
  return { ...state, visits };
}

export function lay(state: ShellState, draw: Overlay['draw']): ShellState {
  return { ...state, overlays: [...state.overlays, { id: state.next, draw }], next: state.next + 1 };
}

export function takeAway(state: ShellState, id: number): ShellState {
  if (!state.overlays.some((one) => one.id === id)) return state;
  return { ...state, overlays: state.overlays.filter((one) => one.id !== id) };
}

export function sameView(a: View, b: View): boolean {
  return a.pane === b.pane && (a.args ?? []).join('\0') === (b.args ?? []).join('\0');
}

function visit(id: number, view: View, from: number | undefined): Visit {
  return { id, view, from, kept: new Map() };
}
