import { wrap } from '../../ui/text.ts';
import type { Glyphs } from '../../ui/theme.ts';
import type { ScreenLine } from '../LinesScreen.tsx';
import { type Spans, span } from '../spans.ts';
import type { Menu, MenuEntry } from './menu.ts';

type Look = { columns: number; glyphs: Glyphs; choose(entry: MenuEntry): void };

/** A line for each with its letter, below it what it may cost, or why it cannot be done and what can instead. */
export function menuPage({ lead, entries, never }: Menu, { columns, glyphs, choose }: Look): readonly ScreenLine[] {
  const below = (id: string, text: string, mark: Spans, tone: 'dim' | 'warning' = 'dim'): ScreenLine[] =>
    wrap(text, Math.max(20, columns - 8)).map((line, index) => ({
      id: `${id} ${index}`,
      spans: [span('      '), ...(index === 0 ? mark : mark.map(() => span('  '))), span(line, tone)],
    }));
  const led = lead.flatMap((text, index): ScreenLine[] =>
    wrap(text, Math.max(20, columns - 4)).map((line, part) => ({
      id: `lead ${index} ${part}`,
      spans: [span('  '), span(line)],
    })),
  );
  const lines = entries.flatMap((entry): ScreenLine[] => {
    const { key, title, note, refusal, first } = entry;
    const can = refusal === '' && first === '';
    const head: ScreenLine = {
      id: key,
      spans: [span('  '), span(key, can ? 'accent' : 'dim'), span('  '), span(title, can ? 'strong' : 'dim')],
      choose: () => choose(entry),
    };
    if (refusal !== '') return [head, ...below(key, refusal, [span(`${glyphs.unknown} `, 'unknown')])];
    if (first === '') return [head, ...below(key, note, [])];
    const turn = `${first}; ${key.toUpperCase()} takes it anyway`;
    return [head, ...below(key, note, []), ...below(`${key} turn`, turn, [span(`${glyphs.unknown} `, 'unknown')])];
  });
  const all = led.length === 0 ? lines : [...led, { id: 'led', spans: [] }, ...lines];
  if (never.length === 0) return all;
  return [
    ...all,
    { id: 'never', spans: [] },
    { id: 'never title', spans: [span('Not from here', 'strong')] },
    ...never.flatMap((text, index) => below(`never ${index}`, text, [])),
  ];
}
