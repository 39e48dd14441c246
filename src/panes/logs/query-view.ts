import type { AzureAsks } from '../../model/azure/azure-asks.ts';
import { createLongListState, type LongListState } from '../../ui/long-list.ts';
import type { Frame } from '../../ui/pane.ts';
import { createStore, type Store } from '../../ui/store.ts';
import { type EditedText, editedText } from '../../ui/text-editor.ts';
import { type Asked, askedOf } from './asked-of.ts';
import { createQueryRun, type QueryRun } from './query-run.ts';

/** How the rows are looked at. */
export type Look = Readonly<{
  hidden: ReadonlySet<string>;
  /** Columns that are seldom read are shown as well. */
  all: boolean;
  /** Which of the shown columns keys are about; −1 = none. */
  column: number;
  /** As a picture, where the rows make one; undefined = as the query says. */
  chart: boolean | undefined;
}>;

/** What a view of a query keeps: the question, its answer, and how one looks at it. */
export type QueryView = Readonly<{
  asked: Store<Asked>;
  editor: Store<EditedText>;
  focus: Store<'rows' | 'editor' | 'row'>;
  run: QueryRun;
  list: Store<LongListState>;
  look: Store<Look>;
  toggled: Store<ReadonlySet<string>>;
  /** Whether it was asked by itself already: only once, when it is opened. */
  begun: { value: boolean };
  /** What the editor was given: as long as it holds that, it follows the question. */
  worded: { value: string };
}>;

/** `epoch`: of the cluster that is watched. The rows of one are never shown as another's. */
export function keptView(frame: Frame, azure: AzureAsks, epoch: number): QueryView {
  return frame.keep(`query ${epoch}`, () => {
    const asked = askedOf(frame.args, frame.scope);
    return {
      asked: createStore(asked),
      editor: createStore(editedText(asked.text ?? '')),
      // Nothing to ask yet: one came to write.
      focus: createStore<'rows' | 'editor' | 'row'>(
        asked.saved === undefined && (asked.text ?? '').trim() === '' ? 'editor' : 'rows',
      ),
      run: createQueryRun(azure),
      list: createStore(createLongListState()),
      look: createStore<Look>({ hidden: new Set(), all: false, column: -1, chart: undefined }),
      toggled: createStore<ReadonlySet<string>>(new Set()),
      begun: { value: false },
      worded: { value: '' },
    };
  });
}
