import { describe, expect, it } from 'vitest';
import type { QueryEvent, ResultColumn } from '../../../src/model/azure/log-query.ts';
import { foldResult, noResult, type Result } from '../../../src/panes/logs/result.ts';

const columns: readonly ResultColumn[] = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'N', type: 'long' },
];
const at = (seconds: string) => `2026-11-22T12:00:${seconds}Z`;
const rowsAt = (...seconds: string[]): QueryEvent => ({ type: 'rows', rows: seconds.map((one, n) => [at(one), n]) });
const empty = (): Result => ({ ...noResult, entries: [] });
const tail = (...events: QueryEvent[]) => foldResult(empty(), [{ type: 'columns', columns }, ...events], 100, true);
const waiting: QueryEvent = { type: 'waiting', until: 0, why: '' };
const told = ({ entries }: Result) =>
  entries.map(({ cells, late, gap }) => gap || `${String(cells[0]).slice(17, -1)}${late ? ' late' : ''}`);

describe('what comes of a question', () => {
  it('late rows of a tail stand at their place and are marked; 100 ns tell rows apart', () => {
    const result = tail(rowsAt('20.0000001', '10'), waiting, rowsAt('15', '20.0000002', '20'));
    expect(told(result)).toEqual(['10', '15 late', '20 late', '20.0000001', '20.0000002']);
    expect([result.late, result.received, result.reordered]).toEqual([2, 5, 1]);
  });

  it('a loud stream whose rows come in any order is put in order at once, and what is late is found', () => {
    const answers = [0, 1, 2].map((answer) =>
      Array.from({ length: 4_000 }, (_, n): [string, number] => {
        const ms = answer * 20_000 + ((n * 7_919) % 4_000) * 10;
        return [new Date(Date.UTC(2026, 10, 22) + ms).toISOString(), answer];
      }),
    );
    const started = performance.now();
    let result = empty();
    for (const rows of answers)
      result = foldResult(result, [{ type: 'columns', columns }, { type: 'rows', rows }, waiting], 20_000, true);
    // Row by row it took ten seconds, and no key was answered meanwhile.
    expect(performance.now() - started).toBeLessThan(3_000);
    const times = result.entries.map(({ cells }) => String(cells[0]));
    expect(times).toEqual(times.toSorted());
    // Of each answer but the first, what is older than the newest of the one before.
    expect(result.late).toBe(result.entries.filter(({ late }) => late).length);
    expect(result.late).toBe(2 * 1_999);
  });

  it('what is said besides is kept once', () => {
    const said: QueryEvent = { type: 'remark', text: '3 columns are left out.' };
    expect(tail(said, rowsAt('10'), said).remarks).toEqual(['3 columns are left out.']);
  });

  it('the rows of one answer stay in the order of the answer', () => {
    const result = foldResult(empty(), [{ type: 'columns', columns }, rowsAt('20', '10')]);
    expect(told(result)).toEqual(['20', '10']);
    expect(result.reordered).toBe(0);
  });

  it('a gap stands where it was; what is newer comes behind it', () => {
    const gap: QueryEvent = { type: 'gap', from: 0, to: 1, text: 'nothing between' };
    expect(told(tail(rowsAt('10'), waiting, gap, rowsAt('20', '05')))).toEqual([
      '05 late',
      '10',
      'nothing between',
      '20',
    ]);
  });

  it('rows without a moment, or with one beyond all times, stay where they came', () => {
    const rows: QueryEvent = {
      type: 'rows',
      rows: [
        [null, 0],
        ['9999-12-31T23:59:59.9999999Z', 1],
        [at('01'), 2],
      ],
    };
    const result = tail(rowsAt('10'), waiting, rows);
    expect(result.entries.map(({ cells }) => cells[1])).toEqual([2, 0, 0, 1]);
    expect(result.late).toBe(1);
  });

  it('of a tail the oldest rows make room, of an answer no more are kept; both are counted', () => {
    const many: QueryEvent = { type: 'rows', rows: Array.from({ length: 30 }, (_, n) => [at('10'), n]) };
    const following = foldResult(empty(), [{ type: 'columns', columns }, many], 10, true);
    expect([following.entries.length, following.dropped, following.entries[0]?.cells[1]]).toEqual([10, 20, 20]);
    const answer = foldResult(
      empty(),
      [{ type: 'columns', columns }, many, { type: 'dropped', rows: 5, why: 'too many' }],
      10,
    );
    expect([answer.entries.length, answer.dropped, answer.entries[0]?.cells[1], answer.why]).toEqual([
      10,
      25,
      0,
      'too many',
    ]);
  });
});
