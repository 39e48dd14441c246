import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setInterval } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { bundled } from '../drive/bundled.ts';
import { gone } from '../drive/processes.ts';
import { type Driven, type DriveOptions, drive } from '../drive/terminal.ts';

let program: Awaited<ReturnType<typeof bundled>>;
const driven: Driven[] = [];

beforeAll(async () => {
  program = await bundled('toolkit.tsx');
});
afterEach(() => {
  for (const one of driven.splice(0)) one.kill();
});
afterAll(() => program.remove());

async function start(options: DriveOptions = {}): Promise<Driven> {
  const screen = drive(process.execPath, [program.path], options);
  driven.push(screen);
  await screen.until(/all is well|narrow/);
  return screen;
}

describe('at every size', () => {
  for (const [columns, rows] of [
    [80, 24],
    [120, 40],
    [200, 60],
  ] as const) {
    test(`${columns}×${rows}: home, a pane, into a row and back, quit`, async () => {
      const screen = await start({ columns, rows });
      expect(screen.screen().every((line) => line.length <= columns)).toBe(true);
      await screen.until(/\? help/);
      screen.press('1');
      await screen.until('toolkit  items');
      expect(screen.selected()).toHaveLength(1);
      expect(screen.selected()[0]).toContain('item-0000');
      screen.press('j', 'j', 'enter');
      await screen.until('Item item-0002');
      await screen.until('item-0002 line 5');
      screen.press('esc');
      await screen.until((lines) => lines.some((line) => line.includes('▸ ● item-0002')));
      screen.press('esc');
      await screen.until('all is well');
      screen.press('q');
      await screen.until('q again quits');
      screen.press('q');
      expect(await screen.exit).toBe(0);
      expect(await screen.restored()).toEqual([]);
    });
  }

  test('20×5: one line that says it, one with what is needed, and still leaves', async () => {
    const screen = await start({ columns: 20, rows: 5 });
    expect(screen.screen().slice(0, 3)).toEqual(['● narrow', ' needs 40×8', '']);
    screen.press('ctrl-c', 'ctrl-c');
    expect(await screen.exit).toBe(0);
  });
});

describe('keys', () => {
  test('keys read together arrive one by one, also through the pane they open', async () => {
    const screen = await start();
    screen.write('1jjj\r');
    await screen.until('Item item-0003');
  });

  test('a filter narrows as one types, is shown in the title, and esc takes it back before it leaves', async () => {
    const screen = await start();
    screen.press('1', '/');
    screen.press('s', 'i', 'c', 'k');
    await screen.until('Items 7/60 · /sick');
    screen.press('enter', 'esc');
    await screen.until('Items 60 ─');
    await screen.until('toolkit  items');
  });

  test('a key that cannot be used says why; one that means nothing says so', async () => {
    const screen = await start();
    screen.press('1', 'e');
    await screen.until('edit: read only');
    screen.press('%');
    await screen.until('% does nothing here');
    screen.press('5');
    await screen.until('Later: it comes with a later version');
  });

  test('a key dims when nothing is left that it could be about, and is bright when rows come, without a key', async () => {
    const screen = await start({ env: { LATE: '1' } });
    screen.press('1');
    await screen.until((lines) => /^ ⏎ open /.test(lines[23] ?? ''));
    const bright = () =>
      screen
        .line(23)
        .slice(0, 8)
        .some(({ text, faint }) => text === 'o' && !faint);
    expect(bright()).toBe(false);
    screen.signal('SIGUSR2');
    await screen.until(bright);
    expect(screen.text()).toContain('item-0000');
    screen.signal('SIGUSR2');
    await screen.until(() => !bright());
  });

  test('help lists every key with its reason, and is searched', async () => {
    const screen = await start();
    screen.press('1', '?');
    await screen.until('Keys');
    await screen.until('(not now: read only)');
    screen.press('/');
    screen.write('shift-tab');
    screen.press('enter');
    await screen.until('previous pane');
    screen.press('esc');
    await screen.until('search  w wrap');
    screen.press('esc');
    await screen.until('Items 60');
  });

  test('words after a colon, with completion, of panes and of keys', async () => {
    const screen = await start();
    screen.press(':');
    screen.write('ite');
    await screen.until(':items');
    screen.press('tab');
    screen.write(' item-0007');
    screen.press('enter');
    await screen.until('Item item-0007');
    screen.write(':nonsense\r');
    await screen.until('there is no :nonsense');
    screen.press('1');
    screen.write(':remove\r');
    await screen.until('removed item-0000');
  });

  test('sorting takes a second key, which the bottom line offers', async () => {
    const screen = await start();
    screen.press('1', 's');
    await screen.until(/n name.*c count/);
    screen.press('c');
    await screen.until('by count');
    await screen.until((lines) => lines[3]?.includes('item-0059') === true);
    screen.press('S');
    await screen.until('by count reversed');
  });

  test('history goes back and forward, and to the view before', async () => {
    const screen = await start();
    screen.press('1');
    await screen.until('toolkit  items');
    screen.press('2');
    await screen.until('toolkit  log');
    screen.press('[');
    await screen.until('toolkit  items');
    screen.press(']');
    await screen.until('toolkit  log');
    screen.press('-');
    await screen.until('toolkit  items');
    screen.press('tab');
    await screen.until('toolkit  log');
    screen.press('esc');
    await screen.until('toolkit  home');
  });

  test('a pane that throws takes only itself down', async () => {
    const screen = await start();
    screen.press('3');
    await screen.until('Broken cannot be drawn: boom');
    screen.press('esc');
    await screen.until('all is well');
  });
});

