// How everything of ours is bundled: dist/ by build.ts, and the small programs that tests drive.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';

// Ink imports react-devtools-core behind a flag that is off in production; the package is not installed.
const withoutDevtools: Plugin = {
  name: 'without-devtools',
  setup(build) {
    build.onResolve({ filter: /^react-devtools-core$/ }, () => ({ path: 'react-devtools-core', namespace: 'absent' }));
    build.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'export default {};' }));
  },
};

type Patch = Readonly<{ changes: readonly (readonly [from: string, to: string])[]; added?: string }>;

/**
 * Ink takes every line of every frame apart anew, though most lines are as they were in the frame before. These changes
 * only remember: each is the same result from a cache that forgets what is no longer drawn. Measured at 200×60 with thirty
 * frames a second, they bring the time from a key to the screen down to a third.
 */
export const inkPatches: Readonly<Record<string, Patch>> = {
  'output.js': {
    changes: [
      ['    caches = new OutputCaches();\n', '    caches = keptCaches();\n'],
      ['    widths = new Map();\n', '    widths = new TwoGenerations();\n'],
      ['    blockWidths = new Map();\n', '    blockWidths = new TwoGenerations();\n'],
      ['    styledChars = new Map();\n', '    styledChars = new TwoGenerations();\n'],
      // A line wholly inside its clip needs no cutting.
      [
        '                    const to = x + width > clip.x2',
        '                    if (from === 0 && x + width <= clip.x2) return line;\n                    const to = x + width > clip.x2',
      ],
      // A row made of whole texts side by side is those texts: no cells are needed for it.
      [
        '        const output = [];\n        for (let y',
        '        const whole = wholeRows(this);\n        const output = [];\n        for (let y',
      ],
      [
        '            const row = [];\n',
        '            if (whole[y] !== undefined) {\n                output.push(undefined);\n                continue;\n            }\n            const row = [];\n',
      ],
      [
        '                this.applyWriteOperation(output, operation, clips.at(-1));',
        '                if (!operation.whole) this.applyWriteOperation(output, operation, clips.at(-1));',
      ],
      [
        '            .map(line => {\n            // See',
        '            .map((line, y) => {\n            if (whole[y] !== undefined) return whole[y];\n            // See',
      ],
    ],
    added: `
/** The rows that need no cells, as they are written; the operations in them are marked as done. */
function wholeRows(output) {
    const rows = Array.from({ length: output.height }, () => []);
    const clips = [];
    for (const operation of output.operations) {
        if (operation.type === 'clip') clips.push(intersectClips(clips.at(-1), operation.clip));
        else if (operation.type === 'unclip') clips.pop();
        else place(rows, output, operation, clips.at(-1));
    }
    return rows.map(join);
}
function place(rows, output, operation, clip) {
    const { x, y, text, transformers } = operation;
    operation.width = output.caches.getStringWidth(text);
    const fits = x >= (clip?.x1 ?? 0) && x + operation.width <= (clip?.x2 ?? output.width) && y >= (clip?.y1 ?? 0) && y < (clip?.y2 ?? output.height);
    operation.whole = fits && transformers.length === 0 && !text.includes('\\n') && text.lastIndexOf('\\x1b[') === text.lastIndexOf('\\x1b[0m');
    const height = operation.whole ? 1 : text.split('\\n').length;
    for (let row = Math.max(0, y); row < Math.min(rows.length, y + height); row++) rows[row].push(operation);
}
function join(operations) {
    let text = '';
    let column = 0;
    for (const operation of operations.toSorted((a, b) => a.x - b.x)) {
        if (!operation.whole || operation.x < column) {
            for (const one of operations) one.whole = false;
            return undefined;
        }
        text += ' '.repeat(operation.x - column) + operation.text;
        column = operation.x + operation.width;
    }
    return text;
}
class TwoGenerations {
    newer = new Map();
    older = new Map();
    get(key) {
        let value = this.newer.get(key);
        if (value === undefined && (value = this.older.get(key)) !== undefined) this.newer.set(key, value);
        return value;
    }
    set(key, value) {
        this.newer.set(key, value);
    }
    turn() {
        this.older = this.newer;
        this.newer = new Map();
    }
}
const kept = new OutputCaches();
function keptCaches() {
    kept.widths.turn();
    kept.blockWidths.turn();
    kept.styledChars.turn();
    return kept;
}
`,
  },
  'render-node-to-output.js': {
    changes: [
      ["import widestLine from 'widest-line';\n", "import measureText from './measure-text.js';\n"],
      ['const currentWidth = widestLine(text);', 'const currentWidth = measureText(text).width;'],
    ],
  },
  // A text without looks of its own needs no step that gives it some.
  'Text.js': {
    changes: [
      [
        'isScreenReaderEnabled ? undefined : transform',
        'isScreenReaderEnabled || !(dimColor || color || effectiveBackgroundColor || bold || italic || underline || strikethrough || inverse) ? undefined : transform',
      ],
    ],
  },
  'sanitize-ansi.js': {
    changes: [
      ['import { hasAnsiControlCharacters', "import QuickLRU from 'quick-lru';\nimport { hasAnsiControlCharacters"],
      ['export default sanitizeAnsi;', 'export default remembered;'],
    ],
    added: `
const known = new QuickLRU({ maxSize: 4096 });
function remembered(text) {
    let sanitized = known.get(text);
    if (sanitized === undefined) known.set(text, (sanitized = sanitizeAnsi(text)));
    return sanitized;
}
`,
  },
};

