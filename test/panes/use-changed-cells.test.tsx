import { Text } from 'ink';
import { render } from 'ink-testing-library';
import { expect, it } from 'vitest';
import { useChangedCells } from '../../src/panes/use-changed-cells.ts';
import type { Column } from '../../src/ui/widgets/fit-columns.ts';
import type { TableRow } from '../../src/ui/widgets/Table.tsx';

const columns: readonly Column[] = [
  { id: 'name', title: 'NAME', min: 4 },
  { id: 'restarts', title: 'RESTARTS', min: 4 },
  { id: 'age', title: 'AGE', min: 4, clock: true },
];
const row = (id: string, ...texts: string[]): TableRow => ({ id, cells: [id, ...texts] });

/** Every row as its cells, those that stand out in brackets. */
function Shown({ rows, young }: { rows: readonly TableRow[]; young: readonly string[] }) {
  const marked = useChangedCells(rows, columns, (id) => young.includes(id));
  const text = marked.map(({ cells }) =>
    cells.map((cell) => (typeof cell === 'string' ? cell : cell.changed ? `[${cell.text}]` : cell.text)).join(' '),
  );
  return <Text>{text.join('\n')}</Text>;
}

it.each<[what: string, before: TableRow[], after: TableRow[], young: string[], shown: string]>([
  ['what changed stands out', [row('a', '1', '5s')], [row('a', '2', '6s')], [], 'a [2] 6s'],
  ['time that passes does not', [row('a', '1 (5s ago)', '5s')], [row('a', '1 (6s ago)', '6s')], [], 'a 1 (6s ago) 6s'],
  [
    'a new row stands out as a whole',
    [row('a', '1', '5s')],
    [row('a', '1', '5s'), row('b', '0', '0s')],
    ['b'],
    'a 1 5s\n[b] [0] [0s]',
  ],
  ['a row that comes into sight does not', [row('a', '1', '5s')], [row('b', '0', '9d')], [], 'b 0 9d'],
])('%s', (_what, before, after, young, shown) => {
  const screen = render(<Shown rows={before} young={[]} />);
  screen.rerender(<Shown rows={after} young={young} />);
  expect(screen.lastFrame()).toBe(shown);
  screen.unmount();
});

it('fades after two seconds', async () => {
  const screen = render(<Shown rows={[row('a', '1', '5s')]} young={[]} />);
  screen.rerender(<Shown rows={[row('a', '2', '5s')]} young={[]} />);
  expect(screen.lastFrame()).toBe('a [2] 5s');
  await expect.poll(() => screen.lastFrame(), { timeout: 20_000 }).toBe('a 2 5s');
  screen.unmount();
});
