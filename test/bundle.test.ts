import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { inkPatches, patched } from '../bundle.ts';

const ink = dirname(createRequire(import.meta.url).resolve('ink'));
const source = (name: string) => readFileSync(join(ink, name === 'Text.js' ? 'components' : '', name), 'utf8');

for (const name of Object.keys(inkPatches)) {
  test(`the installed ink is the one ${name} is patched for; any other is refused`, () => {
    expect(patched(name, source(name))).not.toBe(source(name));
    const from = inkPatches[name]?.changes[0]?.[0] ?? '';
    expect(() => patched(name, source(name).replace(from, ''))).toThrow(`ink/build/${name} has changed`);
  });
}
