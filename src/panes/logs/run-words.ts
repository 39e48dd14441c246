import type { ResultColumn } from '../../model/azure/log-query.ts';
import { age, cutEnd, number } from '../../ui/text.ts';
import type { PaneState } from '../pane-state.ts';
import type { RunState } from './query-run.ts';

/** How the question is doing, for the title and for where its rows would be. `unseen`: rows that came while it was paused; `now` by our own clock. */
export function runState(
  run: RunState,
  paused: boolean,
  unseen: number,
  elapsedMs: number,
  now: number,
): PaneState & { hint: string } {
  const { phase, isTail, result } = run;
  const rows = `${number(result.received)} ${result.received === 1 ? 'row' : 'rows'}`;
  switch (phase) {
    case 'idle':
      return {
        ...calm,
        phase: 'none',
        text: 'not asked yet',
        sentence: 'Nothing was asked yet.',
        hint: 'ctrl-r asks.',
      };
    case 'running':
      if (isTail) return tailState(run, paused, unseen, now);
      if (unanswered(run, now) !== '')
        return {
          ...calm,
          phase: 'loading',
          glyph: 'warning',
          tone: 'warning',
          text: unanswered(run, now),
          sentence: result.waiting?.why ?? '',
          hint: 'ctrl-c cancels.',
        };
      return {
        ...calm,
        phase: 'loading',
        glyph: 'progress',
        tone: 'progress',
        text: result.received === 0 ? `asking ${age(elapsedMs)}` : `reading ${rows}, ${age(elapsedMs)}`,
        sentence: 'The workspace is being asked.',
        hint: 'ctrl-c cancels.',
      };
    case 'cancelled':
      return {
        ...calm,
        phase: result.received > 0 ? 'live' : 'none',
        glyph: 'warning',
        tone: 'warning',
        text: isTail ? `stopped · ${rows}` : `cancelled · ${rows} so far`,
        sentence: 'It was cancelled before anything came.',
        hint: 'ctrl-r asks again.',
      };
    case 'failed':
      return {
        ...calm,
        ...failedAs(run),
        sentence: run.problem,
        hint: run.hint || 'ctrl-r asks again.',
        old: result.received > 0,
      };
    case 'ended':
      return endedState(run, rows);
  }
}

/** Where rows may be missing, and how late they come: behind the state, always in sight. */
export function lagWords({ result, isTail }: RunState, columns: number): string {
  const { lag, late, duplicates, gaps } = result;
  return [
    lag === undefined
      ? isTail
        ? 'lag not known yet'
        : ''
      : `${columns < 100 ? '' : 'ingestion '}lag p95 ${age(lag.p95)}`,
    late === 0 ? '' : `${number(late)} late`,
    duplicates === 0 ? '' : `${number(duplicates)} sent twice`,
    gaps === 0 ? '' : `${gaps} ${gaps === 1 ? 'gap' : 'gaps'}`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/** When it asks again, and why not sooner; '' where nothing waits. `now` by our own clock. */
export function waitingWords({ phase, isTail, result }: RunState, now: number): string {
  const { waiting } = result;
  if (phase !== 'running' || waiting === undefined) return '';
  const left = waiting.until - now;
  const next = waiting.kind !== undefined ? '' : left > 0 ? `asks again in ${age(left)}` : 'asking';
  const usual = isTail ? 'Rows come half a minute to minutes after the event.' : '';
  return [waiting.why || usual, next].filter((part) => part !== '').join(' · ');
}

/** The last question had no answer: why, and when it is put again; '' where it had one. */
function unanswered({ result }: RunState, now: number): string {
  const { kind, until = 0 } = result.waiting ?? {};
  if (kind === undefined) return '';
  const why = kind === 'throttled' ? 'throttled (429)' : kind === 'unreachable' ? 'not reached' : 'not answered';
  return until > now ? `${why}, asks again in ${age(until - now)}` : `${why}, asking again`;
}

function tailState(run: RunState, paused: boolean, unseen: number, now: number): PaneState & { hint: string } {
  const { result } = run;
  const waits = unanswered(run, now);
  const rows = `${number(result.received)} ${result.received === 1 ? 'row' : 'rows'}`;
  const kept = result.dropped > 0 ? `, ${number(result.dropped)} older let go` : '';
  const sentence =
    result.waiting === undefined && result.end === undefined
      ? 'The workspace is being asked for the newest rows.'
      : 'No row has come yet. Rows come half a minute to minutes after the event: this is no evidence that nothing happened.';
  if (paused)
    return {
      ...calm,
      phase: 'live',
      glyph: 'warning',
      tone: 'warning',
      text: [unseen === 0 ? 'paused' : `paused, ${number(unseen)} new`, waits].filter(Boolean).join(' · '),
      sentence,
      hint: 'f follows again.',
    };
  if (waits !== '')
    return {
      ...calm,
      phase: result.received === 0 ? 'loading' : 'live',
      glyph: 'warning',
      tone: 'warning',
      text: result.received === 0 ? waits : `${waits} · ${rows}`,
      sentence: result.received === 0 ? (result.waiting?.why ?? '') : sentence,
      hint: 'ctrl-c ends it.',
    };
  return {
    ...calm,
    phase: result.received === 0 ? 'loading' : 'live',
    glyph: 'ok',
    tone: 'ok',
    text: `following · ${rows}${kept}`,
    sentence,
    hint: 'ctrl-c ends it.',
  };
}

function endedState({ result }: RunState, rows: string): PaneState & { hint: string } {
  if (result.partial !== '')
    return {
      ...calm,
      phase: result.received > 0 ? 'live' : 'failed',
      glyph: 'warning',
      tone: 'warning',
      text: `partial: ${cutEnd(result.partial, 60)} · ${rows}`,
      sentence: result.partial,
      hint: 'A narrower question or a shorter time gets all of it.',
    };
  if (result.dropped > 0)
    return {
      ...calm,
      phase: 'live',
      glyph: 'warning',
      tone: 'warning',
      text: `${number(result.entries.length)} of ${number(result.entries.length + result.dropped)} kept`,
      sentence: '',
      hint: '',
    };
  if (result.received === 0) return { ...calm, phase: 'none', text: 'no rows', sentence: '', hint: '' };
  const seconds = result.end === undefined ? '' : ` · ${(result.end.ms / 1000).toFixed(1)}s`;
  return { ...calm, phase: 'live', glyph: 'ok', tone: 'ok', text: `${rows}${seconds}`, sentence: '', hint: '' };
}

function failedAs({ kind, problem }: RunState): Pick<PaneState, 'phase' | 'glyph' | 'tone' | 'text'> {
  if (kind === 'forbidden')
    return { phase: 'forbidden', glyph: 'unknown', tone: 'unknown', text: 'forbidden: Log Analytics Reader' };
  if (kind === 'signed-out') return { phase: 'missing', glyph: 'unknown', tone: 'unknown', text: 'not signed in' };
  return { phase: 'failed', glyph: 'error', tone: 'error', text: `failed: ${cutEnd(problem, 40)}` };
}

/** What no rows can mean: with the time that was asked about, and how late rows come by nature (domain §8.3). */
export function noRowsSentence(timespan: string, columns: readonly ResultColumn[]): string {
  const known = columns.length === 0 ? 'The workspace has no such data yet' : `No rows in the last ${timespan}`;
  return `${known}. Rows come half a minute to several minutes after the event (audit: up to ten), so this is not evidence of absence.`;
}

const calm = { glyph: '', tone: 'dim', old: false } as const;
