import { useMemo } from 'react';
import type { KqlAsks, KqlTokenKind } from '../../model/azure/azure-asks.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import { useBindings } from '../../ui/keys/use-bindings.ts';
import { createStore, type Store, useStore } from '../../ui/store.ts';
import * as edit from '../../ui/text-editor.ts';
import { type Tone, useTheme } from '../../ui/theme.ts';
import { Editor, editorColumns, type Offered } from '../../ui/widgets/Editor.tsx';
import { useAnalysis, useCompletions } from './use-kql.ts';

export type QueryEditorProps = Readonly<{
  kql: KqlAsks;
  store: Store<edit.EditedText>;
  active: boolean;
  width: number;
  height: number;
  run(): void;
  /** To the rows. */
  leave(): void;
  /** The person's own editor. */
  outside(): void;
  /** True when something was cancelled. */
  cancel(): boolean;
}>;

/** A query being written: in colours, with what is wrong and what could stand at the cursor. */
export function QueryEditor({ kql, store, active, width, height, ...does }: QueryEditorProps) {
  const state = useStore(store);
  // What was closed with esc stays closed until something else is typed; what tab asked for is asked at once.
  const popup = useMemo(() => createStore<Popup>({ chosen: 0, closed: '', tabs: 0 }), []);
  const { chosen, closed, tabs } = useStore(popup);
  const { glyphs } = useTheme();
  const { analysis, problem, starting } = useAnalysis(kql, state.text, active);
  const found = useCompletions(kql, state, tabs, active);
  const place = placeOf(state);
  const offered: Offered | undefined =
    found === undefined || closed === place
      ? undefined
      : { choices: found.items, chosen: Math.min(chosen, found.items.length - 1), start: found.start };
  const columns = editorColumns(width);
  const context = (): Context => ({
    ...does,
    columns,
    text: store.get(),
    change: (by) => {
      popup.update((before) => (before.chosen === 0 ? before : { ...before, chosen: 0 }));
      store.update(by);
    },
    popup,
    take: () => {
      const item = offered && found?.items[offered.chosen];
      if (found === undefined || item === undefined || placeOf(store.get()) !== place) return false;
      popup.update((before) => ({ ...before, chosen: 0 }));
      store.update((now) =>
        edit.replaceRange(now, found.start, found.length, item.before + item.after, false, item.after.length),
      );
      // The word is whole: only another tab offers more.
      popup.update((before) => ({ ...before, closed: placeOf(store.get()) }));
      return true;
    },
    offered: placeOf(store.get()) === place ? offered : undefined,
  });
  useBindings(editorKeys, context, {
    title: 'Editor',
    active,
    takesLines: true,
    typed: (text) => context().change((now) => edit.insertText(now, text)),
  });
  return (
    <Editor
      state={state}
      painted={analysis.tokens.flatMap(({ kind, start, length }) => {
        const tone = tones[kind];
        return tone === undefined ? [] : [{ start, length, tone }];
      })}
      problems={problem === '' ? analysis.problems : []}
      note={starting ? `${glyphs.progress} colours, checks and completion are being made ready` : problem}
      offered={offered}
      active={active}
      width={width}
      height={height}
    />
  );
}

type Popup = Readonly<{ chosen: number; closed: string; tabs: number }>;
type Context = Pick<QueryEditorProps, 'run' | 'leave' | 'outside' | 'cancel'> &
  Readonly<{
    columns: number;
    text: edit.EditedText;
    change(by: (text: edit.EditedText) => edit.EditedText): void;
    popup: Store<Popup>;
    /** Puts what is offered in its place; false when nothing is. */
    take(): boolean;
    offered: Offered | undefined;
  }>;

/** Of the sixteen colours those that most people set to be readable; the words themselves say what they are. */
const tones: Partial<Record<KqlTokenKind, Tone>> = {
  comment: 'dim',
  table: 'strong',
  keyword: 'accent',
  operator: 'accent',
  function: 'unknown',
  string: 'ok',
  number: 'ok',
  type: 'unknown',
  parameter: 'unknown',
};

