import type { Link, SourceId } from '../../model/link.ts';
import { number } from '../../ui/text.ts';
import type { Glyphs, Span } from '../../ui/theme.ts';
import type { EmptyStateProps } from '../../ui/widgets/EmptyState.tsx';
import { type PaneState, paneState } from '../pane-state.ts';
import type { LogBook } from './log-book.ts';

/** None of the logs could be read: why says more than a mark for each. */
export function isNothing({ received, sources, ended }: LogBook): boolean {
  return (
    received === 0 && sources.length > 0 && [...ended.values()].filter(({ failed }) => failed).length === sources.length
  );
}

/** What stands in the title. `finite` = nothing is followed. */
export function logState(
  book: LogBook,
  { following, unseen, finite, silent }: { following: boolean; unseen: number; finite: boolean; silent: string },
  glyphs: Glyphs,
): Span {
  const { received, sources, ended, heard } = book;
  if (isNothing(book)) return { text: `${glyphs.error} failed`, tone: 'error' };
  const lines = `${number(received)} ${received === 1 ? 'line' : 'lines'}`;
  // A log that has not said anything may be a quiet one, or one that is not open yet.
  const count = heard.size < sources.length ? `heard ${heard.size} of ${sources.length} · ${lines}` : lines;
  const failed = [...ended.values()].filter((one) => one.failed).length;
  const broken = failed === 0 ? '' : ` · ${failed} of ${sources.length} failed`;
  const open = sources.length - ended.size;
  if (received === 0 && (open > 0 || sources.length === 0) && failed === 0)
    return { text: `${glyphs.progress} reading`, tone: 'progress' };
  if (open === 0) return { text: `ended · ${count}${broken}`, tone: 'dim' };
  if (following && finite) return { text: `${glyphs.progress} reading · ${count}`, tone: 'progress' };
  // A quiet log and one that nobody sends look alike: what the watches hear tells them apart.
  if (following && silent !== '')
    return { text: `${glyphs.warning} API ${silent} · ${count}${broken}`, tone: 'warning' };
  if (following)
    return failed === 0
      ? { text: `${glyphs.ok} following · ${count}`, tone: 'ok' }
      : { text: `${glyphs.warning} following · ${count}${broken}`, tone: 'warning' };
  const fresh = unseen === 0 ? '' : `, ${number(unseen)} new`;
  return { text: `paused${fresh} · ${count}${broken} · f follows`, tone: 'warning' };
}

/** How long the server has been silent, `stale 42s`; '' = it speaks. */
export function silenceOf(links: ReadonlyMap<SourceId, Link>, now: number): string {
  const { phase, text } = paneState(links, ['systemPods'], 1, now);
  return phase === 'stale' ? text : '';
}

/** `known` = that only these are to be shown, '' = all. */
export function whyNoLine(
  book: LogBook,
  filter: string,
  known: string,
  hint: string,
): Pick<EmptyStateProps, 'kind' | 'text' | 'hint'> {
  const { sources, ended, received } = book;
  const [failure] = [...ended.values()].filter((one) => one.failed);
  if (isNothing(book) && failure !== undefined) return { kind: 'failed', text: failure.text, hint };
  const lines = `${number(received)} ${received === 1 ? 'line' : 'lines'}`;
  if (received > 0 && filter !== '')
    return { kind: 'filtered', text: `None of ${lines} has "${filter}".`, hint: '& changes it, esc clears it.' };
  if (received > 0 && known !== '')
    return { kind: 'filtered', text: `There are no ${known} among ${lines}.`, hint: 'z shows all lines again.' };
  if (sources.length > 0 && ended.size === sources.length) return { kind: 'none', text: 'The log is empty.' };
  return { kind: 'loading', text: 'No line yet.' };
}

/** How it is with the pods whose logs are to be read, while there is none of them. */
export function insteadOf(found: number, read: boolean, pods: PaneState, nothing: string): PaneState | undefined {
  if (found > 0) return undefined;
  return read ? nothingThere(nothing) : pods;
}

/** There is nothing to read, and that is so. */
export function nothingThere(sentence: string): PaneState {
  return { phase: 'none', glyph: 'unknown', text: 'nothing to read', tone: 'unknown', sentence, old: false };
}

export function cannotBeRead(sentence: string): PaneState {
  return { phase: 'failed', glyph: 'error', text: 'failed', tone: 'error', sentence, old: false };
}
