import type { Terminal } from './command.ts';

/** One line on stderr that is overwritten while people wait; silent where nobody looks. */
export function progressOn(stderr: Terminal['stderr']): { say(text: string): void; clear(): void } {
  let shown = false;
  return {
    say(text) {
      if (!stderr.isTTY) return;
      shown = true;
      stderr.write(`\r\x1b[K${text}`);
    },
    clear() {
      if (shown) stderr.write('\r\x1b[K');
      shown = false;
    },
  };
}
