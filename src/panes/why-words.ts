import { checks } from '../checks/index.ts';
import type { PolicyAsks } from '../model/policies/policy-asks.ts';
import type { Word } from '../ui/pane.ts';
import { completeEnd } from './ask-end.ts';
import { portArgument, readQuestion } from './named-question.ts';
import { verdictView } from './views.ts';

/** `:why` alone is all that is wrong, with a check's id that finding, with ends the verdict on them. */
export function whyWords(policies: PolicyAsks): readonly Word[] {
  return ['why', 'verdict'].map((word) => ({
    word,
    title: 'why; may FROM talk to TO?',
    args: 'FROM TO:PORT',
    complete: (typed, signal) => completeEnd(policies, typed.at(-1) ?? '', signal),
    run(args, frame) {
      const [first = ''] = args;
      if (first === '') return frame.go({ pane: 'troubleshoot' });
      if (checks.some(({ id }) => id === first.split('|')[0])) return frame.go({ pane: 'why', args });
      const asked = readQuestion(args);
      if (typeof asked === 'string') return frame.flash(asked, 'warning');
      frame.go(verdictView(asked.from, asked.to, portArgument(asked)));
    },
  }));
}
