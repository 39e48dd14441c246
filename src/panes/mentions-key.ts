import type { Binding } from '../ui/keys/binding.ts';
import type { Frame } from '../ui/pane.ts';

/** Search by address, pod or identity, from wherever endpoints are shown. */
export function findKey<C extends Readonly<{ frame: Frame }>>(): Binding<C> {
  return {
    keys: ['i'],
    title: 'find address, pod, identity',
    word: 'find',
    rank: 6,
    run: ({ frame }) => frame.go({ pane: 'mentions' }),
  };
}
