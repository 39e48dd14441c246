import { setTimeout as sleep } from 'node:timers/promises';
import type { Device, Edited, Input, Size } from '../device.ts';
import { createKeyReader, type Told } from '../keys/key-reader.ts';
import { createStore, type Store } from '../store.ts';
import { inkStdin, inkStdout } from './ink-streams.ts';
import { readLineSettings } from './line-settings.ts';
import { createPainter } from './painter.ts';
import { runEditor } from './run-editor.ts';
import { canBeAsked, clipboard, enter, leave, questions, reclaim } from './sequences.ts';
import { openSink } from './sink.ts';

/** Why the terminal was given back, and the exit code that says so. */
export type Leaving = Readonly<{ reason: 'quit' | 'signal' | 'lost'; code: number; signal?: NodeJS.Signals }>;

export type Terminal = Device & {
  inkStdout: NodeJS.WriteStream;
  inkStdin: NodeJS.ReadStream;
  /** True once the terminal has said that it draws signs of ambiguous width two columns wide. */
  ambiguousWide: Store<boolean>;
  /** Settles when something else than `close` ends it: a signal, or the terminal is gone. */
  ended: Promise<Leaving>;
  /** Waits, but not for long, for the terminal's answers to what it was asked: later they would be typed into the shell. */
  answered(): Promise<void>;
  /** Gives the terminal back as it was. Any number of times, from anywhere; never waits longer than half a second. */
  close(): void;
};

export type TerminalOptions = Readonly<{
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  env: NodeJS.ProcessEnv;
  ascii: boolean;
}>;

/** How often a window that is being dragged is drawn anew, in milliseconds. */
const resizeEvery = 50;
/** How long answers may be under way, in milliseconds; who has not answered by then will not. */
const answersWithin = 1000;
/** How long the last words may take when the other end does not read, in milliseconds. */
const lastWords = 500;

/** How long an editor may take to save and end when a signal ends us, in milliseconds. */
const editorGoodbye = 500;

const signals: Readonly<Partial<Record<NodeJS.Signals, number>>> = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15, SIGQUIT: 3 };

