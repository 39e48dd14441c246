import type { Status } from '../api-error.ts';
import type { Exchange } from './exchange.ts';
import type { WatchLine } from './intercept.ts';

/** The lines of one watch on their way out. Everything queued in one turn of the loop leaves in one write. */
export type WatchStream = {
  /** `line` is only built when it is going to be sent. */
  event(line: () => string): void;
  /** As `event`, for what exists already: built when the client has read what came before, however much there is. */
  initial(line: () => string): void;
  bookmark(line: string): void;
  /** Sends an ERROR line and ends. */
  error(status: Status): void;
  close(): void;
  /** Resolves when the watch is over: timed out, closed, gone. */
  ended: Promise<void>;
};

/** A client that does not read keeps its events waiting here; at this many characters its watch is cut. */
const patience = 64 * 1024 * 1024;
/** Characters of one write. */
const oneWrite = 1024 * 1024;

export function createWatchStream(exchange: Exchange): WatchStream {
  const { outlet, faults } = exchange;
  const end = faults.find((fault) => fault.kind === 'watch-end');
  const error = faults.find((fault) => fault.kind === 'watch-error');
  const silent = faults.find((fault) => fault.kind === 'watch-silent');
  const rewrite = faults.find((fault) => fault.kind === 'watch-rewrite')?.rewrite;
  let waiting: (string | (() => readonly string[]))[] = [];
  let size = 0;
  let events = 0;
  let lines = 0;
  let closing = false;
  let silenced = silent?.afterEvents === 0;
  let flushing = false;
  let finish: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    finish = resolve;
  });

  exchange.head(200, { 'content-type': 'application/json' });

  const flush = async () => {
    if (flushing) return;
    flushing = true;
    while (waiting.length > 0) {
      const taken = waiting;
      waiting = [];
      size = 0;
      for (let next = 0; next < taken.length; ) {
        let text = '';
        for (; next < taken.length && text.length < oneWrite; next++) {
          const lines = taken[next] ?? '';
          text +=
            typeof lines === 'string'
              ? lines
              : lines()
                  .map((line) => `${line}\n`)
                  .join('');
        }
        if (!(await outlet.write(text))) {
          finish();
          return;
        }
      }
    }
    flushing = false;
    if (closing) {
      await outlet.end();
      finish();
    }
  };

  const put = (lines: string | (() => readonly string[])) => {
    if (waiting.length === 0) setImmediate(() => void flush());
    waiting.push(lines);
  };

  const queue = (line: string) => {
    put(`${line}\n`);
    size += line.length;
    if (size > patience) outlet.reset();
  };

  const rewritten = (line: string): readonly string[] =>
    rewrite === undefined
      ? [line]
      : rewrite(JSON.parse(line) as WatchLine, lines++).map((made) => JSON.stringify(made));

  // A rewriter counts lines: it must see them in the order in which they leave.
  const send = (line: string) => {
    if (rewrite === undefined) queue(line);
    else put(() => rewritten(line));
  };

  const close = () => {
    if (closing) return;
    closing = true;
    setImmediate(() => void flush());
  };

  const afterEvents = () => {
    if (error !== undefined && events >= error.afterEvents) {
      stream.error({
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: error.message,
        reason: error.reason,
        code: error.code,
      });
    } else if (end !== undefined && events >= end.afterEvents) close();
    else if (silent !== undefined && events >= silent.afterEvents) silenced = true;
  };

  const stream: WatchStream = {
    event(line) {
      if (closing || silenced) return;
      send(line());
      events++;
      afterEvents();
    },
    initial(line) {
      if (closing || silenced) return;
      put(() => rewritten(line()));
      events++;
      afterEvents();
    },
    bookmark(line) {
      if (!closing && !silenced) send(line);
    },
    error(status) {
      if (closing) return;
      queue(JSON.stringify({ type: 'ERROR', object: status }));
      close();
    },
    close,
    ended,
  };

  exchange.signal.addEventListener('abort', () => finish(), { once: true });
  afterEvents();
  const asked = Number(exchange.request.query.get('timeoutSeconds') ?? 0);
  // A server ends a watch that names no time after half an hour to an hour.
  const seconds = asked > 0 ? asked : 1800 + Math.random() * 1800;
  if (silent === undefined) {
    const timer = setTimeout(close, seconds * 1000);
    void ended.then(() => clearTimeout(timer));
  }
  return stream;
}