function placeOf({ text, cursor }: edit.EditedText): string {
  return `${cursor} ${text}`;
}

const moveBy = (keys: readonly string[], title: string, move: edit.TextMove): Binding<Context> => ({
  keys,
  title,
  still: true,
  run: ({ change, columns }) => change((text) => edit.moveIn(text, move, columns)),
});
const changeBy = (keys: readonly string[], title: string, by: (text: edit.EditedText) => edit.EditedText) =>
  ({ keys, title, still: true, run: ({ change }) => change(by) }) satisfies Binding<Context>;

/** Up and down choose while something is offered, and move where nothing is. */
const upOrDown = (keys: readonly string[], move: 'up' | 'down'): Binding<Context> => ({
  keys,
  title: move,
  run({ change, columns, popup, offered }) {
    if (offered === undefined) return change((text) => edit.moveIn(text, move, columns));
    const { length } = offered.choices;
    popup.update((before) => ({ ...before, chosen: (offered.chosen + (move === 'up' ? length - 1 : 1)) % length }));
  },
});

const editorKeys: readonly Binding<Context>[] = [
  {
    keys: ['ctrl-r'],
    title: 'run',
    rank: 1,
    unless: ({ text }) => (text.text.trim() === '' ? 'there is no query yet' : undefined),
    run: ({ run }) => run(),
  },
  {
    keys: ['enter'],
    title: 'new line; on an empty last line run',
    run({ text, change, run }) {
      const isDone = text.cursor === text.text.length && /\S\s*\n[ ]*$/.test(text.text);
      if (isDone) run();
      else change(edit.breakLine);
    },
  },
  {
    keys: ['tab'],
    title: 'complete',
    rank: 2,
    run: ({ take, popup }) => {
      if (!take()) popup.update((before) => ({ ...before, closed: '', tabs: before.tabs + 1 }));
    },
  },
  {
    keys: ['esc'],
    title: 'to the rows',
    rank: 4,
    run({ offered, popup, text, leave }) {
      if (offered === undefined) leave();
      else popup.update((before) => ({ ...before, closed: placeOf(text) }));
    },
  },
  { keys: ['ctrl-x'], title: 'own editor', rank: 3, run: ({ outside }) => outside() },
  {
    keys: ['ctrl-c'],
    title: 'cancel the query, or to the rows',
    run: ({ cancel, leave }) => {
      if (!cancel()) leave();
    },
  },
  upOrDown(['up', 'ctrl-p'], 'up'),
  upOrDown(['down', 'ctrl-n'], 'down'),
  moveBy(['left'], 'left', 'left'),
  moveBy(['right'], 'right', 'right'),
  moveBy(['ctrl-left'], 'word to the left', 'word-left'),
  moveBy(['ctrl-right'], 'word to the right', 'word-right'),
  moveBy(['home'], 'beginning of the line', 'line-start'),
  moveBy(['end', 'ctrl-e'], 'end of the line', 'line-end'),
  moveBy(['pgup', 'ctrl-home'], 'beginning', 'start'),
  moveBy(['pgdn', 'ctrl-end'], 'end', 'end'),
  changeBy(['backspace'], 'delete', edit.eraseBefore),
  changeBy(['delete', 'ctrl-d'], 'delete what follows', edit.eraseAfter),
  changeBy(['ctrl-w'], 'delete the word', edit.eraseWordBefore),
  changeBy(['ctrl-u'], 'delete to the beginning of the line', edit.eraseToLineStart),
  { ...changeBy(['ctrl-z', 'ctrl-_'], 'undo', edit.undo), rank: 5 },
  changeBy(['ctrl-y'], 'redo', edit.redo),
  // The list of queries is a place, and digits are letters here.
  { keys: ['shift-tab'], title: 'to the rows', run: ({ leave }) => leave() },
];