/** Takes the terminal: its other screen, raw keys. Everything is given back on every way out except SIGKILL. */
export function openTerminal(options: TerminalOptions): Terminal {
  const { stdin, stdout, env } = options;
  const sink = openSink(stdout);
  const size = createStore(sizeOf(stdout));
  const ambiguousWide = createStore(false);
  const listeners = new Set<(input: Input) => void>();
  const { promise: ended, resolve: end } = Promise.withResolvers<Leaving>();
  const lost = () => end({ reason: 'lost', code: 129 });
  const painter = createPainter(sink, size.get(), lost);
  const answers = { missing: 0, askedAt: 0, listeners: new Set<() => void>() };
  let open = false;
  let closed = false;
  /** While another program has the terminal: how to end it, and when it has. */
  let lent: { cut: AbortController; back: Promise<unknown> } | undefined;

  const answer = () => {
    answers.missing -= 1;
    for (const listener of answers.listeners) listener();
  };
  const told = (what: Told) => {
    if (what.kind === 'mode' || what.kind === 'position') answer();
    if (what.kind === 'mode') {
      // 1 and 2: known, on or off. Anything else: not known, or never to be changed.
      if (what.mode === 2026) painter.learn({ synchronised: what.setting === 1 || what.setting === 2 });
    } else if (what.kind === 'position') {
      const wide = what.column !== 4;
      painter.learn({ ambiguousWide: wide });
      ambiguousWide.update(() => wide);
    } else {
      painter.hurry();
      for (const listener of [...listeners]) listener(what);
    }
  };
  const reader = createKeyReader(told);
  const read = (bytes: Buffer | string) => lent === undefined && reader.feed(Buffer.from(bytes));
  // A file or a pipe that ends has said all its keys; a terminal that ends is gone.
  const gone = () => stdin.isTTY && lost();

  const take = () => {
    if (open || closed || lent !== undefined) return;
    open = true;
    raw(stdin, true);
    // The questions go before the first frame, which then covers whatever a terminal made of them.
    const asking = { ambiguous: !options.ascii && env.TERM !== 'dumb', synchronised: canBeAsked(env) };
    const asked = questions(asking);
    answers.missing = Number(asking.ambiguous) + Number(asking.synchronised);
    answers.askedAt = performance.now();
    painter.control(enter + asked + wipe);
    painter.start();
  };
  const give = () => {
    if (!open) return;
    open = false;
    painter.stop();
    sink.writeNow(Buffer.from(leave), lastWords);
    raw(stdin, false);
  };

  const resized = createThrottle(resizeEvery, () => {
    const now = sizeOf(stdout);
    painter.resize(now);
    size.update((before) => (before.width === now.width && before.height === now.height ? before : now));
  });
  const undo: (() => void)[] = [];
  const on = (emitter: NodeJS.EventEmitter, event: string, listener: (...args: never[]) => void) => {
    emitter.on(event, listener as (...args: unknown[]) => void);
    undo.push(() => emitter.off(event, listener as (...args: unknown[]) => void));
  };

  const close = () => {
    if (closed) return;
    give();
    closed = true;
    for (const step of undo) step();
    resized.cancel();
    reader.close();
    stdin.pause();
    sink.close();
  };

  on(stdin, 'data', read);
  on(stdin, 'end', gone);
  on(stdin, 'error', gone);
  on(stdout, 'error', lost);
  on(stdout, 'resize', resized.call);
  on(process, 'exit', close);
  // Only looks: the error goes on to whoever reports it, on a terminal that can show it.
  on(process, 'uncaughtExceptionMonitor', close);
  on(process, 'SIGCONT', () => {
    // Stopped from outside, the shell may have changed the terminal behind our back.
    give();
    take();
  });
  on(process, 'SIGTSTP', () => {
    give();
    process.kill(process.pid, 'SIGSTOP');
  });
  for (const [signal, number] of Object.entries(signals)) {
    const leaving: Leaving = { reason: 'signal', code: 128 + number, signal: signal as NodeJS.Signals };
    on(process, signal, () => {
      if (lent === undefined) return end(leaving);
      // Typed at the terminal they go to all who run on it, and are meant for the one who has it.
      if (signal === 'SIGINT' || signal === 'SIGQUIT') return;
      lent.cut.abort(signal);
      void Promise.race([lent.back, sleep(editorGoodbye)]).then(() => end(leaving));
    });
  }
  take();

  const answered = (): Promise<void> => {
    const left = answers.askedAt + answersWithin - performance.now();
    if (answers.missing <= 0 || left <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      setTimeout(resolve, left);
      answers.listeners.add(() => answers.missing <= 0 && resolve());
    });
  };

  const edit = async (text: string, name: string): Promise<Edited> => {
    if (lent !== undefined || closed) return { text: undefined, problem: 'an editor has the terminal already' };
    const cut = new AbortController();
    const { promise: back, resolve: returned } = Promise.withResolvers<void>();
    lent = { cut, back };
    // Answers that are still under way would be typed into the editor.
    await answered();
    give();
    stdin.pause();
    // Only by the next turn of the loop nobody but the editor reads.
    await sleep(0);
    const settings = readLineSettings();
    const edited = await runEditor({ text, name, env, cut: cut.signal });
    settings.restore();
    lent = undefined;
    returned();
    if (!closed && !cut.signal.aborted) {
      stdin.resume();
      painter.control(reclaim);
      take();
    }
    return edited;
  };

  return {
    size,
    ambiguousWide,
    ended,
    answered,
    close,
    edit,
    inkStdout: inkStdout(size.get, painter.frame),
    inkStdin: inkStdin(),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    copy(text) {
      const sequence = clipboard(text, env);
      if (sequence !== undefined) painter.control(sequence);
      return sequence !== undefined;
    },
    suspend() {
      give();
      // The whole job, or the shell keeps waiting for the program that started us.
      process.kill(0, 'SIGTSTP');
    },
  };
}

const wipe = '\x1b[m\x1b[H\x1b[2J';

function sizeOf(stdout: NodeJS.WriteStream): Size {
  // A terminal that does not know its size says 0.
  return { width: stdout.columns || 80, height: stdout.rows || 24 };
}

function raw(stdin: NodeJS.ReadStream, on: boolean): void {
  if (stdin.isTTY !== true || typeof stdin.setRawMode !== 'function') return;
  try {
    stdin.setRawMode(on);
  } catch {
    // The terminal is gone: there is nothing left to restore.
  }
}

/** At once, and then at most every `milliseconds`; the last call is never lost. */
function createThrottle(milliseconds: number, run: () => void): { call(): void; cancel(): void } {
  let timer: NodeJS.Timeout | undefined;
  let again = false;
  const call = () => {
    if (timer !== undefined) {
      again = true;
      return;
    }
    run();
    timer = setTimeout(() => {
      timer = undefined;
      if (!again) return;
      again = false;
      call();
    }, milliseconds);
  };
  return { call, cancel: () => clearTimeout(timer) };
}
