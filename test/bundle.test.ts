import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import headless from '@xterm/headless';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { bundleOptions, inkPatches, patched } from '../bundle.ts';
import type { Tree } from './fixtures/frame.tsx';
import { fc } from './fixtures/seeded.ts';
import { trees } from './fixtures/trees.ts';

const ink = dirname(createRequire(import.meta.url).resolve('ink'));
const source = (name: string) => readFileSync(join(ink, name === 'Text.js' ? 'components' : '', name), 'utf8');
const changes = Object.entries(inkPatches).flatMap(([name, patch]) => patch.changes.map(([from]) => ({ name, from })));

test.for(Object.keys(inkPatches))('the installed ink is the one %s is patched for', (name) => {
  expect(patched(name, source(name))).not.toBe(source(name));
});

test.for(changes)('another $name is refused: without $from', ({ name, from }) => {
  expect(() =>
    patched(
      name,
      source(name).replace(from, () => ''),
    ),
  ).toThrow(`ink/build/${name} has changed`);
});

describe('patched and as it comes, ink', () => {
  const columns = 48;
  const rows = 14;
  const folder = mkdtempSync(join(tmpdir(), 'frames-'));
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });
  /** A line that lies below what its box shows, and above the end of the screen. */
  const below: Tree = {
    box: { height: 5, flexDirection: 'column' },
    inside: [
      {
        box: { height: 1, overflow: 'hidden', contentOffsetY: -2 },
        inside: [{ text: {}, inside: ['not to be seen'] }],
      },
    ],
  };
  let ours: typeof import('./fixtures/frame.tsx');
  let theirs: typeof import('./fixtures/frame.tsx');

  beforeAll(async () => {
    vi.stubEnv('FORCE_COLOR', '3');
    const bundled = async (name: string, kept: (plugin: string) => boolean) => {
      const outfile = join(folder, `${name}.mjs`);
      const plugins = bundleOptions.plugins.filter((plugin) => kept(plugin.name));
      await build({
        ...bundleOptions,
        plugins,
        entryPoints: [join(import.meta.dirname, 'fixtures/frame.tsx')],
        outfile,
      });
      return import(pathToFileURL(outfile).href);
    };
    ours = await bundled('ours', () => true);
    theirs = await bundled('theirs', (plugin) => plugin === 'without-devtools');
  });

  test('measures every sign the same, alone and with others', () => {
    // Beyond these quickWidth asks the real one anyway.
    const differ: string[] = [];
    for (let code = 0x20; code < 0x3000; code += 1) {
      const sign = String.fromCodePoint(code);
      for (const text of [sign, `\x1b[1;38;5;200m${sign}\x1b[0m`, `─${sign}`, `${sign}\u0301`])
        if (ours.stringWidth(text) !== theirs.stringWidth(text)) differ.push(JSON.stringify(text));
    }
    expect(differ).toEqual([]);
  });

  test('draws the same cells, whatever the tree and whatever was drawn before', async () => {
    let drawn = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(trees, { minLength: 1, maxLength: 2 }), async (changing) => {
        const [left, right] = [theirs.frame(changing, columns), ours.frame(changing, columns)];
        if (left.trim() !== '') drawn += 1;
        if (left !== right) expect(await cells(right)).toEqual(await cells(left));
      }),
      { seed: 20_261_122, numRuns: 300, examples: [[[below]]] },
    );
    expect(drawn).toBeGreaterThan(200);
  });

  /** What a terminal makes of the frame and of a bar after each line, which shows what looks the line left behind. */
  async function cells(frame: string): Promise<string[]> {
    const bar = `\x1b[${columns + 30}G|`;
    const terminal = new headless.Terminal({
      cols: columns + 40,
      rows: Math.max(rows, frame.split('\n').length),
      allowProposedApi: true,
    });
    await new Promise<void>((resolve) =>
      terminal.write(`\x1b[?7l${frame.replaceAll('\n', `${bar}\r\n`)}${bar}`, resolve),
    );
    const seen = Array.from({ length: terminal.rows }, (_, row) => {
      const line = terminal.buffer.active.getLine(row);
      return Array.from({ length: terminal.cols }, (_, column) => {
        const cell = line?.getCell(column);
        if (!cell) return '';
        const looks = [
          cell.isBold(),
          cell.isDim(),
          cell.isItalic(),
          cell.isUnderline(),
          cell.isInverse(),
          cell.isStrikethrough(),
        ].map(Boolean);
        const colours = [cell.getFgColorMode(), cell.getFgColor(), cell.getBgColorMode(), cell.getBgColor()];
        const styled = looks.includes(true) || !cell.isFgDefault() || !cell.isBgDefault();
        return (cell.getChars() || ' ') + (styled ? `{${looks.map(Number).join('')} ${colours.join(',')}}` : '');
      })
        .join('')
        .trimEnd();
    });
    terminal.dispose();
    return seen;
  }
});
