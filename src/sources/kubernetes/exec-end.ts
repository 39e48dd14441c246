import { sanitiseLine } from '../../model/sanitise.ts';

/**
 * `exitCode`: −1 where the command was never begun, or nobody says how it ended; `text` is the runtime's words for it,
 * sanitised. `missing`: the container has no such program.
 */
export type ExecEnd = { exitCode: number; missing: boolean; text: string };

/** So long nothing has come after the command has said how it ended: it is over. Whatever comes, no later than the second. */
const lateOutputMs = 300;
const latestOutputMs = 5_000;
/** Of a refusal, and of how a command ended, no more is read. */
const wordsBytes = 65_536;

/**
 * How a command ended comes on a channel of its own, which may be ahead of its output, and in pieces: it is over when the
 * connection closes, or nothing more comes.
 */
export function createEnding(over: (end: ExecEnd) => void) {
  const words = createWords();
  let since = 0;
  let timer: NodeJS.Timeout | undefined;
  const finish = () => {
    clearTimeout(timer);
    over(readEnd(words.text()));
  };
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(finish, Math.min(lateOutputMs, since + latestOutputMs - performance.now()));
  };
  return {
    said: () => since > 0,
    say(payload: Buffer) {
      since ||= performance.now();
      words.add(payload);
      wait();
    },
    goesOn() {
      if (since > 0) wait();
    },
    finish,
  };
}

/** A short text that comes in pieces; `add` says whether there is room for more. */
export function createWords() {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return {
    add(chunk: Buffer): boolean {
      if (bytes < wordsBytes) chunks.push(chunk);
      bytes += chunk.length;
      return bytes < wordsBytes;
    },
    text: () => Buffer.concat(chunks).toString('utf8'),
  };
}

type EndStatus = {
  status?: unknown;
  message?: unknown;
  details?: { causes?: readonly ({ reason?: unknown; message?: unknown } | null)[] } | null;
};

/** Channel 3 carries a Status: Success, or the exit code among its causes. Some runtimes only write a sentence. */
function readEnd(said: string): ExecEnd {
  const status = parsed(said);
  if (status?.status === 'Success') return { exitCode: 0, missing: false, text: '' };
  const words = String(status === undefined ? said : (status?.message ?? ''));
  const causes = Array.isArray(status?.details?.causes) ? status.details.causes : [];
  const code =
    causes.find((cause) => cause?.reason === 'ExitCode')?.message ?? /\bexit (?:code|status) (\d+)/.exec(words)?.[1];
  const exitCode = /^\d{1,3}$/.test(String(code)) ? Number(code) : -1;
  return {
    exitCode,
    // What shells and runtimes end with where there is nothing to run.
    missing: exitCode === 127 || (exitCode === -1 && isMissing(words)),
    text: sanitiseLine(words, 300),
  };
}

function parsed(said: string): EndStatus | null | undefined {
  try {
    return JSON.parse(said);
  } catch {
    return undefined;
  }
}

/** A program that is not there, in the words of runc, crun, youki, gVisor and Kata. */
export function isMissing(text: string): boolean {
  return /executable (file )?(\S+ )?(for container process )?not found|(\bstat|error finding executable) .{0,500}: no such file|no such file or directory \(os error 2\)|command not found/i.test(
    text,
  );
}
