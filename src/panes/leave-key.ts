import type { Binding } from '../ui/keys/binding.ts';
import type { Frame } from '../ui/pane.ts';

/** `esc` first clears a filter; `q` always goes back, which is the shell's. */
export function leaveKey<K extends { frame: Frame }>(list: { clear(): boolean }): Binding<K> {
  return {
    keys: ['esc'],
    title: 'clear filter, back',
    run: ({ frame }) => {
      if (!list.clear()) frame.back();
    },
  };
}
