import { Text } from 'ink';
import { render } from 'ink-testing-library';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { useStream } from '../../src/state/use-stream.ts';

afterEach(() => vi.restoreAllMocks());

type Source = { open(signal: AbortSignal): AsyncIterable<number>; signals: AbortSignal[] };

function sourceOf(make: (signal: AbortSignal) => AsyncGenerator<number>): Source {
  const signals: AbortSignal[] = [];
  return {
    signals,
    open(signal) {
      signals.push(signal);
      return make(signal);
    },
  };
}

const keep = (value: readonly number[], items: readonly number[]) => [...value, ...items].slice(-3);

function Stream({ source, name }: { source: Source; name: string | undefined }) {
  const { phase, value, problem } = useStream(name, source.open, keep, [], 5);
  return <Text>{`${phase} ${value.join(',')} ${problem ?? ''}`.trim()}</Text>;
}

async function* upTo(count: number) {
  for (let i = 1; i <= count; i++) yield i;
}

async function* forEver(signal: AbortSignal) {
  for (let i = 1; !signal.aborted; i++) {
    yield i;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

describe('useStream', () => {
  test('keeps the newest items and says when the stream has ended', async () => {
    const { lastFrame } = render(<Stream source={sourceOf(() => upTo(10))} name="a" />);
    await vi.waitFor(() => expect(lastFrame()).toBe('ended 8,9,10'));
  });

  test('a stream that fails shows what came and why it ended', async () => {
    const failing = sourceOf(async function* () {
      yield 1;
      throw new Error('No permission.');
    });
    const { lastFrame } = render(<Stream source={failing} name="a" />);
    await vi.waitFor(() => expect(lastFrame()).toBe('failed 1 No permission.'));
  });

  test('is cancelled when the component goes', async () => {
    const source = sourceOf(forEver);
    const { lastFrame, unmount } = render(<Stream source={source} name="a" />);
    await vi.waitFor(() => expect(lastFrame()).toMatch(/^running \d/));
    unmount();
    expect(source.signals.map((signal) => signal.aborted)).toEqual([true]);
  });

  test('another key begins anew: nothing of the old stream shows under the new name', async () => {
    const old = sourceOf(() => upTo(3));
    const next = sourceOf(forEver);
    const { lastFrame, frames, rerender } = render(<Stream source={old} name="a" />);
    await vi.waitFor(() => expect(lastFrame()).toBe('ended 1,2,3'));
    const before = frames.length;
    rerender(<Stream source={next} name="b" />);
    await vi.waitFor(() => expect(lastFrame()).toMatch(/^running \d/));
    expect(frames.slice(before).join('\n')).not.toContain('ended');
    expect(old.signals[0]?.aborted).toBe(true);
    rerender(<Stream source={next} name={undefined} />);
    await vi.waitFor(() => expect(lastFrame()).toBe('idle'));
  });
});
