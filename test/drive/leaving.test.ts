import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startCluster } from './embedded-cluster.ts';
import { go, live } from './look.ts';
import { childrenOf, gone } from './processes.ts';
import { type Driven, drive } from './terminal.ts';

// Every way out: the terminal as it was, the exit code that says why, nobody left behind.
let cluster: EmbeddedCluster;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ciliscope-leaving-'));
  cluster = await startCluster('--scenario', 'healthy', '--nodes', '2', '--pods', '10', '--churn', '0');
});
afterAll(async () => {
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function open(stateHome = mkdtempSync(join(folder, 'state-'))): Promise<Driven & { session: string }> {
  const console = cluster.console({ env: { XDG_STATE_HOME: stateHome } });
  await console.until(live, 30_000);
  return { ...console, session: join(stateHome, 'ciliscope', 'session.json') };
}

/** How it is left, the code it ends with, and what does it. */
type Way = [name: string, code: number, leave: (console: Driven) => void];

async function left(console: Driven): Promise<{ code: number; left: string[]; text: string }> {
  const code = await console.exit;
  return { code, left: await console.restored(), text: console.text().trim() };
}

describe('leaving by keys', () => {
  it.each([
    ['q', 'q again quits'],
    ['ctrl-c', 'ctrl-c again quits'],
  ])('%s asks first, twice ends with 0 and says nothing', async (key, question) => {
    const console = await open();
    console.press(key);
    await console.until(question);
    console.press(key);
    expect(await left(console)).toEqual({ code: 0, left: [], text: '' });
  });

  it('q comes back from a pane before it asks to quit; :q quits from anywhere', async () => {
    const console = await open();
    console.press('2');
    await console.until(/── Agents/);
    console.press('q');
    await console.until(/── 7 Changed/);
    expect(console.text()).not.toContain('q again quits');
    console.press('2');
    await console.until(/── Agents/);
    await go(console, ':q');
    expect(await left(console)).toEqual({ code: 0, left: [], text: '' });
  });

  it('keys pressed before the first frame are not lost: q q at once ends it', async () => {
    const console = cluster.console();
    await console.until((screen) => screen.some((line) => line.includes('ns:all')));
    console.write('qq');
    expect(await left(console)).toEqual({ code: 0, left: [], text: '' });
  });
});

describe('leaving by a signal', () => {
  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
  ])('%s ends with %i, and keeps where one was', async (signal, code) => {
    const console = await open();
    console.press('2');
    await console.until(/── Agents/);
    await go(console, ':ns shop');
    await console.until(/ns:shop/);
    console.signal(signal);
    expect(await left(console)).toEqual({ code, left: [], text: '' });
    expect(JSON.parse(readFileSync(console.session, 'utf8'))).toMatchObject({ context: 'admin', scope: 'shop' });
    expect(statSync(console.session).mode & 0o777).toBe(0o600);
    expect(statSync(join(console.session, '..')).mode & 0o777).toBe(0o700);
  });

  it('while the terminal takes nothing more', async () => {
    const console = await open();
    console.pause();
    console.signal('SIGTERM');
    const resumed = setTimeout(() => console.resume(), 3_000);
    expect(await console.exit).toBe(143);
    clearTimeout(resumed);
  });

  it('a line that is cut: it ends by itself and keeps where one was', async () => {
    const console = await open();
    console.press('7');
    await console.until(/── Timeline/);
    console.hangUp();
    await gone(console.pid);
    expect(JSON.parse(readFileSync(console.session, 'utf8'))).toMatchObject({ pane: 'timeline' });
  });
});

