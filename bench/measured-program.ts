import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { spawn } from '@lydell/node-pty';
import headless from '@xterm/headless';
import type { Reading } from './probe.ts';

/** A program in a terminal of its own that can be asked what it costs. */
export type MeasuredProgram = {
  /** Keys, as bytes. */
  write(bytes: string): void;
  /** Called with what the program writes, as it is read. */
  onBytes(listener: (text: string) => void): void;
  /** The screen, lines joined. */
  text(): string;
  /** Resolves when the screen matches. Rejects with the screen after `milliseconds`. */
  until(what: RegExp, milliseconds?: number): Promise<void>;
  /** This end stops reading, or goes on. */
  pause(): void;
  resume(): void;
  /** Lets the program draw everything again: the window changes its size and changes it back. */
  redraw(): void;
  read(): Promise<Reading>;
  stop(): Promise<void>;
};

export type MeasuredOptions = {
  columns: number;
  rows: number;
  env?: Record<string, string>;
  /** How often the program looks whether its event loop turns, ms; 0 = not at all, which costs nothing. */
  tickMs?: number;
};

export async function startMeasured(args: readonly string[], options: MeasuredOptions): Promise<MeasuredProgram> {
  const folder = mkdtempSync(join(tmpdir(), 'ciliscope-bench-'));
  const address = join(folder, 'probe');
  const connected = Promise.withResolvers<Socket>();
  const server = createServer(connected.resolve).listen(address);
  const pty = spawn(process.execPath, ['--import', join(import.meta.dirname, 'probe.ts'), ...args], {
    name: 'xterm-256color',
    cols: options.columns,
    rows: options.rows,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      XDG_STATE_HOME: folder,
      LANG: 'C.UTF-8',
      TERM: 'xterm-256color',
      BENCH_PROBE: address,
      BENCH_PROBE_TICK: String(options.tickMs ?? 0),
      ...options.env,
    },
  });
  const terminal = new headless.Terminal({ cols: options.columns, rows: options.rows, allowProposedApi: true });
  const listeners = new Set<(text: string) => void>();
  const looks = new Set<() => void>();
  // The terminal answers what it is asked, as a real one does.
  terminal.onData((answer) => pty.write(answer));
  pty.onData((text) => {
    for (const listener of listeners) listener(text);
    terminal.write(text, () => {
      for (const look of [...looks]) look();
    });
  });
  const screen = () => {
    const { active } = terminal.buffer;
    return Array.from({ length: terminal.rows }, (_, row) => active.getLine(row)?.translateToString(true)).join('\n');
  };
  const exited = new Promise<void>((resolve) => pty.onExit(() => resolve()));
  void exited.then(() => connected.reject(new Error(`the program ended:\n${screen()}`)));
  const socket = await connected.promise;
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();

  return {
    write: (bytes) => pty.write(bytes),
    onBytes: (listener) => void listeners.add(listener),
    text: screen,
    until(what, milliseconds = 60_000) {
      return new Promise((resolve, reject) => {
        const look = () => {
          if (what.test(screen())) finish(resolve);
        };
        const finish = (settle: () => void) => {
          clearTimeout(timer);
          looks.delete(look);
          settle();
        };
        const late = () => reject(new Error(`${what} was not seen within ${milliseconds} ms:\n${screen()}`));
        const timer = setTimeout(() => finish(late), milliseconds);
        looks.add(look);
        look();
      });
    },
    redraw() {
      pty.resize(options.columns - 1, options.rows);
      setTimeout(() => pty.resize(options.columns, options.rows), 100);
    },
    pause: () => pty.pause(),
    resume: () => pty.resume(),
    async read() {
      socket.write('\n');
      return JSON.parse((await lines.next()).value as string) as Reading;
    },
    async stop() {
      pty.kill('SIGKILL');
      await exited;
      socket.destroy();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
