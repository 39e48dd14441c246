import { cutMiddle, pad, width, wrap } from '../../ui/text.ts';
import type { Span } from '../../ui/theme.ts';
import type { Entry, Section } from './document.ts';

/** A description as lines of at most `columns`: labels aligned within a section, long values wrapped under themselves. */
export function documentLines(sections: readonly Section[], columns: number): Span[][] {
  return sections.flatMap((section, index) => [
    ...(index === 0 ? [] : [[]]),
    ...(section.title === '' ? [] : [[{ text: section.title, tone: 'strong' } as Span]]),
    ...sectionLines(section, columns),
  ]);
}

function sectionLines({ entries }: Section, columns: number): Span[][] {
  const labels = Math.min(
    18,
    Math.max(0, ...entries.map((entry) => (entry.type === 'field' ? width(entry.label) : 0))),
  );
  return entries.flatMap((entry) => entryLines(entry, labels, columns));
}

function entryLines(entry: Entry, labels: number, columns: number): Span[][] {
  if (entry.type === 'field') {
    const room = Math.max(20, columns - labels - 4);
    return wrap(entry.value, room).map((part, index) => [
      { text: `  ${pad(index === 0 ? entry.label : '', labels)}  `, tone: 'dim' },
      { text: part, tone: entry.tone ?? 'plain' },
    ]);
  }
  if (entry.type === 'line') {
    const indent = '  '.repeat((entry.indent ?? 0) + 1);
    const room = Math.max(20, columns - indent.length);
    return wrap(entry.text, room).map((part) => [{ text: indent + part, tone: entry.tone ?? 'plain' }]);
  }
  return tableLines(entry, columns);
}

// The last column takes what is left, on as many lines as it needs: it holds the message.
function tableLines(entry: Extract<Entry, { type: 'table' }>, columns: number): Span[][] {
  const last = entry.head.length - 1;
  const widths = entry.head.map((head, column) =>
    Math.min(30, Math.max(width(head), ...entry.rows.map((row) => width(row[column] ?? '')))),
  );
  const left = widths.slice(0, last).reduce((sum, each) => sum + each + 2, 2);
  const room = Math.max(16, columns - left);
  const cells = (row: readonly string[]) =>
    `  ${row
      .slice(0, last)
      .map((cell, i) => `${pad(cutMiddle(cell, widths[i] ?? 0), widths[i] ?? 0)}  `)
      .join('')}`;
  return [
    [{ text: `${cells(entry.head)}${entry.head[last] ?? ''}`, tone: 'dim' }],
    ...entry.rows.flatMap((row, index) =>
      wrap(row[last] ?? '', room).map((part, i) => [
        { text: (i === 0 ? cells(row) : ' '.repeat(left)) + part, tone: entry.tones?.[index] ?? 'plain' } as Span,
      ]),
    ),
  ];
}