describe('paste', () => {
  for (const [name, text] of [
    ['marked by the terminal', '\x1b[200~note 12\nqq\x1b[201~'],
    ['not marked', 'note 12 something\nqq\n'],
  ] as const) {
    test(`${name}, it opens the search and runs no key`, async () => {
      const screen = await start();
      screen.press('1');
      await screen.until('toolkit  items');
      screen.write(text);
      await screen.until('/note 12');
      await screen.until(/Items 0\/60/);
      screen.press('esc');
      await screen.until('Items 60');
    });
  }

  test('into a prompt it is typed', async () => {
    const screen = await start();
    screen.press('1', '/');
    await screen.until((lines) => lines.at(-1)?.startsWith('/') === true);
    screen.write('\x1b[200~item-0033\x1b[201~');
    await screen.until('Items 1/60 · /item-0033');
  });
});

test('copying sends the text to the clipboard and shows it whole, alone on the last line', async () => {
  const screen = await start();
  screen.press('1', 'j', 'c');
  await screen.until((lines) => lines.at(-1) === 'item-0001');
  expect(screen.bytes()).toContain(`\x1b]52;c;${Buffer.from('item-0001').toString('base64')}\x07`);
});

describe('leaving', () => {
  for (const [signal, code] of [
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGQUIT', 131],
  ] as const) {
    test(`${signal} restores the terminal, exit ${code}`, async () => {
      const screen = await start({ env: { CHURN: '30' } });
      screen.signal(signal);
      expect(await screen.exit).toBe(code);
      expect(await screen.restored()).toEqual([]);
    });
  }

  test('an error nobody caught is told on the restored terminal', async () => {
    const screen = await start();
    screen.write(':crash\r');
    expect(await screen.exit).toBe(1);
    expect(await screen.restored()).toEqual([]);
    expect(screen.text()).toContain('Error: crashed');
  });

  test('suspended, the terminal is the shell’s; continued, everything is drawn again', async () => {
    const screen = await start();
    screen.signal('SIGTSTP');
    await screen.until((lines) => lines.join('').trim() === '');
    expect(await screen.restored()).toEqual([]);
    await vi.waitFor(() => expect(readFileSync(`/proc/${screen.pid}/stat`, 'utf8')).toContain(') T '), {
      timeout: 8000,
    });
    screen.signal('SIGCONT');
    await screen.until('all is well');
    screen.press('1');
    await screen.until('toolkit  items');
  });
});

describe('while nobody reads', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ciliscope-ticks-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** A screen that changes sixty times a second, and how often it has changed as the program itself knows. */
  async function busy(name: string): Promise<{ screen: Driven; ticks(): number }> {
    const file = join(folder, name);
    const screen = await start({ columns: 200, rows: 60, env: { CHURN: '60', TOUCHED: '60', TICKS: file } });
    await screen.until(/tick \d/);
    return { screen, ticks: () => statSync(file).size };
  }
  const within = { timeout: 30_000, interval: 20 };

  test('the program goes on, and what it drew for nobody is left out afterwards', async () => {
    const { screen, ticks } = await busy('left-out');
    screen.pause();
    const before = screen.bytes().length;
    const from = ticks();
    await vi.waitFor(() => expect(ticks()).toBeGreaterThan(from + 200), within);
    screen.resume();
    const reached = ticks();
    await screen.until((lines) => Number(/.*tick (\d+)/s.exec(lines.join('\n'))?.[1]) >= reached);
    // The line itself holds some 20 kB. All that was drawn meanwhile would be 100 kB.
    expect(screen.bytes().length - before).toBeLessThan(50_000);
  });

  test('told to end, it ends', async () => {
    const { screen, ticks } = await busy('told');
    screen.pause();
    const from = ticks();
    await vi.waitFor(() => expect(ticks()).toBeGreaterThan(from + 100), within);
    screen.signal('SIGTERM');
    // The pty tells of the exit only once it is read again, so the process itself is asked.
    await gone(screen.pid);
  });
});

test('a window dragged about ends as if it had always had its size', async () => {
  const screen = await start({ columns: 120, rows: 40, env: { CHURN: '30' } });
  screen.press('1');
  await screen.until('toolkit  items');
  let step = 0;
  for await (const _ of setInterval(10)) {
    screen.resize(60 + ((step * 37) % 90), 12 + ((step * 13) % 40));
    if (++step === 40) break;
  }
  screen.resize(100, 30);
  await screen.until(
    (lines) =>
      lines.length === 30 && lines.at(-1)?.includes('? help') === true && lines[0]?.includes('toolkit  items') === true,
  );
  const lines = screen.screen();
  expect(lines[1]).toHaveLength(100);
  expect(lines.filter((line) => line.includes('item-')).length).toBe(25);
});

test('without UTF-8 only ASCII is drawn', async () => {
  const screen = await start({ env: { ASCII: '1' } });
  screen.press('1');
  await screen.until('> = item-0000');
  screen.press('z');
  await screen.until('troubled');
  const drawn = screen.screen().filter((line) => !line.includes('item-'));
  expect(drawn.join('').replace(/[\x20-\x7e]/g, '')).toBe('');
});

test('NO_COLOR loses the colours and nothing else', async () => {
  const screen = await start({ env: { NO_COLOR: '1' } });
  screen.press('1', 'j');
  await screen.until('▸ ● item-0001');
  expect(screen.bytes()).not.toMatch(/\x1b\[[\d;]*3[0-7]m/);
  expect(screen.selected()).toHaveLength(1);
});
