import { describe, expect, it } from 'vitest';
import type { Written } from '../../../src/simulator/logs/row.ts';
import { createTakenIn, ingestionTime, type Way } from '../../../src/simulator/logs/taken-in.ts';

const start = Date.parse('2026-11-22T12:00:00Z');
const quick: Way = {
  delay: [1, 1],
  lateSince: Number.POSITIVE_INFINITY,
  duplicatesSince: Number.POSITIVE_INFINITY,
  stops: [],
};
const row = (seconds: number, key = `row ${seconds}`): Written => ({
  ...{ table: 'Heartbeat', at: start + seconds * 1000, key, batch: key, by: 'agent' },
  values: () => ({}),
});

describe('rows on their way in', () => {
  it('are there once their delay is over, in order of ingestion', () => {
    const table = createTakenIn(100);
    table.send([row(20), row(10), row(30)], quick);
    table.take(start + 22_000);
    expect(table.rows.map(({ written }) => written.key)).toEqual(['row 10', 'row 20']);
    table.take(start + 31_000);
    expect(table.rows.length).toBe(3);
  });

  it('never lie before a moment that has been read up to', () => {
    const table = createTakenIn(100);
    table.take(start + 60_000);
    table.send([row(10)], quick);
    table.take(start + 60_000);
    expect(table.rows).toEqual([]);
    table.take(start + 61_000);
    expect(table.rows.map(ingestionTime)).toEqual([expect.stringMatching(/^2026-11-22T12:01:00\.001\d{4}Z$/)]);
  });

  it('go when they are a day old, or too many', () => {
    const table = createTakenIn(100);
    table.send(
      Array.from({ length: 250 }, (_, index) => row(index)),
      quick,
    );
    table.take(start + 300_000);
    expect(table.rows.length).toBe(100);
    expect(table.rows[0]?.written.key).toBe('row 150');
    table.take(start + 25 * 3_600_000);
    expect(table.rows).toEqual([]);
  });
});
