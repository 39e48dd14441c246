import { describe, expect, test } from 'vitest';
import { createLogTail } from '../../../src/sources/kubernetes/log-tail.ts';

const texts = (lines: readonly Buffer[]) => lines.map((line) => line.toString());

describe('log tail', () => {
  test('lines over several chunks, and the last one without a line break', () => {
    const tail = createLogTail();
    tail.push(Buffer.from('one\ntw'));
    tail.push(Buffer.from('o\n\nth'));
    tail.push(Buffer.from('ree'));
    expect(texts(tail.take().lines)).toEqual(['one', 'two', '']);
    tail.finish();
    expect(tail.take()).toEqual({ lines: [Buffer.from('three')], dropped: 0 });
  });

  test('too fast for the reader: the newest stay, what was dropped is counted', () => {
    const tail = createLogTail();
    for (let i = 0; i < 20_000; i++) tail.push(Buffer.from(`line ${i}\n`));
    const { lines, dropped } = tail.take();
    expect(lines.length + dropped).toBe(20_000);
    expect(lines.length).toBeLessThanOrEqual(5_000);
    expect(lines.at(-1)?.toString()).toBe('line 19999');
    expect(tail.take()).toEqual({ lines: [], dropped: 0 });
  });

  test('100 MB without a line break stay small and become one line that says how much is missing', () => {
    const tail = createLogTail();
    const chunk = Buffer.alloc(1_048_576, 'x');
    for (let i = 0; i < 100; i++) tail.push(chunk);
    tail.push(Buffer.from('\nnext\n'));
    const [long, next] = texts(tail.take().lines);
    expect(long).toHaveLength(16_384 + ` …+${100 * 1_048_576 - 16_384} bytes`.length);
    expect(long).toMatch(/ …\+104841216 bytes$/);
    expect(next).toBe('next');
  });
});