const rememberingInk: Plugin = {
  name: 'remembering-ink',
  setup(build) {
    build.onLoad(
      { filter: /[\\/]ink[\\/]build[\\/](components[\\/]Text|output|render-node-to-output|sanitize-ansi)\.js$/ },
      async ({ path }) => ({
        contents: patched(basename(path), await readFile(path, 'utf8')),
        loader: 'js',
      }),
    );
  },
};

/** The source with its patch. Throws when it is not the source the patch was written for. */
export function patched(name: string, source: string): string {
  const { changes, added = '' } = inkPatches[name] ?? { changes: [] };
  const changed = changes.reduce((text, [from, to]) => {
    if (text.split(from).length !== 2)
      throw new Error(`ink/build/${name} has changed, see bundle.ts: no "${from.trim()}"`);
    return text.replace(from, () => to);
  }, source);
  const end = changed.lastIndexOf('//# sourceMappingURL');
  return changed.slice(0, end < 0 ? undefined : end) + added;
}

// string-width splits a line into graphemes before it counts. For lines of ASCII and the signs we draw with, whatever
// their colours, the answer is their length.
const quickWidth: Plugin = {
  name: 'quick-width',
  setup(build) {
    build.onResolve({ filter: /^string-width$/ }, async ({ resolveDir, kind, pluginData }) => {
      if (pluginData === 'the real one') return undefined;
      const real = await build.resolve('string-width', { resolveDir, kind, pluginData: 'the real one' });
      return { path: real.path, namespace: 'quick-width' };
    });
    build.onLoad({ filter: /.*/, namespace: 'quick-width' }, ({ path }) => ({
      resolveDir: import.meta.dirname,
      contents: `
import stringWidth from ${JSON.stringify(path)};
const looks = /\\x1b\\[[\\d;]*m/g;
const narrow = /^[\\x20-\\x7e\\u2026\\u2190-\\u2193\\u2212\\u2248\\u2500-\\u25bf\\u25c6\\u25cb\\u25cf\\u25d0\\u2716]*$/;
export default function quickWidth(text, options) {
  const bare = text.includes('\\x1b') ? text.replace(looks, '') : text;
  return options === undefined && narrow.test(bare) ? bare.length : stringWidth(text, options);
}
`,
    }));
  },
};

export const bundleOptions = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  // Packages that carry both: a CommonJS one loses its named exports when it is imported on demand.
  mainFields: ['module', 'main'],
  target: 'node24',
  jsx: 'automatic',
  // Ink looks for React's developer tools where DEV is set; many people have that set for something else.
  define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  plugins: [withoutDevtools, rememberingInk, quickWidth],
  logLevel: 'warning',
} satisfies BuildOptions;
