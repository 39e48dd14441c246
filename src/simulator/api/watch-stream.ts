import type { Status } from '../api-error.ts';
import type { Exchange } from './exchange.ts';
import type { WatchLine } from './intercept.ts';
import type { Turn } from './turns.ts';

/** What a watch says next. An event without text is work done with nothing to say. */
export type Saying = { event: string } | { bookmark: string } | { error: Status };

/** The lines of one watch on their way out, as fast as its client reads them: nothing waits here for one that does not. */
export type WatchStream = {
  /** There may be something to say. */
  wake(): void;
  /** Ends when all is said. */
  close(): void;
  /** Resolves when the watch is over: timed out, closed, gone. */
  ended: Promise<void>;
};

/** Characters of one write, about. */
const oneWrite = 128 * 1024;

/** `sayings` yields undefined whenever there is nothing more for now. Writes the head at once. */
export function createWatchStream(exchange: Exchange, sayings: Generator<Saying | undefined, void>): WatchStream {
  const { outlet, faults } = exchange;
  const end = faults.find((fault) => fault.kind === 'watch-end');
  const error = faults.find((fault) => fault.kind === 'watch-error');
  const silent = faults.find((fault) => fault.kind === 'watch-silent');
  const rewrite = faults.find((fault) => fault.kind === 'watch-rewrite')?.rewrite;
  let events = 0;
  let lines = 0;
  /** Undefined: it goes on. */
  let rest: 'say all' | 'say nothing more' | undefined;
  let awake = false;
  let flushing = false;
  const { promise: ended, resolve: finish } = Promise.withResolvers<void>();

  exchange.head(200, { 'content-type': 'application/json' });

  const silenced = () => silent !== undefined && events >= silent.afterEvents;

  const rewritten = (line: string): readonly string[] =>
    rewrite === undefined
      ? [line]
      : rewrite(JSON.parse(line) as WatchLine, lines++).map((made) => JSON.stringify(made));

  /** The faults that befall a watch after so many events. */
  const befallen = (): string => {
    if (error !== undefined && events >= error.afterEvents) {
      rest = 'say nothing more';
      const { message, reason, code } = error;
      return errorLine({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code });
    }
    if (end !== undefined && events >= end.afterEvents) rest = 'say nothing more';
    return '';
  };

  const tell = (saying: Saying): string => {
    if ('error' in saying) {
      rest = 'say nothing more';
      return errorLine(saying.error);
    }
    const line = 'event' in saying ? saying.event : saying.bookmark;
    if (line === '') return '';
    const told = rewritten(line)
      .map((one) => `${one}\n`)
      .join('');
    if ('bookmark' in saying) return told;
    events++;
    return told + befallen();
  };

  const speaking = () => awake && rest !== 'say nothing more' && !silenced();

  /** The next lines, up to one write. */
  const gather = async (turn: Turn): Promise<string> => {
    let text = opening;
    opening = '';
    while (speaking() && text.length < oneWrite) {
      const saying = sayings.next().value;
      // What comes while these lines leave wakes it again.
      if (saying === undefined) awake = false;
      else text += tell(saying);
      if (turn.over()) await turn.next();
    }
    return text;
  };

  const flush = async () => {
    if (flushing) return;
    flushing = true;
    const turn = exchange.turns.take();
    while (speaking() || opening !== '') {
      const text = await gather(turn);
      if (text !== '' && !(await outlet.write(text))) return finish();
    }
    flushing = false;
    if (rest === undefined) return;
    await outlet.end();
    finish();
  };

  const wake = () => {
    if (awake) return;
    awake = true;
    setImmediate(() => void flush());
  };

  const close = () => {
    rest ??= 'say all';
    wake();
  };

  exchange.signal.addEventListener('abort', () => finish(), { once: true });
  let opening = befallen();
  wake();
  const asked = Number(exchange.request.query.get('timeoutSeconds') ?? 0);
  // A server ends a watch that names no time after half an hour to an hour.
  const seconds = asked > 0 ? asked : 1800 + Math.random() * 1800;
  if (silent === undefined) {
    const timer = setTimeout(close, seconds * 1000);
    void ended.then(() => clearTimeout(timer));
  }
  return { wake, close, ended };
}

function errorLine(object: Status): string {
  return `${JSON.stringify({ type: 'ERROR', object })}\n`;
}
