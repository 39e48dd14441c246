import { findingKey, type Judgement } from '../model/finding.ts';
import type { Binding } from '../ui/keys/binding.ts';
import type { Frame } from '../ui/pane.ts';

/** `n` and `N` walk through the findings, wherever one is: from no finding to the first, or the last. */
export function walkKeys(judgement: () => Judgement): readonly Binding<Frame>[] {
  const step = (title: string, key: string, by: 1 | -1): Binding<Frame> => ({
    keys: [key],
    title,
    rank: 60,
    unless: () => (judgement().findings.length === 0 ? 'nothing wrong is known' : undefined),
    run(frame) {
      const { findings } = judgement();
      const [next] = by === 1 ? findings : findings.slice(-1);
      if (next !== undefined) frame.go({ pane: 'why', args: [findingKey(next)] });
    },
  });
  return [step('next finding', 'n', 1), step('previous finding', 'N', -1)];
}
