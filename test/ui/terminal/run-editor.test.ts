import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bundled } from '../../drive/bundled.ts';
import { gone } from '../../drive/processes.ts';
import { type Driven, drive } from '../../drive/terminal.ts';

// The person's own editor on the terminal, and the terminal ours again whatever became of it.
let program: Awaited<ReturnType<typeof bundled>>;
let folder: string;
let temp: string;
const driven: Driven[] = [];

beforeAll(async () => {
  program = await bundled('toolkit.tsx');
});
afterAll(() => program.remove());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ciliscope-editor-'));
  temp = mkdtempSync(join(folder, 'temp dir-'));
});
afterEach(() => {
  for (const one of driven.splice(0)) one.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** An editor that is a shell script; its file is "$1". It may leave notes in "$NOTES". */
function script(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

async function start(env: Record<string, string>, command = process.execPath, args = [program.path]): Promise<Driven> {
  const screen = drive(command, args, { env: { TMPDIR: temp, NOTES: join(folder, 'notes'), ...env } });
  driven.push(screen);
  await screen.until(/all is well|\$ $/);
  return screen;
}

const notes = () => readFileSync(join(folder, 'notes'), 'utf8');

async function edit(screen: Driven): Promise<void> {
  screen.write(':edit');
  await screen.until(/^:edit/m);
  screen.press('enter');
}

describe('what it does', () => {
  test('the file is private, what was saved comes back, nothing is left in the folder for temporary files', async () => {
    const editor = script(
      'ed',
      'stat -c "%a %a" "$1" > "$NOTES"; stat -c %a "$(dirname "$1")" >> "$NOTES"; echo three >> "$1"',
    );
    const screen = await start({ VISUAL: editor, EDITOR: 'false' });
    await edit(screen);
    await screen.until('text "one\\ntwo\\nthree\\n" problem ""');
    expect(notes()).toBe('600 600\n700\n');
    expect(readdirSync(temp)).toEqual([]);
    await screen.until('all is well');
  });

  test('it reads the keys, in cooked lines with echo; afterwards they are ours', async () => {
    const editor = script('ed', 'echo editing; read line; echo "$line" > "$1"');
    const screen = await start({ EDITOR: editor });
    await edit(screen);
    await screen.until(/^editing$/m);
    expect(await screen.restored()).toEqual([]);
    screen.write('qq1 typed');
    await screen.until(/^qq1 typed$/m);
    screen.write('\r');
    await screen.until('text "qq1 typed\\n" problem ""');
    screen.press('1');
    await screen.until('toolkit  items');
    screen.write('qqq');
    expect(await screen.exit).toBe(0);
    expect(await screen.restored()).toEqual([]);
  });

  test('arguments, quotes and variables in $EDITOR, as a shell reads them', async () => {
    const editor = script('my ed', 'echo "$WORD $1" > "$2"');
    const screen = await start({ EDITOR: `WORD='a b' "${editor}" --wait` });
    await edit(screen);
    await screen.until('text "a b --wait\\n" problem ""');
  });

  test('ctrl-c is the editor’s, not ours', async () => {
    const editor = script(
      'ed',
      'trap "echo interrupted >> \\"$1\\"; exit 0" INT; echo editing; while :; do sleep 0.05; done',
    );
    const screen = await start({ EDITOR: editor });
    await edit(screen);
    await screen.until(/^editing$/m);
    screen.press('ctrl-c');
    await screen.until('text "one\\ntwo\\ninterrupted\\n" problem ""');
    await screen.until('all is well');
  });

  test('a window made smaller meanwhile is drawn in its new size', async () => {
    const editor = script('ed', 'echo editing; read line');
    const screen = await start({ EDITOR: editor });
    await edit(screen);
    await screen.until(/^editing$/m);
    screen.resize(60, 15);
    screen.write('\r');
    await screen.until((lines) => lines.length === 15 && lines.some((line) => line.includes('all is well')));
    await screen.until(/:edit|problem ""/);
  });
});

describe('what can go wrong', () => {
  test.each([
    [
      'no such editor',
      () => 'no-such-editor',
      'text undefined problem "there is no editor no-such-editor: set $EDITOR to one"',
    ],
    ['one that cannot be run', () => folder, /problem "\S+ cannot be run: set/],
    [
      'left on purpose with a code',
      () => script('ed', 'echo three >> "$1"; exit 1'),
      /text undefined problem "\S+ ended with code 1"/,
    ],
    [
      'killed, and the line left raw without echo, a corner of the screen scrolling',
      () => script('ed', 'echo saved > "$1"; stty raw -echo; printf "\\033[?1049h\\033[3;5r"; kill -9 $$'),
      /text "saved\\n" problem "\S+ was killed"/,
    ],
  ])('%s: one sentence, and the screen is ours again', async (_what, editor, said) => {
    const screen = await start({ EDITOR: editor() });
    await edit(screen);
    await screen.until((lines) => {
      const last = lines.join('').replaceAll(/\s+/g, ' ');
      return typeof said === 'string' ? last.includes(said) : said.test(last);
    });
    await screen.until('all is well');
    expect(readdirSync(temp)).toEqual([]);
    screen.press('1');
    await screen.until('toolkit  items');
    screen.press('0');
    await screen.until('all is well');
    screen.write('qq');
    expect(await screen.exit).toBe(0);
    expect(await screen.restored()).toEqual([]);
  });

  test('the next editor, and the shell afterwards, find the line and the screen as they were before one died', async () => {
    const editor = script(
      'ed',
      'test -e "$NOTES" && { stty -a > "$NOTES"; exit 0; }; echo > "$NOTES"; printf "\\033[3;5r"; stty raw -echo; kill -9 $$',
    );
    const screen = await start({ EDITOR: editor }, 'sh', [
      '-c',
      `${process.execPath} ${program.path}; seq 1 60; echo over`,
    ]);
    await edit(screen);
    await screen.until('was killed');
    await edit(screen);
    await screen.until('problem ""');
    const line = ` ${notes().replaceAll(/[\n;]/g, ' ')} `;
    for (const word of [' echo ', ' icanon ', ' isig ', ' opost ']) expect(line).toContain(word);
    screen.write('qq');
    await screen.until('over');
    // Where only a corner of it scrolls, the numbers go by in there.
    expect(screen.screen()).toEqual(expect.arrayContaining(['45', '60', 'over']));
  });

  test('a signal that ends us is handed on; what was saved stays', async () => {
    const editor = script(
      'ed',
      'trap "echo ended > \\"$NOTES\\"; exit 0" TERM; echo kept > "$1"; echo editing; while :; do sleep 0.05; done',
    );
    const screen = await start({ EDITOR: editor });
    await edit(screen);
    await screen.until(/^editing$/m);
    screen.signal('SIGTERM');
    expect(await screen.exit).toBe(143);
    expect(notes()).toBe('ended\n');
    const [kept = ''] = readdirSync(temp);
    expect(readFileSync(join(temp, kept, 'a-text.yaml'), 'utf8')).toBe('kept\n');
  });

  test('the line is cut: both end', async () => {
    const editor = script('ed', 'echo $$ > "$NOTES"; echo editing; while :; do sleep 0.05; done');
    const screen = await start({ EDITOR: editor });
    await edit(screen);
    await screen.until(/^editing$/m);
    screen.hangUp();
    await gone(screen.pid);
    await gone(Number(notes()));
    expect(existsSync(temp)).toBe(true);
  });
});
