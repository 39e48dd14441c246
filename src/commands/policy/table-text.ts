import stringWidth from 'string-width';

/** Columns as wide as what stands in them; the last one as it is. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    rows.reduce((widest, row) => Math.max(widest, stringWidth(row[column] ?? '')), 0),
  );
  const line = (row: readonly string[]) =>
    row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - stringWidth(cell))).join('  ');
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('');
}
