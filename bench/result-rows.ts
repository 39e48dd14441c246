// Rows of a query in the logs pane, 100,000 of them: taken in as they stream, filtered and ordered while keys are answered. What
// counts is the longest piece of work that a key may have to wait for, in processor time.
import type { QueryEvent, ResultColumn } from '../src/model/azure/log-query.ts';
import { cellText, sortValue } from '../src/panes/logs/cell-text.ts';
import { type Entry, foldResult, noResult, type Result } from '../src/panes/logs/result.ts';
import { createArrangement } from '../src/ui/arrangement.ts';
import { type Figure, quantile, report } from './report.ts';

const count = 100_000;
const batch = 1_000;
const columns: ResultColumn[] = [
  { name: 'TimeGenerated', type: 'datetime' },
  ...['Source', 'Destination', 'Verdict', 'DropReason', 'NodeName'].map((name) => ({ name, type: 'string' as const })),
  { name: 'Flows', type: 'long' },
  { name: 'Policies', type: 'dynamic' },
];
const figures: Figure[] = [];

const folds: number[] = [];
let result: Result = foldResult({ ...noResult, entries: [] }, [{ type: 'columns', columns }], count);
for (let from = 0; from < count; from += batch) {
  const rows: QueryEvent = { type: 'rows', rows: Array.from({ length: batch }, (_, index) => rowOf(from + index)) };
  folds.push(
    timed(() => {
      result = foldResult(result, [rows], count);
    }),
  );
}
figures.push({
  what: 'taking in 1,000 rows, the longest',
  figure: `${Math.max(...folds).toFixed(1)} ms`,
  limit: '16 ms, a frame',
  aim: '5 ms',
});

const text = ({ cells }: Entry) => columns.map(({ type }, index) => cellText(cells[index], type, 0)).join(' ');
await arranging('filter "pay !FORWARDED"', 'pay !FORWARDED', undefined);
await arranging('order by a column of text', '', {
  key: 'd',
  reverse: false,
  value: ({ cells }: Entry) => sortValue(cells[2], 'string'),
});
await arranging('order by a number', '', {
  key: 'f',
  reverse: false,
  value: ({ cells }: Entry) => sortValue(cells[6], 'long'),
});
report(`${count.toLocaleString('en')} rows in the logs pane`, figures);

/** How much it takes in all, and the longest time for which nothing else got its turn. */
async function arranging(
  what: string,
  filter: string,
  order: Parameters<ReturnType<typeof createArrangement<Entry>>['give']>[2],
) {
  const turns: number[] = [];
  let last = cpu();
  const begun = last;
  await new Promise<void>((resolve) => {
    const arrangement = createArrangement<Entry>(text, () => {
      const now = cpu();
      turns.push(now - last);
      last = now;
      if (arrangement.busy() === '') resolve();
    });
    arrangement.give(result.entries, filter, order, false);
  });
  figures.push(
    { what, figure: `${Math.round(cpu() - begun)} ms in ${turns.length} turns`, limit: '', aim: '' },
    {
      what: '  the longest turn; 99 of 100',
      figure: `${Math.max(...turns).toFixed(1)}; ${quantile(turns, 0.99).toFixed(1)} ms`,
      limit: '16 ms, a frame',
      aim: '10 ms',
    },
  );
}

function rowOf(index: number) {
  const at = new Date(Date.UTC(2026, 10, 22, 12) + index * 37).toISOString().replace('Z', '4567Z');
  const verdict = index % 7 === 0 ? 'DROPPED' : 'FORWARDED';
  return [
    at,
    `${['shop', 'pay', 'search'][index % 3]}/web-${(index * 7919) % 997}`,
    `pay/db-${(index * 104_729) % 991}`,
    verdict,
    verdict === 'DROPPED' ? 'POLICY_DENIED' : '',
    `aks-np1-25554136-vmss${String(index % 40).padStart(6, '0')}`,
    (index * 31) % 500,
    '[{"name":"db-clients","namespace":"pay"}]',
  ];
}

function timed(what: () => void): number {
  const begun = cpu();
  what();
  return cpu() - begun;
}

function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
