import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createQueryDesk } from '../../src/commands/query-desk.ts';
import type { KqlAsks } from '../../src/model/azure/azure-asks.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ciliscope-desk-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const open = () => createQueryDesk({} as KqlAsks, folder, { HOME: folder });
const asked = { id: '', parameters: {}, text: 'T | take 5', timespan: '', at: 1 };

it('the next session begins with what was asked, which nobody else may read', () => {
  open().history.update(() => [asked]);
  expect(open().history.get()).toEqual([asked]);
  expect(statSync(join(folder, 'queries.json')).mode & 0o777).toBe(0o600);
});

it('a history that somebody broke is an empty one, and one with escape sequences is inert', () => {
  writeFileSync(join(folder, 'queries.json'), '[{"text": 5}, {"text":"\\u001b]52;c;x\\u0007","at":1}, null');
  expect(open().history.get()).toEqual([]);
  writeFileSync(join(folder, 'queries.json'), '[{"text": 5}, null, {"text":"a\\u001b]52;c;x\\u0007","at":1}]');
  expect(
    open()
      .history.get()
      .map(({ text }) => text),
  ).toEqual(['a^[]52;c;x^G']);
});

it('writes a new file for the person alone, never over another one', async () => {
  const written = await open().write('~/rows.csv', ['a,b\r\n', '1,2\r\n']);
  expect(written).toEqual({ path: join(folder, 'rows.csv'), bytes: 10 });
  expect(readFileSync(written.path, 'utf8')).toBe('a,b\r\n1,2\r\n');
  expect(statSync(written.path).mode & 0o777).toBe(0o600);
  await expect(open().write('~/rows.csv', ['x'])).rejects.toThrow(/There is a file .*rows\.csv already/);
  await expect(open().write('~/none/rows.csv', ['x'])).rejects.toThrow(/no folder/);
});

it('of all results the last three keep their rows', () => {
  const desk = open();
  const emptied: number[] = [];
  const results = [0, 1, 2, 3].map((index) => ({ empty: () => emptied.push(index) }));
  for (const result of results) desk.hold(result);
  expect(emptied).toEqual([0]);
  desk.hold(results[1] as (typeof results)[number]);
  desk.hold({ empty: () => {} });
  expect(emptied).toEqual([0, 2]);
});
