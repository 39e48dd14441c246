import { Box } from 'ink';
import { memo } from 'react';
import { cutMiddle, pad, width as textWidth } from '../text.ts';
import { type Glyphs, type Span, useTheme } from '../theme.ts';
import type { FittedMatrix } from './fit-matrix.ts';
import { Line } from './Line.tsx';

export type MatrixProps = Readonly<{
  fitted: FittedMatrix;
  /** Over the names of the rows: what a row and a column stand for. */
  corner: string;
  /** Those on the screen. */
  rows: readonly string[];
  columns: readonly string[];
  /** What stands over the columns: their names, or what of them differs. */
  heads: readonly string[];
  /** The sign of a cell, one column wide. The same function for as long as the same is drawn, and so the lists. */
  sign(row: string, column: string): Span;
  /** Places among those on the screen; -1 = none. */
  cursor: Readonly<{ row: number; column: number }>;
  /** What is shown is old: drawn faint. */
  stale?: boolean;
  width: number;
  height: number;
}>;

/** Names beside and above, a sign where they meet; the names stay where they are while the cells move. */
export function Matrix(props: MatrixProps) {
  const { fitted, rows, columns, cursor, stale = false, width, height } = props;
  const { glyphs } = useTheme();
  const head = fitted.upright ? uprightHead(props, glyphs) : [levelHead(props, glyphs)];
  return (
    <Box flexDirection="column" height={height} width={width}>
      {head.slice(0, height).map((spans, index) => (
        <Line
          // biome-ignore lint/suspicious/noArrayIndexKey: a line of the head is what is drawn anew
          key={index}
          spans={spans}
          width={width}
          {...(stale && { look: faint })}
        />
      ))}
      {rows.slice(0, Math.max(0, height - head.length)).map((row, index) => (
        <Row
          key={row}
          row={row}
          columns={columns}
          fitted={fitted}
          sign={props.sign}
          cursor={index === cursor.row ? cursor.column : undefined}
          stale={stale}
          width={width}
        />
      ))}
    </Box>
  );
}

const faint = { faint: true };

type RowProps = Pick<MatrixProps, 'columns' | 'fitted' | 'sign' | 'width'> &
  Readonly<{ row: string; cursor: number | undefined; stale: boolean }>;

/** Thousands of cells are dear to draw: when the cursor moves only the two rows it leaves and enters are. */
const Row = memo(function Row({ row, columns, fitted, sign, cursor, stale, width }: RowProps) {
  const { glyphs } = useTheme();
  const here = cursor !== undefined;
  const name = pad(cutMiddle(row, fitted.nameWidth - 3, glyphs.ellipsis), fitted.nameWidth - 3);
  const spans = joined([
    { text: `${here ? glyphs.cursor : ' '} ` },
    { text: name, ...(here && { inverse: true }) },
    { text: ' ' },
    ...columns.flatMap((column, at) => cellOf(sign(row, column), fitted.cellWidth, at === cursor)),
  ]);
  return <Line spans={spans} width={width} {...(stale && { look: faint })} />;
});

function cellOf(sign: Span, width: number, under: boolean): readonly Span[] {
  if (!under) return [{ ...sign, text: pad(sign.text, width) }];
  return [{ ...sign, inverse: true }, { text: ' '.repeat(width - 1) }];
}

function levelHead({ fitted, corner, heads, cursor }: MatrixProps, glyphs: Glyphs): readonly Span[] {
  return [
    { text: pad(`  ${corner}`, fitted.nameWidth), tone: 'dim' },
    ...heads.flatMap((head, at): Span[] => {
      const name = cutMiddle(head, fitted.cellWidth - 1, glyphs.ellipsis);
      return [nameSpan(name, at === cursor.column), { text: ' '.repeat(fitted.cellWidth - textWidth(name)) }];
    }),
  ];
}

/** Read from above, each name ends right over its column. */
function uprightHead({ fitted, corner, heads, cursor }: MatrixProps, glyphs: Glyphs): readonly Span[][] {
  const { headHeight: size } = fitted;
  const names = heads.map((head) => {
    const letters = [...cutMiddle(head, size, glyphs.ellipsis)];
    return [...Array.from({ length: Math.max(0, size - letters.length) }, () => ' '), ...letters];
  });
  return Array.from({ length: size }, (_, line) =>
    joined([
      { text: pad(line === size - 1 ? `  ${corner}` : '', fitted.nameWidth), tone: 'dim' },
      ...names.flatMap((name, at): Span[] => {
        const letter = name[line] ?? ' ';
        return [nameSpan(letter, at === cursor.column && letter !== ' '), { text: ' '.repeat(fitted.cellWidth - 1) }];
      }),
    ]),
  );
}

function nameSpan(text: string, under: boolean): Span {
  return under ? { text, inverse: true } : { text };
}

/** Neighbours that look the same become one: a frame of thousands of cells is painted as a few pieces a line. */
function joined(spans: readonly Span[]): Span[] {
  const pieces: Span[] = [];
  for (const span of spans) {
    const last = pieces.at(-1);
    if (last !== undefined && last.tone === span.tone && last.inverse === span.inverse)
      pieces[pieces.length - 1] = { ...last, text: last.text + span.text };
    else pieces.push(span);
  }
  return pieces;
}
