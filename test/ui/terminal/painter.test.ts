import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPainter } from '../../../src/ui/terminal/painter.ts';
import type { Sink } from '../../../src/ui/terminal/sink.ts';

/** A sink that holds each write until it is let go. */
function heldSink() {
  const writes: string[] = [];
  let done: ((error?: Error) => void) | undefined;
  const sink: Sink = {
    write(bytes, finished) {
      expect(done).toBeUndefined();
      writes.push(bytes.toString());
      done = finished;
    },
    writeNow() {},
    close() {},
  };
  const letGo = (error?: Error) => {
    const finished = done;
    done = undefined;
    finished?.(error);
  };
  return { sink, writes, letGo };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp(lost = () => {}) {
  const held = heldSink();
  const painter = createPainter(held.sink, { width: 20, height: 3 }, lost);
  painter.start();
  return { painter, ...held };
}

test('while a write is in flight only the newest frame is kept', () => {
  const { painter, writes, letGo } = setUp();
  painter.frame('one');
  painter.frame('two');
  painter.frame('three');
  expect(writes).toEqual(['\x1b[1Hone']);
  letGo();
  vi.advanceTimersByTime(100);
  expect(writes).toEqual(['\x1b[1Hone', '\x1b[1Hthree']);
});

test('frames of data keep their distance; the answer to a key does not wait', () => {
  const { painter, writes, letGo } = setUp();
  painter.frame('a');
  letGo();
  painter.frame('b');
  expect(writes).toHaveLength(1);
  vi.advanceTimersByTime(40);
  letGo();
  expect(writes).toHaveLength(2);
  painter.hurry();
  painter.frame('c');
  expect(writes).toHaveLength(3);
});

test('where output can be synchronised every frame is that could be seen half drawn', () => {
  const { painter, writes, letGo } = setUp();
  painter.learn({ synchronised: true });
  const line = 'x'.repeat(20);
  painter.frame(`${line}\n${line}\n${line}`);
  letGo();
  expect(writes).toEqual([`\x1b[?2026h\x1b[1H${line}\r\n${line}\r\n${line}\x1b[?2026l`]);
});

test('a frame of a few characters needs no marks around it', () => {
  const { painter, writes, letGo } = setUp();
  painter.learn({ synchronised: true });
  painter.frame('a');
  letGo();
  expect(writes).toEqual(['\x1b[1Ha']);
});

test('a new size draws everything again, cut to what there is now', () => {
  const { painter, writes, letGo } = setUp();
  painter.frame('0123456789012345678\nsecond\nthird');
  letGo();
  painter.resize({ width: 5, height: 2 });
  expect(writes[1]).toBe('\x1b[1H01234\r\nsecon');
});

test('a control sequence waits for the write in flight and goes before the next frame', () => {
  const { painter, writes, letGo } = setUp();
  painter.frame('a');
  painter.control('\x1b]52;c;eA==\x07');
  painter.frame('b');
  letGo();
  expect(writes[1]).toBe('\x1b]52;c;eA==\x07');
});

test('a terminal that is gone is told once and written to no more', () => {
  const lost = vi.fn();
  const { painter, writes, letGo } = setUp(lost);
  painter.frame('a');
  letGo(new Error('EIO'));
  painter.frame('b');
  vi.advanceTimersByTime(1000);
  expect(lost).toHaveBeenCalledTimes(1);
  expect(writes).toHaveLength(1);
});
