import type { EmptyStateProps } from '../ui/widgets/EmptyState.tsx';
import type { PaneState } from './pane-state.ts';

type Narrowed = Readonly<{ total: number; note: string }>;

/** Why a list shows nothing: it is narrowed to nothing, or what its state says; `none` where there is nothing to show. */
export function emptiness(
  { phase, glyph, sentence }: PaneState,
  { total, note }: Narrowed,
  none = '',
): Pick<EmptyStateProps, 'kind' | 'text' | 'hint'> {
  if (total > 0) return { kind: 'filtered', text: `None of ${total} rows matches ${note}.`, hint: 'esc clears it.' };
  // Where only a part was read, nothing can be said of the whole.
  const whole = glyph === '' || glyph === 'ok';
  if (phase === 'live' || phase === 'none') return { kind: 'none', text: (whole && none) || sentence };
  return { kind: phase === 'connecting' ? 'loading' : phase, text: sentence };
}
