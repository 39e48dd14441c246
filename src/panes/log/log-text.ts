import { filterRows } from '../../ui/list-filter.ts';
import type { Span, Tone } from '../../ui/theme.ts';
import type { LogBuffer, LogLine } from './log-buffer.ts';

/** The lines as drawn: those a filter leaves, with marks where some are missing. Marks always stay. */
export function logText(buffer: LogBuffer, filter: string): Span[] {
  const marks = buffer.lines.filter((line) => line.mark !== undefined);
  const kept =
    filter === '' ? undefined : new Set([...filterRows(buffer.lines, filter, { text: (line) => line.text }), ...marks]);
  const shown = kept === undefined ? buffer.lines : buffer.lines.filter((line) => kept.has(line));
  const head: Span[] =
    buffer.dropped > 0 ? [{ text: `— ${buffer.dropped} older lines are no longer kept here —`, tone: 'accent' }] : [];
  return [...head, ...shown.map(spanOf)];
}

function spanOf({ text, mark }: LogLine): Span {
  if (mark === 'gap') return { text: `— ${text} —`, tone: 'accent' };
  if (mark === 'end') return { text: `— ${text || 'the log ends here'} —`, tone: 'dim' };
  const tone = toneOf(text);
  return tone === undefined ? { text } : { text, tone };
}

/** By the level words of slog, logrus and klog; a line that has none is left alone. */
function toneOf(text: string): Tone | undefined {
  if (/\blevel="?(?:error|fatal|panic)\b|^[EF]\d{4} |\b(?:ERROR|FATAL|panic:)/.test(text)) return 'error';
  if (/\blevel="?warn(?:ing)?\b|^W\d{4} |\bWARN(?:ING)?\b/.test(text)) return 'warning';
  return undefined;
}
