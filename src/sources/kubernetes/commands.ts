import type { LogEvent } from '../../model/asks.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import type { ApiClient } from './api-client.ts';
import type { ExecBudget } from './exec-budget.ts';
import type { ExecTarget } from './exec-socket.ts';
import { type ExecResult, runInPod } from './pod-exec.ts';
import { followInPod } from './pod-follow.ts';

/** Commands in containers, by the raw text of what they print: it stays on this side of the threads. */
export type Commands = {
  /** Runs one command of the reading allow-list in a container; `limitMs` and 8 MB bound it. */
  exec(target: ExecTarget, command: readonly string[], limitMs: number, signal: AbortSignal): Promise<ExecResult>;
  /**
   * Runs a reading command that does not end by itself (`monitor`, `hubble observe`) until `signal` aborts. Counts as one
   * of the commands that may run at once, as `exec` does; whoever comes too late waits in line.
   */
  follow(target: ExecTarget, command: readonly string[], signal: AbortSignal): AsyncIterable<LogEvent>;
};

/** In the cluster that is current when it is asked. */
export function createCommands(client: () => ApiClient, silenceMs: number, budget: ExecBudget): Commands {
  return {
    async exec(target, command, limitMs, signal) {
      // Whoever waits for a place means the cluster of when they asked.
      const of = client();
      const place = await budget.enter({ title: titleOf(target, command), goesOn: false }, signal);
      try {
        return await runInPod(of, target, command, { limitMs, silenceMs }, signal);
      } finally {
        place.leave();
      }
    },
    follow: (target, command, signal) =>
      followInPod({ client: client(), target, command, silenceMs, budget, title: titleOf(target, command) }, signal),
  };
}

/** As `!` lists it. */
function titleOf({ pod }: ExecTarget, command: readonly string[]): string {
  return sanitiseLine(`${pod}: ${command.join(' ')}`, 200);
}