describe('the shell it came from', () => {
  /** The shell prints how the console ended and how the terminal is set after it. */
  function inShell(after = 'echo "code=$?"; stty -a; echo over') {
    const run = `${process.execPath} bin/ciliscope.js --kubeconfig ${cluster.kubeconfig}`;
    const env = { XDG_STATE_HOME: mkdtempSync(join(folder, 'state-')) };
    return drive('sh', ['-c', `echo before; ${run}; ${after}`], { columns: 100, env });
  }

  const ways: readonly Way[] = [
    ['q q', 0, (console) => console.write('qq')],
    ['SIGTERM', 143, (console) => process.kill(childrenOf(console.pid)[0] as number, 'SIGTERM')],
  ];
  it.each(ways)('%s: echo, lines and signals are as they were', async (_way, code, leave) => {
    const console = inShell();
    await console.until(live, 30_000);
    leave(console);
    await console.until('over');
    const text = console.text();
    expect(text).toContain('before');
    expect(text).toContain(`code=${code}`);
    for (const word of [' echo ', ' icanon ', ' isig ', ' icrnl ', ' opost ']) {
      expect(` ${text.replaceAll('\n', ' ')} `).toContain(word);
    }
    await console.exit;
  });

  it(':suspend gives the shell back, fg the console', async () => {
    const console = drive('sh', ['-i'], { columns: 100, env: { PS1: 'shell> ', XDG_STATE_HOME: folder, ENV: '' } });
    await console.until('shell>');
    console.write(`${process.execPath} bin/ciliscope.js --kubeconfig ${cluster.kubeconfig}\r`);
    await console.until(live, 30_000);
    console.press('2');
    await console.until(/── Agents/);
    await go(console, ':suspend');
    await console.until(/Stopped/);
    expect(console.text()).not.toContain('── Agents');
    console.write('echo $((40 + 2))\r');
    await console.until(/^42$/m);
    expect(await console.restored()).toEqual(expect.not.arrayContaining(['other screen', 'cursor hidden', 'mouse']));
    console.write('fg\r');
    await console.until(/── Agents .*● live/);
    console.press('0');
    await console.until(/── 7 Changed/);
    console.write('qq');
    // A prompt of its own, below the line that said fg: what is typed before it goes to nobody.
    await console.until(
      (screen) =>
        screen
          .filter((line) => line.trim() !== '')
          .at(-1)
          ?.trim() === 'shell>',
    );
    console.write('exit\r');
    expect(await console.exit).toBe(0);
    console.kill();
  });
});

describe('the cluster of the demo', () => {
  async function openDemo() {
    const temp = mkdtempSync(join(folder, 'tmp-'));
    const env = { TMPDIR: temp, XDG_STATE_HOME: folder };
    const console = drive(process.execPath, ['bin/ciliscope.js', '--demo', 'empty'], { env });
    await console.until(live, 30_000);
    const [child = 0] = childrenOf(console.pid);
    expect(child).toBeGreaterThan(0);
    return { console, child };
  }

  const ways: readonly Way[] = [
    ['q q', 0, (console) => console.write('qq')],
    ['SIGHUP', 129, (console) => console.signal('SIGHUP')],
    ['SIGKILL', 137, (console) => console.signal('SIGKILL')],
  ];
  it.each(ways)('ends with its parent: %s', async (_way, code, leave) => {
    const { console, child } = await openDemo();
    leave(console);
    expect(await console.exit).toBe(code);
    await gone(child);
    console.kill();
  });
});

describe('where one was cannot be kept', () => {
  it('is said in one sentence, and is no reason to end differently', async () => {
    // No folder can be made below a file; the same as a full disk or a home that is read-only.
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const console = await open(file);
    console.write('qq');
    const { code, left: modes, text } = await left(console);
    expect([code, modes]).toEqual([0, []]);
    expect(text).toMatch(/^Where you were is not kept: /);
    expect(existsSync(console.session)).toBe(false);
  });
});

describe('without a terminal', () => {
  it('a reader that goes away early is no error', async () => {
    const args = ['bin/ciliscope.js', '--kubeconfig', cluster.kubeconfig];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let said = '';
    child.stderr.on('data', (chunk) => (said += chunk));
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect([code, said]).toEqual([0, '']);
  });

  it.skipIf(!existsSync('/dev/full')).each([['help'], ['simulate', '--list-scenarios']])(
    'a disk that is full is said, and is no success: %s %s',
    (...words) => {
      const full = openSync('/dev/full', 'w');
      const { status, stderr } = spawnSync(process.execPath, ['bin/ciliscope.js', ...words], {
        stdio: ['ignore', full, 'pipe'],
        encoding: 'utf8',
      });
      closeSync(full);
      expect([status, stderr]).toEqual([2, 'ciliscope: The output cannot be written (ENOSPC). Is the disk full?\n']);
    },
  );
});
