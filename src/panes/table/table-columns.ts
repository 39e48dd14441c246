import type { ServerRow } from '../../model/asks.ts';
import type { Column } from '../../ui/widgets/fit-columns.ts';
import type { Cell } from '../../ui/widgets/Table.tsx';
import type { TableColumn } from './server-table.ts';
import { troubledCells } from './troubled-cells.ts';

/** The server's columns as the table draws them; `everywhere`: of all namespaces, each row says its own. */
export function columnsOf(columns: readonly TableColumn[], everywhere: boolean): readonly Column[] {
  const own = columns.map(
    (column, index): Column => ({
      id: `${index}`,
      title: column.name.toUpperCase(),
      min: index === 0 ? 12 : 3,
      max: index === 0 ? 60 : 50,
      align: column.number ? 'right' : 'left',
      cut: /name|node|pod|image/i.test(column.name) ? 'middle' : 'end',
      ...(column.wide && { wideOnly: true }),
      ...(/^(age|duration|last schedule|last seen|since)$/i.test(column.name) && { clock: true }),
      // The server's first columns are the ones its authors thought matter; the age tells most for its width.
      ...(index > 2 && column.name !== 'Age' && { drop: index }),
    }),
  );
  return everywhere ? [{ id: 'namespace', title: 'NAMESPACE', min: 6, max: 24 }, ...own] : own;
}

export function cellsOf(row: ServerRow, everywhere: boolean): readonly Cell[] {
  const troubled = new Set(troubledCells(row.cells));
  const cells = row.cells.map((text, index): Cell => (troubled.has(index) ? { text, tone: 'error' } : text));
  return everywhere ? [row.namespace, ...cells] : cells;
}

export function sortsOf(columns: readonly TableColumn[]) {
  const letters = new Set<string>();
  return columns.flatMap((column, index) => {
    const letter = [...column.name.toLowerCase()].find((one) => /[a-z]/.test(one) && !letters.has(one));
    if (letter === undefined) return [];
    letters.add(letter);
    const value = (row: ServerRow) => {
      if (column.name === 'Age') return row.created;
      const cell = row.cells[index] ?? '';
      return column.number ? Number.parseFloat(cell) || 0 : cell;
    };
    return [{ letter, title: column.name.toLowerCase(), value }];
  });
}
