import { spawnSync } from 'node:child_process';

/**
 * How the terminal's line is set (echo, line ends, what its keys mean), to be set so again: a program that is killed
 * leaves it as it had it. Node.js only knows raw and not raw, so `stty` is asked; where there is none nothing is restored.
 */
export function readLineSettings(): { restore(): void } {
  const { status, stdout } = stty('-g');
  const settings = stdout?.toString().trim() ?? '';
  return {
    restore() {
      if (status === 0 && /^[\w:=;-]+$/.test(settings)) stty(settings);
    },
  };
}

function stty(argument: string) {
  return spawnSync('stty', [argument], { stdio: ['inherit', 'pipe', 'ignore'], timeout: 1_000 });
}
