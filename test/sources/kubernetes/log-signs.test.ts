import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LogEvent, LogRequest } from '../../../src/model/asks.ts';
import type { LogSigns } from '../../../src/model/log-signs.ts';
import { createLogSigns } from '../../../src/sources/kubernetes/log-signs.ts';

const request: LogRequest = { namespace: 'kube-system', pod: 'cilium-x', container: 'cilium-agent' };

/** Lines of these seconds, all of them of one pattern. */
function lines(...seconds: number[]): LogEvent {
  return {
    type: 'lines',
    lines: seconds.map((second) => `line ${second}`),
    at: seconds.map((second) => second * 1_000),
    known: seconds.map((_, place) => ({ place, pattern: 'policy-map-full' })),
  };
}

async function* stream(...events: LogEvent[]): AsyncGenerator<LogEvent> {
  yield* events;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function keeper() {
  let told: LogSigns = { readings: [], signs: [] };
  const signs = createLogSigns((news) => {
    told = news;
  });
  return {
    signs,
    async read(...events: LogEvent[]) {
      const passed: LogEvent[] = [];
      for await (const event of signs.listen(request, stream(...events))) passed.push(event);
      return passed;
    },
    told() {
      vi.runAllTimers();
      return told;
    },
  };
}

test('what was read is told with first, last, the newest line and how many in which minute; the events pass', async () => {
  const { read, told } = keeper();
  const events = [lines(10, 59), { type: 'gap', text: 'x' } as const, lines(61)];
  expect(await read(...events)).toEqual(events);
  expect(told()).toEqual({
    readings: [{ ...of, from: 10_000, to: 61_000, lines: 3, goesOn: false }],
    signs: [
      {
        ...of,
        pattern: 'policy-map-full',
        count: 3,
        first: 10_000,
        last: 61_000,
        line: 'line 61',
        minutes: [
          [0, 2],
          [1, 1],
        ],
      },
    ],
  });
});

test.each<[what: string, reads: number[][], count: number]>([
  [
    'the same twice',
    [
      [1, 2, 3],
      [1, 2, 3],
    ],
    3,
  ],
  [
    'more of the past',
    [
      [5, 6],
      [1, 2, 5, 6],
    ],
    4,
  ],
  [
    'what came since',
    [
      [5, 6],
      [5, 6, 7],
    ],
    3,
  ],
  ['two runs, then what lies between', [[1, 2], [8, 9], [5]], 5],
])('a line that is read twice counts once: %s', async (_, reads, count) => {
  const { read, told } = keeper();
  for (const seconds of reads) await read(lines(...seconds));
  expect(told().signs[0]?.count).toBe(count);
});

test('two who follow at once count each line once', async () => {
  const { signs, told } = keeper();
  const first = signs.listen(request, stream(lines(1), lines(2)));
  const second = signs.listen(request, stream(lines(1), lines(2)));
  for (const one of [first, second, second, first, first, second]) await one.next();
  expect(told().signs[0]?.count).toBe(2);
});

test('another cluster begins with nothing, and what still comes of the old one is not told', async () => {
  const { signs, told, read } = keeper();
  const old = signs.listen(request, stream(lines(1), lines(2)));
  await old.next();
  signs.forget();
  await old.next();
  await read();
  expect(told().signs).toEqual([]);
});

const of = { namespace: 'kube-system', pod: 'cilium-x', container: 'cilium-agent' };
