import { Text } from 'ink';
import { render } from 'ink-testing-library';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { emptySnapshot, type Snapshot } from '../../src/model/snapshot.ts';
import { useDerived } from '../../src/panes/use-derived.ts';

// Not setImmediate: React draws by it.
const clocks = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] as const;
beforeEach(() => void vi.useFakeTimers({ toFake: [...clocks] }));
afterEach(() => void vi.useRealTimers());

async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await new Promise((drawn) => setImmediate(drawn));
}

type Options = { scope: string; everyMs?: number };

/** A screen that shows how often its value was made and of which state of the tables. */
function show(make: (snapshot: Snapshot) => unknown, everyMs?: number) {
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
  function Screen({ scope, everyMs: every }: Options) {
    const made = useDerived(
      store,
      ({ epoch }) => epoch,
      (now) => [scope, now.epoch, make(now)] as const,
      { dependencies: scope, ...(every !== undefined && { everyMs: every }) },
    );
    drawn.push(`${made[0]}${made[1]}`);
    return <Text>{made[1]}</Text>;
  }
  const options = everyMs === undefined ? {} : { everyMs };
  const { rerender, unmount } = render(<Screen scope="" {...options} />);
  return {
    drawn,
    unmount,
    scope: (scope: string) => rerender(<Screen scope={scope} {...options} />),
    pass,
    change(epoch: number) {
      snapshot = { ...snapshot, epoch };
      for (const listener of listeners) listener();
    },
  };
}

test('is made again when its version differs, and not otherwise', async () => {
  const make = vi.fn();
  const screen = show(make);
  screen.change(0);
  await screen.pass(10_000);
  expect(make).toHaveBeenCalledTimes(1);
  screen.change(1);
  await screen.pass(50);
  expect([make.mock.calls.length, screen.drawn.at(-1)]).toEqual([2, '1']);
  screen.unmount();
});

test('what was made for another scope is not drawn even once', () => {
  const screen = show(() => 0);
  screen.scope('shop');
  expect(screen.drawn).toEqual(['0', 'shop0']);
  screen.unmount();
});

test('is made again when only time has passed, where it asks for that', async () => {
  const make = vi.fn();
  const screen = show(make, 1_000);
  await screen.pass(5_500);
  expect(make).toHaveBeenCalledTimes(6);
  screen.unmount();
});

test('what is costly is made more seldom: forty times its cost apart', async () => {
  const make = vi.fn(() => vi.advanceTimersByTime(30));
  const screen = show(make);
  screen.change(1);
  await screen.pass(1_100);
  expect(screen.drawn).toEqual(['0']);
  await screen.pass(100);
  expect(screen.drawn).toEqual(['0', '1']);
  screen.unmount();
});

test.each([
  ['a long list at most once a second', 5_001, 950, 1_000],
  ['a short list at most ten times a second', 5_000, 90, 100],
])('%s', async (_what, length, tooSoon, due) => {
  const rows = Array.from({ length }, (_, index) => index);
  const made: number[] = [];
  function Screen() {
    return (
      <Text>
        {
          useDerived(
            store,
            ({ epoch }) => epoch,
            (now) => (made.push(now.epoch), rows),
          ).length
        }
      </Text>
    );
  }
  let snapshot = emptySnapshot(0);
  let listener = () => {};
  const store = {
    get: () => snapshot,
    subscribe: (told: () => void) => {
      listener = told;
      return () => {};
    },
  };
  const { unmount } = render(<Screen />);
  await pass(0);
  snapshot = { ...snapshot, epoch: 7 };
  listener();
  await pass(tooSoon);
  expect(made).toEqual([0]);
  await pass(due - tooSoon);
  expect(made).toEqual([0, 7]);
  unmount();
});
