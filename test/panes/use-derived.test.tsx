import { Text } from 'ink';
import { render } from 'ink-testing-library';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { emptySnapshot, type Snapshot } from '../../src/model/snapshot.ts';
import { useDerived } from '../../src/panes/use-derived.ts';

// Not setImmediate: React draws by it.
const clocks = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] as const;
beforeEach(() => void vi.useFakeTimers({ toFake: [...clocks] }));
afterEach(() => void vi.useRealTimers());

type Given = {
  store: Parameters<typeof useDerived>[0];
  scope: string;
  make(): unknown;
  options: { everyMs?: number };
  drawn: string[];
};

/** Of which scope and which state of the tables the value is that is drawn. */
function Screen({ store, scope, make, options, drawn }: Given) {
  const of = { scope: 'none', epoch: -1 };
  const value = useDerived(
    store,
    ({ epoch }) => epoch,
    ({ epoch }) => {
      const made = make();
      return Array.isArray(made) ? Object.assign([...made], { scope, epoch }) : { scope, epoch };
    },
    { ...options, dependencies: scope },
  );
  Object.assign(of, value);
  drawn.push(`${of.scope} ${of.epoch}`);
  return <Text>{of.epoch}</Text>;
}

function show(make: () => unknown, options: { everyMs?: number } = {}) {
  let snapshot: Snapshot = { ...emptySnapshot(0), epoch: 0 };
  const listeners = new Set<() => void>();
  const store = {
    get: () => snapshot,
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const drawn: string[] = [];
  const given = { store, make, options, drawn };
  const screen = render(<Screen {...given} scope="all" />);
  return {
    drawn,
    unmount: screen.unmount,
    scope: (scope: string) => screen.rerender(<Screen {...given} scope={scope} />),
    change() {
      snapshot = { ...snapshot, epoch: snapshot.epoch + 1 };
      for (const listener of listeners) listener();
    },
    tell() {
      for (const listener of listeners) listener();
    },
  };
}

async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await new Promise((drawn) => setImmediate(drawn));
}

test('is made again when its version differs, and not otherwise', async () => {
  const screen = show(() => 0);
  await pass(0);
  screen.tell();
  await pass(10_000);
  expect(screen.drawn).toEqual(['all 0']);
  screen.change();
  await pass(0);
  expect(screen.drawn).toEqual(['all 0', 'all 1']);
  screen.unmount();
});

test('what was made for another scope is not drawn even once', () => {
  const screen = show(() => 0);
  screen.scope('shop');
  expect(screen.drawn).toEqual(['all 0', 'shop 0']);
  screen.unmount();
});

test('is made again whenever that much time has passed, where it asks for that', async () => {
  const make = vi.fn();
  const screen = show(make, { everyMs: 1_000 });
  await pass(5_500);
  expect(make).toHaveBeenCalledTimes(6);
  screen.unmount();
});

const rows = (length: number) => () => Array.from({ length }, () => 0);
test.each([
  ['what is cheap: twenty times a second at most', () => 0, 40, 50],
  ['what is costly: forty times its cost apart', () => vi.advanceTimersByTime(30), 1_100, 1_200],
  ['a short list: ten times a second at most', rows(5_000), 90, 100],
  ['a long list: once a second at most', rows(5_001), 950, 1_000],
])('%s', async (_what, make, tooSoon, due) => {
  const screen = show(make);
  await pass(0);
  screen.change();
  await pass(tooSoon);
  expect(screen.drawn).toEqual(['all 0']);
  await pass(due - tooSoon);
  expect(screen.drawn).toEqual(['all 0', 'all 1']);
  screen.unmount();
});
