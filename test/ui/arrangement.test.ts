import { describe, expect, it } from 'vitest';
import { createArrangement, type Order } from '../../src/ui/arrangement.ts';

type Row = { id: number; name: string; size: number | undefined };
const rows = (count: number): Row[] =>
  Array.from({ length: count }, (_, id) => ({ id, name: `row-${id}`, size: (id * 7919) % count }));
const bySize = (reverse = false): Order<Row> => ({ key: 'size', value: ({ size }) => size, reverse });

function arranged() {
  let told = () => {};
  const arrangement = createArrangement<Row>(
    ({ name }) => name,
    () => told(),
  );
  const settled = () =>
    new Promise<readonly Row[]>((resolve) => {
      told = () => arrangement.busy() === '' && resolve(arrangement.rows());
      // Nothing to do is told to nobody.
      setImmediate(() => setImmediate(() => arrangement.busy() === '' && resolve(arrangement.rows())));
    });
  return { arrangement, settled };
}

describe('many rows, filtered and ordered in turns', () => {
  it('without filter and order they are the very rows that were given', () => {
    const { arrangement } = arranged();
    const given = rows(10);
    arrangement.give(given, '', undefined, false);
    expect(arrangement.rows()).toBe(given);
  });

  it('filters, and goes on with what is appended', async () => {
    const { arrangement, settled } = arranged();
    const given = rows(3_000);
    arrangement.give(given, 'row-29', undefined, false);
    expect((await settled()).length).toBe(111);
    given.push({ id: 3_000, name: 'row-29-again', size: 1 });
    arrangement.give(given, 'row-29', undefined, false);
    expect((await settled()).at(-1)?.name).toBe('row-29-again');
  });

  it('orders as one sort of all would, nothing last, equal rows as they came', async () => {
    const { arrangement, settled } = arranged();
    const given = rows(5_000).map((row) => ({ ...row, size: row.id % 11 === 0 ? undefined : row.id % 13 }));
    arrangement.give(given, '', bySize(), false);
    const plain = (sign: number) =>
      [...given].sort((a, b) =>
        a.size === undefined || b.size === undefined
          ? Number(a.size === undefined) - Number(b.size === undefined)
          : sign * (b.size - a.size),
      );
    expect((await settled()).map(({ id }) => id)).toEqual(plain(1).map(({ id }) => id));
    arrangement.give(given, '', bySize(true), false);
    expect((await settled()).map(({ id }) => id)).toEqual(plain(-1).map(({ id }) => id));
  });

  it('the old order stays in sight until the new one is whole', async () => {
    const { arrangement, settled } = arranged();
    const given = rows(5_000);
    arrangement.give(given, '', bySize(), false);
    const first = await settled();
    arrangement.give(given, '', bySize(true), false);
    expect(arrangement.rows()).toBe(first);
    expect((await settled())[0]?.size).toBe(0);
  });

  it('no turn takes long, however many rows there are', async () => {
    const { arrangement, settled } = arranged();
    arrangement.give(rows(100_000), 'row', bySize(), false);
    let turns = 0;
    const count = setInterval(() => {
      turns += 1;
    }, 1);
    const done = await settled();
    clearInterval(count);
    expect(done.length).toBe(100_000);
    // One uninterrupted piece of work would have let the timer through once.
    expect(turns).toBeGreaterThan(5);
  });
});
