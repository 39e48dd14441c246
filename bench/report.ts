/** One figure beside what bounds it: `limit` is what physics or a peer does, `aim` what we promise ourselves. */
export type Figure = { what: string; figure: string; limit?: string; aim?: string };

/** Prints figures as one aligned table. */
export function report(title: string, figures: readonly Figure[]): void {
  const rows = [
    ['', 'reached', 'beside', 'aim'],
    ...figures.map((one) => [one.what, one.figure, one.limit ?? '', one.aim ?? '']),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  console.log(`\n${title}`);
  for (const row of rows)
    console.log(
      `  ${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}`,
    );
}

/** The value below which a share of the samples lies; 0.5 = median. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
