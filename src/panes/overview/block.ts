import type { Spans } from '../spans.ts';

/** A line of the overview. With an `id` the cursor can stand on it. */
export type BlockLine = { spans: Spans; id?: string };

/** A part of the overview: a title rule and its lines. It says how many lines it could use and is given some. */
export type Block = {
  id: string;
  title: Spans;
  /** Column titles, at the columns where they stand; drawn into the title rule. */
  heading?(columns: number): string;
  /** Lines below the title that it would fill. */
  want: number;
  /** Lines below the title without which it says too little while something is wrong; 0 = its title says it. */
  least: number;
  /** Of two beside each other the right one takes this share of the columns; a half when left out. */
  share?: number;
  /** Something in it is wrong: it comes before the healthy ones when room is shared out. */
  sick: boolean;
  draw(columns: number, rows: number): readonly BlockLine[];
};

/** Something one can stand on and go into. */
export type Item = {
  id: string;
  /** What the filter looks at. */
  text: string;
  troubled: boolean;
};
