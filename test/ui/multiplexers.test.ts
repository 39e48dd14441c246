import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundled } from '../drive/bundled.ts';
import { type Driven, drive } from '../drive/terminal.ts';

let program: Awaited<ReturnType<typeof bundled>>;
let folder: string;

beforeAll(async () => {
  program = await bundled('toolkit.tsx');
  // Sockets of our own, so that nobody's session is touched. Short: a socket's path may not be long.
  folder = mkdtempSync(join(tmpdir(), 'mx-'));
});
afterAll(() => {
  program.remove();
  rmSync(folder, { recursive: true, force: true });
});

type Multiplexer = { command: string; args(run: string): string[]; end(): string[] };

const multiplexers: Record<string, Multiplexer> = {
  tmux: {
    command: 'tmux',
    args: (run) => ['-S', join(folder, 's'), '-f', '/dev/null', 'new-session', run],
    end: () => ['-S', join(folder, 's'), 'kill-server'],
  },
  'GNU screen': {
    command: 'screen',
    args: (run) => ['-c', '/dev/null', '-U', '-S', 'driven', 'sh', '-c', run],
    end: () => ['-S', 'driven', '-X', 'quit'],
  },
};

describe('with their default configuration', () => {
  for (const [name, { command, args, end }] of Object.entries(multiplexers)) {
    test.skipIf(!isInstalled(command))(`${name}: drawn, driven, and given back`, async () => {
      const run = `${process.execPath} ${program.path}; echo back in the shell; sleep 1`;
      const screen = drive(command, args(run), { columns: 90, rows: 26, env: { SCREENDIR: folder } });
      try {
        await story(screen);
      } finally {
        screen.kill();
        spawnSync(command, end(), { env: { ...process.env, SCREENDIR: folder } });
      }
    });
  }
});

async function story(screen: Driven): Promise<void> {
  await screen.until('all is well');
  screen.press('1', 'j', 'j');
  await screen.until('▸ ● item-0002');
  screen.press('enter');
  await screen.until('Item item-0002');
  // Both hold an escape back for a while, in case it begins something.
  screen.press('esc');
  await screen.until('Items 60');
  screen.press('/');
  screen.write('0033');
  await screen.until('Items 1/60 · /0033');
  expect(screen.text()).not.toContain('2026');
  screen.press('enter', 'q', 'q', 'q');
  await screen.until('back in the shell');
  expect(screen.text()).not.toContain('item-');
}

function isInstalled(command: string): boolean {
  return spawnSync('which', [command]).status === 0;
}
