import type { Device } from './device.ts';
import type { Outcome } from './keys/key-layers.ts';
import type { Frame, View } from './pane.ts';
import type { Question, Screen } from './screen.ts';
import * as shell from './shell-state.ts';
import { createStore, type Store } from './store.ts';
import type { Tone } from './theme.ts';

/** What the bottom line says just now. A copied text stays until the next key. */
export type Message = Readonly<{ text: string; tone: Tone; stays: boolean }>;

/** What changes in the shell, each part behind its own store so that typing in a prompt draws no pane again. */
export type ShellStore = Screen & {
  state: Store<shell.ShellState>;
  message: Store<Message | undefined>;
  question: Store<Question | undefined>;
  /** Grows with each key, for what is drawn from the keys' own view of things. */
  presses: Store<number>;
  home: View;
  /** The part of a frame that does not depend on where it is drawn. */
  frameOf(visit: shell.Visit): Omit<Frame, 'width' | 'height' | 'active'>;
  flash(text: string, tone?: Tone): void;
  /** Opens a pane by its number or name: `esc` comes out at home. */
  open(view: View): void;
  answer(outcome: Outcome): void;
};

export function createShellStore(home: View, scope: string, device: Device): ShellStore {
  const state = createStore(shell.createShellState(home, scope));
  const message = createStore<Message | undefined>(undefined);
  const question = createStore<Question | undefined>(undefined);
  const presses = createStore(0);
  const flash = (text: string, tone: Tone = 'plain') =>
    message.update(() => ({ text: oneLine(text), tone, stays: false }));
  const leave = (change: (before: shell.ShellState) => shell.ShellState) => {
    const before = state.get();
    state.update(change);
    if (state.get() !== before) message.update(() => undefined);
  };

  const shared = {
    setScope: (scope: string) => state.update((before) => ({ ...before, scope })),
    back: () => leave((before) => shell.goOut(before, home)),
    flash,
    copy(text: string) {
      const sent = device.copy(text);
      message.update(() => ({ text: oneLine(text), tone: sent ? 'strong' : 'warning', stays: true }));
    },
    open(draw: shell.Overlay['draw']) {
      state.update((before) => shell.lay(before, draw));
      const id = state.get().next - 1;
      return () => state.update((before) => shell.takeAway(before, id));
    },
  };

  return {
    state,
    message,
    question,
    presses,
    home,
    flash,
    ask: (asked) => question.update(() => asked),
    open: (view) => leave((before) => shell.goTo(before, view, undefined)),
    frameOf: ({ id, view, kept }) => ({
      ...shared,
      args: view.args ?? [],
      scope: state.get().scope,
      go: (to) => leave((before) => shell.goTo(before, to, id)),
      become: (args) => state.update((before) => shell.become(before, id, args)),
      keep: keeper(kept),
    }),
    answer(outcome) {
      presses.update((count) => count + 1);
      if (outcome.kind === 'refused') flash(`${outcome.title}: ${outcome.reason}`, 'warning');
      if (outcome.kind === 'unknown') flash(`${outcome.key} does nothing here, ? lists the keys`, 'dim');
    },
  };
}

/** Values by name, each made once. */
function keeper(kept: Map<string, unknown>): Frame['keep'] {
  return <T>(name: string, make: () => T): T => {
    if (!kept.has(name)) kept.set(name, make());
    return kept.get(name) as T;
  };
}

function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
