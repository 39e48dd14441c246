import type { Terminal } from '../command.ts';
import { progressOn } from '../progress.ts';

/** In the log of a job, whoever waits sees this often that something is still waited for, ms. */
const everyMs = 10_000;

/** What is waited for: one line that is overwritten where somebody looks, else a line on stderr each ten seconds. */
export function signOfLife(stderr: Terminal['stderr']): ReturnType<typeof progressOn> {
  if (stderr.isTTY) return progressOn(stderr);
  let doing = '';
  let since = 0;
  let timer: NodeJS.Timeout | undefined;
  return {
    say(text) {
      doing = text;
      if (timer !== undefined) return;
      since = performance.now();
      timer = setInterval(() => {
        stderr.write(`ciliscope: ${doing}, for ${Math.round((performance.now() - since) / 1_000)} s\n`);
      }, everyMs);
    },
    clear() {
      clearInterval(timer);
      timer = undefined;
    },
  };
}
