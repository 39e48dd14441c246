import type { KeyLayers } from './keys/key-layers.ts';
import type { Frame, Pane, Word } from './pane.ts';
import type { Question } from './screen.ts';
import type { ShellStore } from './shell-store.ts';

/** Everything that can follow `:`: names of panes, words handed in, words of keys. */
export function wordsOf(panes: readonly Pane<never>[], words: readonly Word[]): readonly Word[] {
  return [...panes.flatMap((pane) => pane.words.map((word) => paneWord(word, pane))), ...words];
}

/** The `:` line. `otherWord` is asked for what nobody knows. */
export function commandQuestion(
  words: () => readonly Word[],
  store: ShellStore,
  keys: KeyLayers,
  frame: () => Frame,
  otherWord: (word: string, args: readonly string[]) => boolean,
): Question {
  return {
    sign: ':',
    complete: (text, signal) => complete(text, words(), keys, signal),
    onDone(text) {
      const [name = '', ...args] = text.split(/\s+/).filter((part) => part !== '');
      if (name === '') return;
      const word = words().find((one) => one.word === name);
      const reason = word?.unless?.();
      if (reason !== undefined) return store.flash(`:${name}: ${reason}`, 'warning');
      if (word !== undefined) return word.run(args, frame());
      const outcome = keys.runWord(name, args);
      if (outcome !== undefined) return store.answer(outcome);
      if (!otherWord(name, args)) store.flash(`there is no :${name}, tab completes and ? lists the words`, 'warning');
    },
  };
}

function paneWord(word: string, pane: Pane<never>): Word {
  return {
    word,
    title: pane.title,
    ...(pane.complete && { complete: pane.complete }),
    unless: () => pane.absent,
    run: (args, frame) =>
      frame.go(pane.elsewhere?.(args) ?? (args.length === 0 ? { pane: pane.id } : { pane: pane.id, args })),
  };
}

/** Whole lines that could stand there: first the words, after a word what the word itself offers. */
async function complete(
  text: string,
  words: readonly Word[],
  keys: KeyLayers,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const typed = text.trimStart().split(/\s+/);
  const [name = ''] = typed;
  if (typed.length === 1) {
    const known = [...words.map((one) => one.word), ...keys.words().map((one) => one.word)];
    return [...new Set(known)].filter((word) => word.startsWith(name)).sort();
  }
  const args = typed.slice(1);
  const choices = (await words.find((one) => one.word === name)?.complete?.(args, signal)) ?? [];
  const before = [name, ...args.slice(0, -1)].join(' ');
  return choices.filter((choice) => choice.startsWith(args.at(-1) ?? '')).map((choice) => `${before} ${choice}`);
}
