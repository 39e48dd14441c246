import { useEffect, useMemo } from 'react';
import type { Binding } from '../keys/binding.ts';
import { useBindings } from '../keys/use-bindings.ts';
import type { Question } from '../screen.ts';
import { createStore, type Store, useStore } from '../store.ts';
import { width } from '../text.ts';
import type { Span } from '../theme.ts';
import { deleteBefore, deleteWordBefore, type EditedLine, editedLine, insert, moveCursor } from './edited-line.ts';
import { Line } from './Line.tsx';

export type PromptProps = Readonly<{
  question: Question;
  width: number;
  history: Store<readonly string[]>;
  onClose(): void;
}>;

type PromptState = EditedLine & Readonly<{ choices: readonly string[]; recalled: number }>;

/** One line to type into, on the bottom of the screen; what it could become stands faint behind the cursor. */
export function Prompt({ question, width: columns, history, onClose }: PromptProps) {
  const initial = question.initial ?? '';
  const store = useMemo(
    () => createStore<PromptState>({ ...editedLine(initial), choices: [], recalled: -1 }),
    [initial],
  );
  const state = useStore(store);
  useChoices(store, question);
  const edit = (change: (line: EditedLine) => EditedLine) => {
    const before = store.get().text;
    store.update((now) => ({ ...now, ...change(now) }));
    if (store.get().text !== before) question.onChange?.(store.get().text);
  };
  useBindings(promptBindings, () => ({ state: store.get(), edit, history, store, question, onClose }), {
    layer: 'overlay',
    title: 'Prompt',
    typed: (text) => edit((line) => insert(line, text)),
  });
  return <Line spans={drawn(question.sign, state, columns)} width={columns} />;
}

type PromptContext = {
  state: PromptState;
  store: Store<PromptState>;
  history: Store<readonly string[]>;
  question: Question;
  edit(change: (line: EditedLine) => EditedLine): void;
  onClose(): void;
};

const promptBindings: readonly Binding<PromptContext>[] = [
  { keys: ['enter'], title: 'done', rank: 1, run: done },
  { keys: ['esc', 'ctrl-c'], title: 'cancel', rank: 2, run: cancel },
  {
    keys: ['tab', 'right'],
    title: 'complete',
    rank: 3,
    still: true,
    run: ({ edit, state }) => edit((line) => completed(line, state.choices)),
  },
  {
    keys: ['backspace'],
    title: 'delete',
    run: (context) => (context.state.text === '' ? cancel(context) : context.edit(deleteBefore)),
  },
  { keys: ['ctrl-w'], title: 'delete the word', still: true, run: ({ edit }) => edit(deleteWordBefore) },
  { keys: ['ctrl-u'], title: 'empty', still: true, run: ({ edit }) => edit(() => editedLine('')) },
  { keys: ['left'], title: 'left', still: true, run: ({ edit }) => edit((line) => moveCursor(line, -1)) },
  {
    keys: ['home'],
    title: 'beginning',
    still: true,
    run: ({ edit }) => edit((line) => moveCursor(line, Number.NEGATIVE_INFINITY)),
  },
  {
    keys: ['end', 'ctrl-e'],
    title: 'end',
    still: true,
    run: ({ edit }) => edit((line) => moveCursor(line, Number.POSITIVE_INFINITY)),
  },
  { keys: ['up', 'ctrl-p'], title: 'the one before', still: true, run: (context) => recall(context, 1) },
  { keys: ['down', 'ctrl-n'], title: 'the one after', still: true, run: (context) => recall(context, -1) },
];

function done({ state, history, question, onClose }: PromptContext): void {
  const text = state.text.trim();
  if (text !== '') history.update((before) => [text, ...before.filter((one) => one !== text)].slice(0, 100));
  onClose();
  question.onDone(text);
}

function cancel({ question, onClose }: PromptContext): void {
  onClose();
  question.onCancel?.(question.initial ?? '');
}

/** At the end of the line: what the ghost shows. Elsewhere: one to the right. */
function completed(line: EditedLine, choices: readonly string[]): EditedLine {
  const ghost = ghostOf(line.text, choices);
  if (line.cursor < line.text.length) return moveCursor(line, 1);
  return ghost === '' ? line : editedLine(line.text + ghost);
}

function recall({ store, history, edit }: PromptContext, by: 1 | -1): void {
  const recalled = Math.max(-1, Math.min(history.get().length - 1, store.get().recalled + by));
  store.update((state) => ({ ...state, recalled }));
  edit(() => editedLine(history.get()[recalled] ?? ''));
}

function useChoices(store: Store<PromptState>, question: Question): void {
  const { text } = useStore(store);
  useEffect(() => {
    if (question.complete === undefined) return;
    const abort = new AbortController();
    const set = (choices: readonly string[]) => {
      if (!abort.signal.aborted) store.update((state) => ({ ...state, choices }));
    };
    // Nothing to offer is an answer too: a completion that fails must not disturb typing.
    Promise.resolve(question.complete(text, abort.signal)).then(set, () => set([]));
    return () => abort.abort();
  }, [text, store, question]);
}

function ghostOf(text: string, choices: readonly string[]): string {
  const first = choices.find((choice) => choice.startsWith(text) && choice !== text);
  return first === undefined ? '' : first.slice(text.length);
}

function drawn(sign: string, { text, cursor, choices }: PromptState, columns: number): readonly Span[] {
  // The cursor stays in sight: of a line too long its beginning goes.
  const room = Math.max(1, columns - width(sign) - 2);
  let from = 0;
  while (width(text.slice(from, cursor)) > room) from += 1;
  const ghost = cursor === text.length ? ghostOf(text, choices) : '';
  const under = text.slice(cursor, cursor + 1) || ghost.slice(0, 1) || ' ';
  const others = choices.filter((choice) => choice !== text).slice(0, 12);
  return [
    { text: sign, tone: 'accent' },
    { text: text.slice(from, cursor) },
    { text: under, inverse: true },
    cursor < text.length ? { text: text.slice(cursor + 1) } : { text: ghost.slice(1), tone: 'dim' },
    { text: others.length > 1 ? `   ${others.map(lastWord).join('  ')}` : '', tone: 'dim' },
  ];
}

function lastWord(choice: string): string {
  return choice.slice(choice.trimEnd().lastIndexOf(' ') + 1).trim();
}
