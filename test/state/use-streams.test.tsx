import { Text } from 'ink';
import { render } from 'ink-testing-library';
import { expect, test, vi } from 'vitest';
import { type Heard, useStreams } from '../../src/state/use-streams.ts';

/** Every stream says its name and goes on; `bad` fails. */
function streams() {
  const signals = new Map<string, AbortSignal>();
  const opened: string[] = [];
  async function* open(key: string, signal: AbortSignal): AsyncGenerator<string> {
    signals.set(key, signal);
    opened.push(key);
    yield key;
    if (key === 'bad') throw new Error('No permission.');
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    yield 'too late';
  }
  return { signals, opened, open };
}

const fold = (said: readonly string[], heard: readonly Heard<string>[]) => [
  ...said,
  ...heard.flatMap((one) =>
    one.type === 'item' ? [one.item] : one.type === 'failed' ? [`${one.key}: ${one.text}`] : [],
  ),
];

type Props = { source: ReturnType<typeof streams>; subject?: string; keys: readonly string[] };

function Several({ source, subject = 's', keys }: Props) {
  const wanted = keys.map((key) => ({ key, open: (signal: AbortSignal) => source.open(key, signal) }));
  const said = useStreams(subject, wanted, fold, (): readonly string[] => [], 5);
  return <Text>{said.join(' ') || '-'}</Text>;
}

test('a stream that is no longer wanted ends, a new one begins, the others go on', async () => {
  const source = streams();
  const { lastFrame, rerender, unmount } = render(<Several source={source} keys={['a', 'b']} />);
  await vi.waitFor(() => expect(lastFrame()).toBe('a b'));
  rerender(<Several source={source} keys={['b', 'c']} />);
  await vi.waitFor(() => expect(lastFrame()).toBe('a b c'));
  expect(source.opened).toEqual(['a', 'b', 'c']);
  expect(['a', 'b', 'c'].map((key) => source.signals.get(key)?.aborted)).toEqual([true, false, false]);
  unmount();
  expect(source.signals.get('c')?.aborted).toBe(true);
});

test('one that fails is told by its key and takes none of the others with it', async () => {
  const source = streams();
  const { lastFrame } = render(<Several source={source} keys={['bad', 'b']} />);
  await vi.waitFor(() => expect(lastFrame()).toContain('bad: No permission.'));
  expect(source.signals.get('b')?.aborted).toBe(false);
});

test('another subject begins anew, and nothing of the old one is shown under it', async () => {
  const source = streams();
  const { lastFrame, rerender } = render(<Several source={source} keys={['a', 'b']} />);
  await vi.waitFor(() => expect(lastFrame()).toBe('a b'));
  rerender(<Several source={source} subject="t" keys={['a']} />);
  expect(lastFrame()).toBe('-');
  await vi.waitFor(() => expect(lastFrame()).toBe('a'));
  expect(source.opened).toEqual(['a', 'b', 'a']);
});
