import type { Input } from '../device.ts';
import type { KeyLayers, Outcome } from './key-layers.ts';

/**
 * Brings keys to their bindings one after the other. After a key that may change what the next one means, the next waits
 * until that has been drawn: `2` and `⏎` read together open the pane first and then go into its row.
 */
export function createKeyQueue(keys: KeyLayers, told: (outcome: Outcome) => void): (input: Input) => void {
  const waiting: (() => Outcome)[] = [];
  let running = false;

  const next = () => {
    running = true;
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const outcome = step();
      told(outcome);
      // React commits changes of stores in a microtask: by the next turn of the loop the new layers are there.
      if (outcome.kind === 'ran' && !outcome.still) return void setImmediate(next);
    }
    running = false;
  };

  const type = (text: string): Outcome =>
    keys.type(text)
      ? { kind: 'ran', still: true }
      : { kind: 'refused', title: 'paste', reason: 'nothing here takes pasted text' };

  // What is pasted is never keys: outside a prompt it is something to look for.
  const paste = (text: string, enter: boolean): Outcome => {
    const inert = text.replace(/[\s\p{Cc}]+/gu, ' ');
    if (keys.type(inert, text)) return enter ? keys.press({ name: 'enter', text: '' }) : { kind: 'ran', still: true };
    if (inert.trim() === '') return { kind: 'ran', still: true };
    const search = keys.press({ name: '/', text: '/' });
    if (search.kind !== 'ran') return type('');
    waiting.unshift(() => type(inert.trim()));
    return search;
  };

  return (input) => {
    waiting.push(input.kind === 'key' ? () => keys.press(input.key) : () => paste(input.text, input.enter === true));
    if (!running) next();
  };
}
