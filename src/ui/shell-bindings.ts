import type { Device } from './device.ts';
import type { Binding } from './keys/binding.ts';
import type { Pane } from './pane.ts';
import { current, goLast, goTowards, sameView } from './shell-state.ts';
import type { ShellStore } from './shell-store.ts';

export type ShellContext = Readonly<{
  store: ShellStore;
  panes: readonly Pane<never>[];
  device: Device;
  now(): number;
  /** When leaving was last asked for: the second time within two seconds leaves. */
  asked: { q: number; interrupt: number };
  command(): void;
  help(): void;
  cancel(): boolean;
  quit(): void;
}>;

type ShellBinding = Binding<ShellContext>;

/** How long the first `q` or `ctrl-c` waits for the second, in milliseconds. */
const twiceWithin = 2000;

/** The keys that work on every pane. */
export function shellBindings(panes: readonly Pane<never>[]): readonly ShellBinding[] {
  return [...panes.filter((pane) => pane.key !== undefined).map(digit), ...moves];
}

/** The one key that works even while something lies over the pane. */
export const interruptBindings: readonly ShellBinding[] = [
  { keys: ['ctrl-c'], title: 'cancel; twice quits', run: interrupt },
];

function digit(pane: Pane<never>): ShellBinding {
  return {
    keys: [pane.key as string],
    title: pane.title,
    group: 'Panes',
    unless: () => pane.absent,
    // Numbers are places: `esc` comes out at home. Any other key is a look aside, and comes back.
    run: ({ store }) =>
      /^\d$/.test(pane.key ?? '')
        ? store.open({ pane: pane.id })
        : store.frameOf(current(store.state.get())).go({ pane: pane.id }),
  };
}

const moves: readonly ShellBinding[] = [
  { keys: ['tab'], title: 'next pane', group: 'Panes', run: (context) => neighbour(context, 1) },
  { keys: ['shift-tab'], title: 'previous pane', group: 'Panes', run: (context) => neighbour(context, -1) },
  { keys: ['-'], title: 'last view', group: 'Panes', run: ({ store }) => store.state.update(goLast) },
  {
    keys: ['['],
    title: 'back in the history',
    group: 'Panes',
    run: ({ store }) => store.state.update((state) => goTowards(state, -1)),
  },
  {
    keys: [']'],
    title: 'forward in the history',
    group: 'Panes',
    run: ({ store }) => store.state.update((state) => goTowards(state, 1)),
  },
  { keys: [':'], title: 'go to', rank: 80, run: ({ command }) => command() },
  { keys: ['?'], title: 'help', word: 'help', rank: 90, run: ({ help }) => help() },
  { keys: ['esc'], title: 'come back', run: (context) => comeBack(context, false) },
  { keys: ['q'], title: 'back', rank: 95, run: (context) => comeBack(context, true) },
];

function neighbour({ store, panes }: ShellContext, by: 1 | -1): void {
  const there = panes.filter((pane) => pane.key !== undefined && pane.absent === undefined);
  const at = there.findIndex((pane) => pane.id === current(store.state.get()).view.pane);
  const next = there[(at + by + there.length) % there.length];
  if (next !== undefined) store.open({ pane: next.id });
}

/** At home there is nowhere to come back to: `q` asks twice, `esc` never quits. */
function comeBack({ store, now, asked, quit }: ShellContext, quits: boolean): void {
  const visit = current(store.state.get());
  if (!sameView(visit.view, store.home)) {
    store.frameOf(visit).back();
  } else if (!quits) {
    store.flash('nowhere to go back to, q twice quits', 'dim');
  } else if (now() - asked.q <= twiceWithin) {
    quit();
  } else {
    asked.q = now();
    store.flash('q again quits', 'strong');
  }
}

function interrupt({ store, now, asked, cancel, quit }: ShellContext): void {
  const cancelled = cancel();
  if (!cancelled && now() - asked.interrupt <= twiceWithin) {
    quit();
  } else {
    asked.interrupt = now();
    store.flash(cancelled ? 'cancelled, ctrl-c again quits' : 'ctrl-c again quits', 'strong');
  }
}
