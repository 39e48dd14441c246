import { spawn } from '@lydell/node-pty';
import headless from '@xterm/headless';

/** A cell as a person would see it. */
export type Seen = Readonly<{
  text: string;
  bold: boolean;
  faint: boolean;
  inverse: boolean;
  struck: boolean;
  underlined: boolean;
  foreground: string;
  background: string;
}>;

/** The robot user: a program in a terminal of its own, its screen rebuilt from its bytes, its keys pressed. */
export type Driven = {
  /** The screen as lines, without blanks at their ends. */
  screen(): string[];
  text(): string;
  /** The cells of a line, with how they look. */
  line(row: number): Seen[];
  /** Lines that are in reverse video, wholly or in part: where the cursor is. */
  selected(): string[];
  /** Keys by name (`enter`, `esc`, `up`, `ctrl-d`) or character, one write each. */
  press(...keys: string[]): void;
  /** Raw bytes, in one write. */
  write(bytes: string): void;
  /** Resolves when the screen satisfies it; rejects with the screen when it does not in time. */
  until(what: string | RegExp | ((screen: string[]) => boolean), milliseconds?: number): Promise<void>;
  /** Everything the program has written. */
  bytes(): string;
  resize(columns: number, rows: number): void;
  /** The reader at this end stops, or goes on. */
  pause(): void;
  resume(): void;
  signal(name: string): void;
  /** The line is cut: this end of the terminal is closed. */
  hangUp(): void;
  pid: number;
  /** Resolves to the exit code, or to 128 + the signal it died of. */
  exit: Promise<number>;
  /** Whether the terminal is as it was: first screen, cursor shown, wrapping, no mouse, no paste marks. */
  restored(): Promise<string[]>;
  kill(): void;
};

export type DriveOptions = Readonly<{ columns?: number; rows?: number; env?: Record<string, string>; cwd?: string }>;

const names: Readonly<Record<string, string>> = {
  enter: '\r',
  esc: '\x1b',
  tab: '\t',
  'shift-tab': '\x1b[Z',
  space: ' ',
  backspace: '\x7f',
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  home: '\x1b[H',
  end: '\x1b[F',
  pgup: '\x1b[5~',
  pgdn: '\x1b[6~',
};

export function drive(command: string, args: readonly string[], options: DriveOptions = {}): Driven {
  const { columns = 80, rows = 24 } = options;
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '/',
    // Where it is not said, tmux takes that of whoever runs it: an account for services has none.
    SHELL: '/bin/sh',
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    ...options.env,
  };
  const pty = spawn(command, [...args], {
    name: env.TERM,
    cols: columns,
    rows,
    cwd: options.cwd ?? process.cwd(),
    env,
  });
  const terminal = new headless.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 200 });
  const watchers = new Set<() => void>();
  let bytes = '';
  // The terminal answers what it is asked, as a real one does.
  terminal.onData((answer) => pty.write(answer));
  pty.onData((text) => {
    bytes += text;
    terminal.write(text, () => {
      for (const watcher of [...watchers]) watcher();
    });
  });
  let over = false;
  const exit = new Promise<number>((resolve) => {
    pty.onExit(({ exitCode, signal }) => {
      over = true;
      resolve(signal ? 128 + signal : exitCode);
    });
  });

  const lineAt = (row: number) => terminal.buffer.active.getLine(terminal.buffer.active.viewportY + row);
  // A line keeps the cells of a wider window for when it grows again: nobody sees them.
  const screen = () =>
    Array.from({ length: terminal.rows }, (_, row) => lineAt(row)?.translateToString(true, 0, terminal.cols) ?? '');
  const line = (row: number): Seen[] => {
    const buffered = lineAt(row);
    return Array.from({ length: terminal.cols }, (_, column) => {
      const cell = buffered?.getCell(column);
      return {
        text: cell?.getChars() ?? '',
        bold: Boolean(cell?.isBold()),
        faint: Boolean(cell?.isDim()),
        inverse: Boolean(cell?.isInverse()),
        struck: Boolean(cell?.isStrikethrough()),
        underlined: Boolean(cell?.isUnderline()),
        foreground: cell?.isFgDefault() ? '' : `${cell?.getFgColorMode()}:${cell?.getFgColor()}`,
        background: cell?.isBgDefault() ? '' : `${cell?.getBgColorMode()}:${cell?.getBgColor()}`,
      };
    });
  };
  const until: Driven['until'] = (what, milliseconds = 10_000) => {
    const holds = () => {
      if (typeof what === 'function') return what(screen());
      const text = screen().join('\n');
      return typeof what === 'string' ? text.includes(what) : what.test(text);
    };
    return new Promise((resolve, reject) => {
      const look = () => {
        if (!holds()) return;
        finish();
        resolve();
      };
      const finish = () => {
        clearTimeout(timer);
        watchers.delete(look);
      };
      const timer = setTimeout(() => {
        finish();
        reject(
          new Error(
            `never seen within ${milliseconds} ms: ${what}${over ? ' (the program has ended)' : ''}\n${screen().join('\n')}`,
          ),
        );
      }, milliseconds);
      watchers.add(look);
      look();
    });
  };
  const write = (text: string) => {
    if (!over) pty.write(text);
  };

  return {
    screen,
    text: () => screen().join('\n'),
    line,
    selected: () => screen().filter((_, row) => line(row).some((cell) => cell.inverse)),
    press: (...keys) => {
      for (const key of keys) write(keyBytes(key));
    },
    write,
    until,
    bytes: () => bytes,
    resize(width, height) {
      terminal.resize(width, height);
      pty.resize(width, height);
    },
    pause: () => pty.pause(),
    resume: () => pty.resume(),
    signal: (name) => process.kill(pty.pid, name),
    hangUp: () => (pty as unknown as { destroy(): void }).destroy(),
    pid: pty.pid,
    exit,
    restored: () => new Promise((resolve) => terminal.write('', () => resolve(leftBehind(terminal, bytes)))),
    kill() {
      if (!over) pty.kill('SIGKILL');
      terminal.dispose();
    },
  };
}

function keyBytes(key: string): string {
  if (key.startsWith('ctrl-') && key.length === 6) return String.fromCharCode(key.charCodeAt(5) & 0x1f);
  return names[key] ?? key;
}

/** What of the terminal is not as it was; empty = restored. */
function leftBehind(terminal: InstanceType<typeof headless.Terminal>, bytes: string): string[] {
  const { modes } = terminal;
  const left: string[] = [];
  if (terminal.buffer.active.type !== 'normal') left.push('other screen');
  if (modes.bracketedPasteMode) left.push('paste marks');
  if (modes.mouseTrackingMode !== 'none') left.push('mouse');
  if (!modes.wraparoundMode) left.push('no wrapping');
  if (modes.synchronizedOutputMode) left.push('synchronised output');
  if (bytes.lastIndexOf('\x1b[?25l') > bytes.lastIndexOf('\x1b[?25h')) left.push('cursor hidden');
  return left;
}
