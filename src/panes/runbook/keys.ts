import type { Offer } from '../../model/runbook-result.ts';
import { runbookAsMarkdown } from '../../runbooks/as-markdown.ts';
import type { Runbook } from '../../runbooks/runbook.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { LineKeys, ScreenLine } from '../LinesScreen.tsx';
import { objectKeys } from '../object-keys.ts';
import { verdictKey } from '../verdict-key.ts';
import type { RunbookRun } from './runbook-run.ts';

/** What is true when a key arrives. */
export type RunbookNow = Readonly<{
  runbook: Runbook;
  run: RunbookRun;
  offers: readonly Offer[];
  /** Name of the cluster, for who reads the copy elsewhere. */
  where: string;
  take(offer: Offer): void;
}>;

/** Keys of the question come first while there is one. */
export function runbookKeys(now: () => RunbookNow, choices: readonly string[]): readonly Binding<LineKeys>[] {
  const state = () => now().run.state.get();
  const busy = () => state().phase === 'running' || state().phase === 'asking';
  return [
    ...choices.map(
      (key): Binding<LineKeys> => ({
        keys: [key],
        title: state().question?.choices.find((one) => one.key === key)?.title ?? key,
        rank: 0,
        run: () => now().run.answer(key),
      }),
    ),
    {
      keys: ['x'],
      title: 'what may be done',
      rank: 3,
      unless: () => (now().offers.length === 0 ? 'nothing is offered' : undefined),
      next: () =>
        now().offers.map((offer, index) => ({
          keys: [String(index + 1)],
          title: offer.title,
          ...(offer.refusal !== '' && { unless: () => offer.refusal }),
          run: () => now().take(offer),
        })),
      run: () => {},
    },
    {
      keys: ['ctrl-c'],
      title: 'cancel',
      rank: 1.5,
      applies: busy,
      run: ({ frame }) => {
        now().run.cancel();
        frame.flash('cancelled; what was seen is kept, ctrl-r runs it again');
      },
    },
    {
      keys: ['ctrl-r'],
      title: 'run again',
      rank: 4,
      unless: () => (busy() ? 'it runs: ctrl-c cancels' : undefined),
      run: () => now().run.start(),
    },
    {
      keys: ['c'],
      title: 'copy as Markdown',
      rank: 5,
      unless: () => (state().result === undefined ? 'it has not come to its end' : undefined),
      run: ({ frame }) => {
        const { result, ended } = state();
        if (result !== undefined) frame.copy(runbookAsMarkdown(now().runbook, result, now().where, ended));
      },
    },
    verdictKey<ScreenLine>((line) => line.ref),
    ...objectKeys<ScreenLine>((line) => line.ref, {
      pod: ({ ref }) => (ref?.kind === 'Pod' ? { namespace: ref.namespace ?? '', name: ref.name } : undefined),
    }).filter(({ keys: [key = ''] }) => !['c', 'x', ...choices].includes(key)),
  ];
}
