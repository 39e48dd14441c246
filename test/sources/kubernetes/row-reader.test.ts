import { expect, test } from 'vitest';
import { createIntern } from '../../../src/model/intern.ts';
import { kinds } from '../../../src/model/kinds.ts';
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
