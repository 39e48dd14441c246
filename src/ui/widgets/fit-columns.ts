/** A column of a table. Widths are in columns of the terminal. */
export type Column = Readonly<{
  id: string;
  title: string;
  min: number;
  /** As wide as its widest visible cell when left out. */
  max?: number;
  align?: 'left' | 'right';
  /** Long identifiers differ at their ends: `middle` is the default. */
  cut?: 'middle' | 'end';
  /** Shown after `w` only. */
  wideOnly?: boolean;
  /** Its heading stands out: keys are about this one. */
  chosen?: boolean;
  /** Takes what is left over. */
  grow?: boolean;
  /** Tells a time that passes: that its text changes is no change. */
  clock?: boolean;
  /** When room is short the highest goes first; without one a column stays. */
  drop?: number;
}>;

export type FittedColumn = Column & Readonly<{ width: number }>;

/** The columns that fit into `width` with one blank between them, each with its width. `natural` = widest cell of each column. */
export function fitColumns(
  columns: readonly Column[],
  natural: readonly number[],
  width: number,
  wide: boolean,
): readonly FittedColumn[] {
  let fitted = columns.flatMap((column, index) => {
    if (column.wideOnly && !wide) return [];
    const wanted = Math.max(column.min, column.title.length, natural[index] ?? 0);
    return [{ ...column, width: Math.max(column.min, Math.min(wanted, column.max ?? wanted)) }];
  });
  while (least(fitted) > width && fitted.some((column) => column.drop !== undefined)) {
    const first = Math.max(...fitted.map((column) => column.drop ?? Number.NEGATIVE_INFINITY));
    fitted = fitted.filter((column) => column.drop !== first);
  }
  return shareOut(fitted, width);
}

function shareOut(columns: readonly FittedColumn[], width: number): readonly FittedColumn[] {
  const widths = columns.map((column) => column.width);
  let over = sum(widths) + columns.length - 1 - width;
  while (over > 0) {
    const slack = columns.map((column, index) => (widths[index] ?? 0) - column.min);
    const widest = slack.indexOf(Math.max(...slack));
    if ((slack[widest] ?? 0) <= 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    over -= 1;
  }
  const growing = columns.findIndex((column) => column.grow);
  if (over < 0 && growing >= 0) widths[growing] = (widths[growing] ?? 0) - over;
  return columns.map((column, index) => ({ ...column, width: widths[index] ?? column.min }));
}

function least(columns: readonly FittedColumn[]): number {
  return sum(columns.map((column) => column.min)) + columns.length - 1;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
