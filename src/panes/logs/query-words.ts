import type { ChosenQuery, MissingLogs } from '../../queries/choose-query.ts';
import type { Glyphs } from '../../ui/theme.ts';
import type { EmptyStateProps } from '../../ui/widgets/EmptyState.tsx';
import type { PaneState } from '../pane-state.ts';
import { type Spans, span } from '../spans.ts';
import type { Asked } from './asked-of.ts';
import type { RunState } from './query-run.ts';
import { noRowsSentence } from './run-words.ts';

/** `ns:shop · last 1h · edited · /web`. `since`: when what is followed begins; '' = nothing is. */
export function titleNote({ saved, parameters, text }: Asked, timespan: string, since: string, list: string): string {
  const given = Object.entries(parameters).filter(([name, value]) => value !== '' && isGiven(saved, name, value));
  return [
    ...given.map(([name, value]) => `${name === 'namespace' ? 'ns' : name}:${value}`),
    since !== '' ? `since ${since}` : timespan.includes('/') ? timespan : `last ${timespan}`,
    saved !== undefined && text !== undefined ? 'edited' : '',
    list,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

function isGiven(saved: Asked['saved'], name: string, value: string): boolean {
  return saved?.parameters.find((one) => one.name === name)?.fallback !== value;
}

/** Below the title: what the question answers, or the text that somebody wrote; of a tail when and why it asks next. */
export function whyLine({ saved, text }: Asked, wording: string, workspace: string, waiting: string): Spans {
  if (waiting !== '') return [span(` ${waiting}`, 'dim')];
  const at = workspace === '' ? [] : [span(` · ${workspace}`, 'dim')];
  if (saved !== undefined && text === undefined) return [span(` ${saved.why}`, 'dim'), ...at];
  return [span(` ${wording.replace(/\s+/g, ' ').trim() || 'Nothing is written yet: e edits.'}`)];
}

/** What the answer will not show, or does not; what the answer itself says comes first, being the rarer. */
export function remarkLine(
  chosen: ChosenQuery | MissingLogs | undefined,
  told: readonly string[],
  glyphs: Glyphs,
): Spans | undefined {
  const remarks = [...told, ...(chosen === undefined || 'missing' in chosen ? [] : chosen.remarks)];
  return remarks.length === 0 ? undefined : [span(` ${glyphs.warning} `, 'warning'), span(remarks.join(' '))];
}

type Empty = Readonly<{
  run: RunState;
  state: PaneState & { hint: string };
  missing: MissingLogs | undefined;
  filter: string;
  total: number;
  timespan: string;
  text: string;
}>;

/** Why there are no rows: nothing is asked, nothing came yet, nothing is there, or none is left by the filter. */
export function emptyState({
  run,
  state,
  missing,
  filter,
  total,
  timespan,
  text,
}: Empty): Pick<EmptyStateProps, 'kind' | 'text' | 'hint'> {
  if (filter !== '' && total > 0)
    return { kind: 'filtered', text: `None of ${total} rows matches /${filter}.`, hint: 'esc clears it.' };
  if (missing !== undefined) return { kind: 'missing', text: missing.missing, hint: missing.hint };
  if (run.phase === 'idle' && text === '' && state.phase === 'none')
    return { kind: 'none', text: 'There is no query yet.', hint: 'e edits one; esc goes back to the saved ones.' };
  if (run.phase === 'ended' && run.problem === '' && run.result.partial === '')
    return {
      kind: 'none',
      text: noRowsSentence(timespan, run.result.columns),
      hint: 't asks about a longer time, e edits it.',
    };
  const kind = state.phase === 'connecting' ? 'loading' : state.phase === 'live' ? 'none' : state.phase;
  return { kind, text: state.sentence, hint: state.hint };
}
