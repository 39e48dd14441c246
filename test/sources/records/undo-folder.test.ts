import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { UndoRecord } from '../../../src/model/undo-record.ts';
import { createUndoFolder } from '../../../src/sources/records/undo-folder.ts';

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'ciliscope-undo-'));
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

const resource = { group: 'cilium.io', version: 'v2', plural: 'ciliumnetworkpolicies', kind: 'CiliumNetworkPolicy' };
const recordOf = (id: string, server = 'https://one'): UndoRecord => ({
  ...{ id, server, cluster: '', title: `edit ${id}`, verb: 'restore', at: 0, user: 'jane', resource },
  object: { kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'db' },
  before: { metadata: { name: 'db' } },
});
const fileOf = (id: string) => join(state, 'undo', `${id}.json`);

it('of more than two hundred those go that were written the longest ago, whatever the servers’ clocks said', () => {
  const folder = createUndoFolder(state);
  folder.keep(recordOf('20261122T100000-first'));
  for (let at = 0; at < 200; at++) {
    const id = `20261122T100000-${1_000 + at}`;
    writeFileSync(fileOf(id), JSON.stringify(recordOf(id)));
    utimesSync(fileOf(id), 1_000 + at, 1_000 + at);
  }
  // A cluster whose clock is a year behind.
  folder.keep(recordOf('20251122T100000-behind', 'https://two'));
  const kept = folder.list().map(({ id }) => id);
  expect(kept).toHaveLength(200);
  expect(kept).toContain('20251122T100000-behind');
  expect(kept).toContain('20261122T100000-first');
  expect(kept).not.toContain('20261122T100000-1000');
  expect(kept).not.toContain('20261122T100000-1001');
});

it('lists what another program kept and no longer what it used; what was listed is not read again', () => {
  const [ours, theirs] = [createUndoFolder(state), createUndoFolder(state)];
  ours.keep(recordOf('a'));
  expect(ours.list()).toMatchObject([{ id: 'a', title: 'edit a' }]);
  expect(ours.list()[0]).not.toHaveProperty('before');
  theirs.keep(recordOf('b'));
  expect(ours.list().map(({ id }) => id)).toEqual(['b', 'a']);
  writeFileSync(fileOf('a'), readFileSync(fileOf('a'), 'utf8').replace('edit a', 'never'));
  expect(ours.list().map(({ title }) => title)).toEqual(['edit b', 'edit a']);
  theirs.drop('b');
  expect(ours.list().map(({ id }) => id)).toEqual(['a']);
});

it('leaves out what cannot be read', () => {
  const folder = createUndoFolder(state);
  folder.keep(recordOf('a'));
  writeFileSync(fileOf('b'), '{');
  writeFileSync(fileOf('c'), '{"id": "c"}');
  expect(folder.list().map(({ id }) => id)).toEqual(['a']);
});
