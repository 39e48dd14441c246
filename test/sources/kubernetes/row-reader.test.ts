import { describe, expect, test } from 'vitest';
import { createIntern } from '../../../src/model/intern.ts';
import { kinds } from '../../../src/model/kinds.ts';
import type { Row } from '../../../src/model/objects/row.ts';
import { createTable } from '../../../src/model/table.ts';
import type { ChangeSink } from '../../../src/sources/kubernetes/change-batch.ts';
import { createRowReader, type Holding } from '../../../src/sources/kubernetes/row-reader.ts';

function reading() {
  const told: string[] = [];
  const sink = {
    put: (_kind, row) => told.push(`${row.uid} ${row.version}`),
    remove: (_kind, uids) => told.push(`gone ${uids.join()}`),
  } as Partial<ChangeSink> as ChangeSink;
  const holding: Holding = { rows: new Map(), resume: '1' };
  const reader = createRowReader(kinds.nodes, { trim: false }, createIntern(), sink, holding);
  const node = (version: string) => ({ metadata: { name: 'a', uid: 'u', resourceVersion: version } });
  const event = (type: string, version: string) => reader.line(JSON.stringify({ type, object: node(version) }));
  return { told, reader, holding, node, event };
}

test('what was read ahead is not overwritten by an older event, and gives way to a newer', () => {
  const { told, reader, node, event, holding } = reading();
  event('ADDED', '7');
  reader.reread(node('10'));
  event('MODIFIED', '9');
  event('MODIFIED', '10');
  event('MODIFIED', '11');
  expect(told).toEqual(['u 7', 'u 10', 'u 11']);
  expect(holding.resume).toBe('11');
});

test('what was read ahead of its first event is known when the watch says it is gone', () => {
  const { told, reader, node, event } = reading();
  reader.reread(node('10'));
  event('DELETED', '12');
  expect(told).toEqual(['u 10', 'gone u']);
});

test('gone by a GET is gone, and may come again', () => {
  const { told, reader, event, holding } = reading();
  event('ADDED', '7');
  reader.gone('u');
  expect(holding.rows.size).toBe(0);
  event('ADDED', '8');
  expect(told).toEqual(['u 7', 'gone u', 'u 8']);
});

test('a later list counts, also where its versions are lower', () => {
  const { told, reader, node } = reading();
  reader.reread(node('10'));
  reader.begin();
  reader.item(node('3'));
  reader.finish('4');
  expect(told).toEqual(['u 10', 'u 3']);
});

test('a GET that the watch has overtaken changes nothing', () => {
  const { told, reader, node, event } = reading();
  event('ADDED', '7');
  event('MODIFIED', '11');
  reader.reread(node('10'), 'u');
  event('DELETED', '12');
  reader.reread(node('11'), 'u');
  expect(told).toEqual(['u 7', 'u 11', 'gone u']);
});

describe('made anew under its old name, at a time before the old one was made', () => {
  /** What is on the screen of it: the rows as the table has them. */
  function shown() {
    const table = createTable<Row>({});
    const sink = {
      put: (_kind, row) => table.put(row, 1, false),
      remove: (_kind, uids) => uids.forEach((uid) => void table.remove(uid, 1)),
    } as Partial<ChangeSink> as ChangeSink;
    const holding: Holding = { rows: new Map(), resume: '1' };
    const reader = createRowReader(kinds.nodes, { trim: false }, createIntern(), sink, holding);
    const node = (uid: string, version: string, hour: string) => ({
      metadata: { name: 'a', uid, resourceVersion: version, creationTimestamp: `2026-11-22T${hour}:00:00Z` },
    });
    reader.line(JSON.stringify({ type: 'ADDED', object: node('old', '7', '10') }));
    const rows = () => [...table.rows.values()].map(({ uid, version }) => `${uid} ${version}`);
    return { reader, rows, young: (version: string) => node('young', version, '09') };
  }

  test('a list shows it', () => {
    const { reader, rows, young } = shown();
    reader.begin();
    reader.item(young('8'));
    reader.finish('9');
    expect(rows()).toEqual(['young 8']);
  });

  test('also when the list before it broke off', () => {
    const { reader, rows, young } = shown();
    reader.begin();
    reader.item(young('8'));
    reader.begin();
    reader.item(young('8'));
    reader.finish('9');
    expect(rows()).toEqual(['young 8']);
  });

  test('a list as a stream shows it as it was said last', () => {
    const { reader, rows, young } = shown();
    reader.begin();
    reader.line(JSON.stringify({ type: 'ADDED', object: young('8') }));
    reader.line(JSON.stringify({ type: 'MODIFIED', object: young('9') }));
    reader.finish('10');
    expect(rows()).toEqual(['young 9']);
  });

  test('what came and went during the list is not shown again', () => {
    const { reader, rows, young } = shown();
    reader.begin();
    reader.line(JSON.stringify({ type: 'ADDED', object: young('8') }));
    reader.line(JSON.stringify({ type: 'DELETED', object: young('9') }));
    reader.finish('10');
    expect(rows()).toEqual([]);
  });
});
