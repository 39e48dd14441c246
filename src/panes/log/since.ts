import { spanMs, timespanOf } from '../../queries/timespan.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { LookingContext } from './looking-keys.ts';

/** `2h`, `90s` → seconds; 0 = no span. Undefined: not a length of time. */
export function sinceSeconds(typed: string): number | undefined {
  const text = typed.trim();
  if (text === '' || text === 'all') return 0;
  const span = timespanOf(text);
  return span === undefined || span.includes('/') ? undefined : Math.max(1, Math.round(spanMs(span) / 1_000));
}

/** `t`, or `:since 2h`: reads anew from then on. */
export function sinceKey(since: string, set: (since: string) => void): Binding<LookingContext> {
  const take = ({ frame }: LookingContext, text: string) => {
    if (sinceSeconds(text) === undefined) frame.flash(`"${text}" is no length of time: 15m, 2h, 1d`, 'warning');
    else set(text.trim() === 'all' ? '' : text.trim());
  };
  return {
    keys: ['t'],
    title: 'since when',
    word: 'since',
    rank: 6,
    run(context, args = []) {
      if (args.length > 0) take(context, args.join(' '));
      else
        context.ask({
          sign: 'since (2h, 90m; empty = the newest lines): ',
          initial: since,
          onDone: (text) => take(context, text),
        });
    },
  };
}
