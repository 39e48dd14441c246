/** A chart as data, without a word of how it is drawn. */
export type Chart =
  | {
      type: 'lines';
      title: string;
      note: string;
      unit: string;
      from: number;
      until: number;
      lines: readonly ChartLine[];
    }
  | { type: 'bars'; title: string; note: string; unit: string; bars: readonly { label: string; value: number }[] }
  | {
      type: 'spans';
      title: string;
      note: string;
      from: number;
      until: number;
      spans: readonly ChartSpan[];
      marks: readonly ChartMark[];
    }
  /** What would be drawn is not known; the note says why. */
  | { type: 'nothing'; title: string; note: string };

/** Oldest first; null where nothing was measured: the line is broken there. */
export type ChartLine = { label: string; points: readonly { at: number; value: number | null }[] };
export type ChartSpan = {
  label: string;
  tone: 'error' | 'warning' | 'note';
  from: number;
  until: number;
  open: boolean;
};
export type ChartMark = { at: number; label: string };
