import type { LogEvent, LogRequest } from '../../model/asks.ts';
import type { LogReading, LogSign, LogSigns } from '../../model/log-signs.ts';

/** Listens to the logs that are read and keeps what known patterns stood in them. A line that is read twice counts once. */
export type LogSignsKeeper = {
  /** The same events, as they are read. */
  listen(request: LogRequest, events: AsyncIterable<LogEvent>): AsyncGenerator<LogEvent>;
  /** Another cluster from here on. */
  forget(): void;
};

const mostContainers = 1_000;
const mostMinutes = 180;
const mostSpans = 30;
/** News go at most so often, ms. */
const tellMs = 1_000;

export function createLogSigns(tell: (signs: LogSigns) => void): LogSignsKeeper {
  let containers = new Map<string, Heard>();
  let timer: NodeJS.Timeout | undefined;

  function heardOf({ namespace, pod, container }: LogRequest): Heard {
    const key = `${namespace}/${pod}/${container}`;
    const heard = containers.get(key) ?? {
      reading: { namespace, pod, container, from: 0, to: 0, lines: 0, goesOn: false },
      signs: new Map(),
      spans: [],
    };
    // The one that was read last is the last to be forgotten.
    containers.delete(key);
    containers.set(key, heard);
    const [oldest] = containers.keys();
    if (containers.size > mostContainers && oldest !== undefined) containers.delete(oldest);
    return heard;
  }

  function tellSoon(): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      tell(signsOf(containers));
    }, tellMs).unref();
  }

  return {
    async *listen(request, events) {
      const of = containers;
      const heard = heardOf(request);
      const span: Span = { from: 0, to: 0, goesOn: true };
      heard.spans = [...withoutOverlap(heard.spans).slice(-mostSpans), span];
      try {
        for await (const event of events) {
          if (event.type === 'lines' && of === containers) {
            take(heard, span, event);
            tellSoon();
          }
          yield event;
        }
      } finally {
        span.goesOn = false;
        if (of === containers && heard.reading.lines > 0) tellSoon();
      }
    },
    forget() {
      containers = new Map();
      clearTimeout(timer);
      timer = undefined;
    },
  };
}

type Heard = { reading: LogReading; signs: Map<string, Tally>; spans: Span[] };
/** Counted in place, a line at a time; `told` is what was made of it, until another line comes. */
type Tally = Pick<LogSign, 'count' | 'first' | 'last' | 'line'> & {
  minutes: Map<number, number>;
  told: LogSign | undefined;
};
/** What one who read it has read, from its first line to its last. */
type Span = { from: number; to: number; goesOn: boolean };

function take(heard: Heard, span: Span, { lines, at = [], known = [] }: Extract<LogEvent, { type: 'lines' }>): void {
  const patterns = new Map(known.map(({ place, pattern }) => [place, pattern]));
  for (const [place, line] of lines.entries()) {
    const moment = at[place] ?? 0;
    const isRepeated = heard.spans.some(
      (other) => other !== span && other.to > 0 && moment >= other.from && moment <= other.to,
    );
    if (!isRepeated) {
      heard.reading.lines += 1;
      const pattern = patterns.get(place);
      if (pattern !== undefined) count(heard, pattern, line, moment);
    }
    if (moment === 0) continue;
    span.from = span.from === 0 ? moment : Math.min(span.from, moment);
    span.to = Math.max(span.to, moment);
  }
  const { reading } = heard;
  if (span.from > 0 && (reading.from === 0 || span.from < reading.from)) reading.from = span.from;
  reading.to = Math.max(reading.to, span.to);
}

function count({ signs }: Heard, pattern: string, line: string, at: number): void {
  const tally = signs.get(pattern) ?? { count: 0, first: at, last: 0, line, minutes: new Map(), told: undefined };
  const minute = Math.floor(at / 60_000);
  tally.minutes.set(minute, (tally.minutes.get(minute) ?? 0) + 1);
  if (tally.minutes.size > 2 * mostMinutes) tally.minutes = new Map(newestMinutes(tally));
  if (at >= tally.last) tally.line = line;
  tally.count += 1;
  tally.first = Math.min(tally.first, at);
  tally.last = Math.max(tally.last, at);
  tally.told = undefined;
  signs.set(pattern, tally);
}

function newestMinutes({ minutes }: Tally): [minute: number, count: number][] {
  return [...minutes].sort(([a], [b]) => a - b).slice(-mostMinutes);
}

/** Of those that have ended, the ones that overlap become one. */
function withoutOverlap(spans: readonly Span[]): Span[] {
  const ended = spans.filter(({ to, goesOn }) => to > 0 && !goesOn).sort((a, b) => a.from - b.from);
  const joined = ended.reduce<Span[]>((all, span) => {
    const last = all.at(-1);
    if (last !== undefined && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else all.push(span);
    return all;
  }, []);
  return [...joined, ...spans.filter(({ goesOn }) => goesOn)];
}

function signsOf(containers: ReadonlyMap<string, Heard>): LogSigns {
  const all = [...containers.values()].filter(({ reading }) => reading.lines > 0);
  return {
    readings: all.map(({ reading, spans }) => ({ ...reading, goesOn: spans.some(({ goesOn }) => goesOn) })),
    signs: all.flatMap(({ reading, signs }) => [...signs].map(([pattern, tally]) => toldOf(reading, pattern, tally))),
  };
}

/** The same object for as long as no line comes: of very many logs only the few that speak are made anew. */
function toldOf({ namespace, pod, container }: LogReading, pattern: string, tally: Tally): LogSign {
  const { count, first, last, line } = tally;
  tally.told ??= { pattern, namespace, pod, container, count, first, last, line, minutes: newestMinutes(tally) };
  return tally.told;
}
