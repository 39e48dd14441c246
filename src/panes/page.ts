import { wrap } from '../ui/text.ts';
import type { Tone } from '../ui/theme.ts';
import type { ScreenLine } from './LinesScreen.tsx';
import { type Spans, span } from './spans.ts';

/** Builds a page line by line; ids follow from the section and the place in it, or from what a line stands for. */
export type Page = {
  lines: ScreenLine[];
  /** A heading, with a blank line in front of it unless it is the first. */
  section(title: string, note?: string, mark?: Spans, more?: LineMore): void;
  line(spans: Spans, more?: LineMore & { id?: string }): void;
  /** Prose, broken at blanks to fit. */
  prose(text: string, tone?: Tone, indent?: number): void;
  /** `name   value`, names aligned. */
  field(name: string, value: Spans, more?: LineMore): void;
};

type LineMore = Pick<ScreenLine, 'target' | 'choose' | 'ref' | 'troubled'>;

/** `columns` without the cursor's. Field names take `nameWidth`. */
export function createPage(columns: number, nameWidth = 14): Page {
  const lines: ScreenLine[] = [];
  const ids = new Set<string>();
  let section = '';
  let place = 0;
  const add = (line: ScreenLine) => {
    // Two lines of one id would be drawn as one.
    let { id } = line;
    for (let copy = 2; ids.has(id); copy += 1) id = `${line.id} ${copy}`;
    ids.add(id);
    lines.push(id === line.id ? line : { ...line, id });
  };
  const page: Page = {
    lines,
    section(title, note, mark = [], more = {}) {
      if (lines.length > 0) add({ id: `${section} end`, spans: [] });
      section = title;
      place = 0;
      const said = note === undefined || note === '' ? [] : [span(` · ${note}`, 'dim' as const)];
      add({ id: title, spans: [span(title, 'strong'), ...said, ...mark], ...more });
    },
    line(spans, { id, ...more } = {}) {
      place += 1;
      add({ id: id ?? `${section} ${place}`, spans: [span('  '), ...spans], ...more });
    },
    prose(text, tone, indent = 0) {
      for (const part of wrap(text, Math.max(10, columns - 4 - indent)))
        page.line([span(' '.repeat(indent) + part, tone)]);
    },
    field(name, value, more) {
      page.line([span(name.padEnd(nameWidth), 'dim'), ...value], { ...more, id: `${section} ${name}` });
    },
  };
  return page;
}
