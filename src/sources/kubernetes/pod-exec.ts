import { UserError } from '../../errors.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import type { ApiClient } from './api-client.ts';
import { ApiProblem } from './api-problem.ts';
import { type ExecEnd, isMissing } from './exec-end.ts';
import { kubeletHint } from './exec-refusal.ts';
import { type ExecTarget, openExec } from './exec-socket.ts';
import { isReading } from './reading-commands.ts';

/** What came until the command ended by itself ('exit'), or was left for lack of time or for too much output (exit code −1). */
export type ExecResult = { ended: 'exit' | 'time' | 'size'; exitCode: number; stdout: string; stderr: string };

const mostBytes = 8 * 1_048_576;

/**
 * Runs one reading command in a container and waits for its end, for `limitMs` or 8 MB of output, whichever is first
 * (what came until then is the answer). Throws UserError where it cannot be run.
 */
export async function runInPod(
  client: ApiClient,
  target: ExecTarget,
  command: readonly string[],
  limits: { limitMs: number; silenceMs: number },
  signal: AbortSignal,
): Promise<ExecResult> {
  if (!isReading(command)) throw notReading(command);
  for (const words of namesOf(command)) {
    const { missing, ...result } = await runOnce(client, target, words, limits, signal);
    if (!missing) return result;
  }
  throw noSuchProgram(target, command);
}

/** Before 1.15 the agent's own tool had another name. */
export function namesOf(command: readonly string[]): readonly (readonly string[])[] {
  return command[0] === 'cilium-dbg' ? [command, ['cilium', ...command.slice(1)]] : [command];
}

export function notReading(command: readonly string[]): UserError {
  return new UserError(`Not run: "${sanitiseLine(command.join(' '), 200)}" is none of the commands that only read.`);
}

export function noSuchProgram(target: ExecTarget, command: readonly string[]): UserError {
  return new UserError(
    `The container ${sanitiseLine(target.container, 100)} has no ${command[0]}.`,
    'Its image may be of another version, or not be Cilium.',
  );
}

async function runOnce(
  client: ApiClient,
  target: ExecTarget,
  command: readonly string[],
  { limitMs, silenceMs }: { limitMs: number; silenceMs: number },
  signal: AbortSignal,
): Promise<ExecResult & { missing: boolean }> {
  const output = { 1: [] as Buffer[], 2: [] as Buffer[] };
  let bytes = 0;
  const full = Promise.withResolvers<'size'>();
  const late = Promise.withResolvers<'time'>();
  const left = Promise.withResolvers<never>();
  left.promise.catch(() => {});
  const timer = setTimeout(() => late.resolve('time'), limitMs);
  const abort = () => left.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  const opening = new AbortController();
  try {
    const begun = openExec(
      client,
      {
        ...{ target, command, silenceMs, terminal: false },
        onOutput(channel, payload) {
          bytes += payload.length;
          if (bytes > mostBytes) full.resolve('size');
          else output[channel].push(payload);
        },
      },
      AbortSignal.any([signal, opening.signal]),
    );
    begun.then(
      (socket) => {
        if (opening.signal.aborted) socket.close();
        else opening.signal.addEventListener('abort', socket.close, { once: true });
      },
      () => {},
    );
    const ended = begun.then((socket) => socket.ended);
    ended.catch(() => {});
    return resultOf(await Promise.race([ended, full.promise, late.promise, left.promise]), output, command);
  } finally {
    opening.abort();
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

function resultOf(
  end: ExecEnd | 'size' | 'time',
  output: { 1: Buffer[]; 2: Buffer[] },
  command: readonly string[],
): ExecResult & { missing: boolean } {
  const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString('utf8');
  const said = { stdout: text(output[1]), stderr: text(output[2]) };
  if (typeof end === 'string') return { ended: end, exitCode: -1, ...said, missing: false };
  // Older runtimes print why they cannot begin it, as if the command had.
  const missing = end.missing || (end.exitCode === 126 && isMissing(`${said.stderr}\n${said.stdout}`));
  if (end.exitCode === -1 && !missing) {
    const why = end.text.replace(/\.$/, '') || 'nobody says how it ended';
    throw new ApiProblem('server', `${command[0]} did not come to its end: ${why}.`, kubeletHint(why));
  }
  return { ended: 'exit', exitCode: end.exitCode, ...said, missing };
}
