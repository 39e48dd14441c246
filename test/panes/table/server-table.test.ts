import { describe, expect, it } from 'vitest';
import type { ServerTable } from '../../../src/model/asks.ts';
import { emptyTable, foldTable } from '../../../src/panes/table/server-table.ts';
import { tableState } from '../../../src/panes/table/table-state.ts';
import { troubledCells } from '../../../src/panes/table/troubled-cells.ts';

const row = (uid: string, ...cells: string[]) => ({ uid, namespace: 'shop', name: uid, cells, created: 0 });
const fold = (...events: ServerTable[]) => foldTable(emptyTable, events, 1_000);

describe('a table of the server', () => {
  it('keeps the newest state of each row', () => {
    const table = fold(
      { type: 'columns', columns: [{ name: 'Name', wide: false, number: false }] },
      { type: 'put', rows: [row('a', 'old'), row('b', 'b')] },
      { type: 'phase', heard: 900, phase: 'live' },
      { type: 'put', rows: [row('a', 'new')] },
      { type: 'remove', uids: ['b', 'never-seen'] },
    );
    expect([...table.rows.values()].map((one) => one.cells)).toEqual([['new']]);
    expect(table.phase).toBe('live');
  });

  it('keeps rows while stale, drops them when they may not be seen', () => {
    const live = fold({ type: 'put', rows: [row('a')] }, { type: 'phase', heard: 900, phase: 'live' });
    expect(
      foldTable(live, [{ type: 'phase', heard: 900, phase: 'stale', problem: 'connection refused' }], 1_000).rows.size,
    ).toBe(1);
    expect(
      foldTable(live, [{ type: 'phase', heard: 900, phase: 'forbidden', problem: 'list pods' }], 1_000).rows.size,
    ).toBe(0);
  });

  it('remembers for a moment what was removed and what changed since it is live', () => {
    const listed = fold({ type: 'put', rows: [row('a'), row('b')] }, { type: 'phase', heard: 900, phase: 'live' });
    expect(listed.changed.size).toBe(0);
    const after = foldTable(
      listed,
      [
        { type: 'remove', uids: ['a'] },
        { type: 'put', rows: [row('b', 'new')] },
      ],
      2_000,
    );
    expect(after.gone).toEqual([{ id: 'a', at: 2_000 }]);
    expect([...after.changed]).toEqual([['b', 2_000]]);
    expect(foldTable(after, [], 7_000)).toMatchObject({ gone: [], changed: new Map() });
  });

  it('leaves what was folded before untouched', () => {
    const before = fold({ type: 'put', rows: [row('a')] });
    foldTable(before, [{ type: 'remove', uids: ['a'] }], 1_000);
    expect(before.rows.size).toBe(1);
  });
});

describe('the title of a table', () => {
  const pods = {
    group: '',
    version: 'v1',
    kind: 'Pod',
    plural: 'pods',
    singular: 'pod',
    shortNames: [],
    namespaced: true,
    verbs: [],
  };
  const live: ServerTable[] = [
    { type: 'put', rows: [row('a')] },
    { type: 'phase', phase: 'live', heard: 900 },
  ];
  const broken: ServerTable = { type: 'phase', phase: 'stale', heard: 1_000, problem: 'connection refused' };
  it.each<[string, ServerTable[], string]>([
    ['how many there are so far', [{ type: 'put', rows: [row('a')] }], 'loading 1'],
    ['since when it is stale', [...live, broken], 'stale 42s'],
    ['that it was never whole', [{ type: 'put', rows: [row('a')] }, broken], 'stale 42s, not read to the end'],
  ])('says %s', (_, events, text) => {
    expect(tableState(pods, 'po', fold(...events), { phase: 'running' }, 43_000).text).toBe(text);
  });
});

describe('troubled cells', () => {
  it.each([
    [['web-0', '1/1', 'Running', '0'], []],
    [['web-0', '0/1', 'Running', '0'], [1]],
    [
      ['web-0', '0/1', 'CrashLoopBackOff', '7'],
      [1, 2],
    ],
    [
      ['cilium-x', '0/1', 'Init:CrashLoopBackOff', '7'],
      [1, 2],
    ],
    [['job-1', '0/1', 'Completed', '0'], [1]],
    [['node-1', 'NotReady,SchedulingDisabled'], [1]],
    [['shop', 'Warning', 'FailedScheduling'], [1]],
    [['10.0.0.0/8', 'Error budget'], []],
  ])('%j → %j', (cells, troubled) => {
    expect(troubledCells(cells)).toEqual(troubled);
  });
});
