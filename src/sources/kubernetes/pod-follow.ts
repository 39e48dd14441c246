import { UserError } from '../../errors.ts';
import type { LogEvent } from '../../model/asks.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import type { ApiClient } from './api-client.ts';
import { ApiProblem, connectionProblem } from './api-problem.ts';
import type { ExecBudget, Place } from './exec-budget.ts';
import { type ExecTarget, openExec } from './exec-socket.ts';
import { createLogTail, type LogTail } from './log-tail.ts';
import { namesOf, noSuchProgram, notReading } from './pod-exec.ts';
import { isFollowing } from './reading-commands.ts';
import { backoff, pause } from './waiting.ts';

/** Each time the connection breaks a command may stay behind in the container: it is not begun again for ever. */
const mostRestarts = 3;
/** A command that ctrl-C does not end is left to itself after this. */
const interruptMs = 2_000;

type FollowOptions = {
  client: ApiClient;
  target: ExecTarget;
  command: readonly string[];
  silenceMs: number;
  budget: ExecBudget;
  title: string;
};

/**
 * Lines of a reading command that goes on until `outer` aborts; then it is ended in its container, too. Lines that come
 * faster than they are fetched are dropped and counted; a broken connection is told as a gap and begun anew, three times
 * at most. Throws UserError where the command cannot be run.
 */
export async function* followInPod(options: FollowOptions, outer: AbortSignal): AsyncGenerator<LogEvent> {
  if (!isFollowing(options.command)) throw notReading(options.command);
  const stop = new AbortController();
  const signal = AbortSignal.any([outer, stop.signal]);
  const tail = createLogTail();
  const state: Following = { notes: [], ended: '', error: undefined, opened: false, wake: () => {} };
  let finished = false;
  const wake = () => state.wake();
  signal.addEventListener('abort', wake, { once: true });
  void keepRunning(options, tail, state, signal)
    .catch((error: unknown) => {
      state.error = error;
    })
    .finally(() => {
      finished = true;
      state.wake();
    });
  try {
    while (!signal.aborted) {
      const done = finished;
      const { lines, dropped } = tail.take();
      const notes = state.notes.splice(0);
      if (dropped > 0) {
        const text = `${dropped.toLocaleString('en')} lines dropped: they come faster than they can be shown`;
        yield { type: 'gap', text };
      }
      if (lines.length > 0) yield { type: 'lines', lines: lines.map(lineOf) };
      for (const text of notes) yield { type: 'gap', text };
      if (lines.length > 0 || notes.length > 0) continue;
      if (done) break;
      await new Promise<void>((resolve) => {
        state.wake = resolve;
      });
    }
    if (signal.aborted) return;
    if (state.error !== undefined) throw state.error;
    yield { type: 'end', text: state.ended };
  } finally {
    signal.removeEventListener('abort', wake);
    stop.abort();
  }
}

type Following = {
  notes: string[];
  ended: string;
  error: unknown;
  /** It has run once: what breaks later is worth another attempt. */
  opened: boolean;
  wake(): void;
};

function lineOf(bytes: Buffer): string {
  return sanitiseLine(bytes.toString('utf8').replace(/\r+$/, ''), 16_384);
}

async function keepRunning(options: FollowOptions, tail: LogTail, state: Following, signal: AbortSignal) {
  const tell = (text: string) => {
    state.notes.push(text);
    state.wake();
  };
  const { running, atOnce } = options.budget.counts();
  if (running.length >= Math.max(1, atOnce - 1)) {
    tell(`not begun yet: ${running.length} commands run in pods, and at most ${atOnce} may; waits in line`);
  }
  const place = await options.budget.enter({ title: options.title, goesOn: true }, signal);
  const left = AbortSignal.any([signal, place.signal]);
  let restarts = 0;
  try {
    while (!left.aborted) {
      try {
        state.ended = await runNames(options, tail, state, left);
        if (!left.aborted) return;
      } catch (error) {
        if (left.aborted) break;
        if (error instanceof UserError && !(error instanceof ApiProblem)) throw error;
        const problem = connectionProblem(error, options.client.credentials.session().cluster.server);
        const lasting = !['unreachable', 'server', 'throttled'].includes(problem.kind);
        if (lasting || !state.opened || restarts === mostRestarts) throw problem;
        restarts += 1;
        tell(`${problem.what} Lines are missing; begun anew, while the old one may go on in the container.`);
        await pause(Math.max(backoff(restarts) / 2, problem.retryAfterMs), left);
        tail.finish();
      }
    }
    if (!signal.aborted) state.ended = reasonOf(place);
  } finally {
    place.leave();
  }
}

/** Runs it under the first of its names that the container has; resolves with how it ended, in words. */
async function runNames(options: FollowOptions, tail: LogTail, state: Following, signal: AbortSignal): Promise<string> {
  for (const command of namesOf(options.command)) {
    const socket = await openExec(
      options.client,
      {
        ...{ target: options.target, command, silenceMs: options.silenceMs, terminal: true },
        onOutput(_channel, bytes) {
          tail.push(bytes);
          state.wake();
        },
      },
      signal,
    );
    state.opened = true;
    const interrupted = Promise.withResolvers<undefined>();
    const interrupt = () => void socket.interrupt(interruptMs).then(() => interrupted.resolve(undefined));
    if (signal.aborted) interrupt();
    else signal.addEventListener('abort', interrupt, { once: true });
    try {
      const end = await Promise.race([socket.ended, interrupted.promise]);
      if (end === undefined) return '';
      if (end.missing) continue;
      tail.finish();
      return end.exitCode === 0 ? 'The command ended.' : `The command ended: ${end.text || 'nobody says how'}`;
    } finally {
      signal.removeEventListener('abort', interrupt);
      socket.close();
    }
  }
  throw noSuchProgram(options.target, options.command);
}

function reasonOf({ signal }: Place): string {
  return signal.reason instanceof UserError ? signal.reason.what : 'Stopped.';
}
