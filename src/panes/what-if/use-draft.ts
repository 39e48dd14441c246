import { useEffect, useRef } from 'react';
import { useDevice } from '../../ui/device.ts';
import type { Frame } from '../../ui/pane.ts';
import { createStore, type Store, useStore } from '../../ui/store.ts';
import type { PaneProps } from '../pane-props.ts';
import { beginDraft } from './draft-source.ts';
import { type DraftState, nothingYet, withFailure, withText } from './draft-state.ts';
import { fromEdited, linesAbove, toEdit } from './edited-text.ts';
import { readWay, wayTitle } from './way.ts';

export type HeldDraft = {
  state: DraftState;
  store: Store<DraftState>;
  /** Into the editor with it, and on from what was saved. */
  edit(): void;
  /** From the beginning: the file, or what the cluster has, is read anew. What was edited is given up. */
  begin(): void;
};

/** The draft of this view. What is to be edited is opened in the editor at once; the rest can be read before. */
export function useDraft({ asks }: PaneProps, frame: Frame): HeldDraft {
  const device = useDevice();
  const store = frame.keep('draft', () => createStore(nothingYet));
  const state = useStore(store);
  const latest = useRef(frame);
  latest.current = frame;
  const key = frame.args.join('\0');
  const namespace = frame.scope === '' ? 'default' : frame.scope;

  const edit = async () => {
    const before = store.get();
    const way = readWay(latest.current.args);
    const about =
      way.type === 'file'
        ? 'A draft; the file itself stays as it is.'
        : 'Save and leave: you see what it would do, nothing is changed yet.';
    store.update((now) => ({ ...now, phase: 'editing' }));
    const { text, problem } = await device.edit(
      toEdit(before.text, about, before.unread),
      way.type === 'edit' ? `${wayTitle(way)}.yaml` : 'policy.yaml',
    );
    const begun = before.revision > 0;
    const saved = text === undefined ? '' : fromEdited(text);
    if (saved.trim() === '' || saved === before.text) {
      store.update(() => ({ ...before, phase: begun ? 'here' : 'reading' }));
      if (!begun) latest.current.back();
      latest.current.flash(
        problem || (begun ? 'unchanged: the draft is as it was' : 'unchanged: there is nothing to try'),
        problem === '' ? 'plain' : 'warning',
      );
      return;
    }
    store.update(() => ({ ...withText(before, saved, namespace, linesAbove), edited: true }));
    if (problem !== '') latest.current.flash(`${problem}; what it had saved is the draft`, 'warning');
  };

  const begin = async (signal: AbortSignal) => {
    const way = readWay(key.split('\0'));
    try {
      const draft = await beginDraft(way, namespace, asks, signal);
      if (signal.aborted) return;
      // A draft that is read anew is another one, also where its text is the same.
      store.update((now) => ({ ...draft, revision: draft.revision === 0 ? 0 : now.revision + 1 }));
      if (way.type === 'edit') await edit();
    } catch (error) {
      if (!signal.aborted) store.update((now) => withFailure(now, error));
    }
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: a draft is begun once for a view, whatever is drawn meanwhile
  useEffect(() => {
    const stop = new AbortController();
    if (store.get().phase === 'reading') void begin(stop.signal);
    return () => stop.abort();
  }, [key, store]);
  return { state, store, edit: () => void edit(), begin: () => void begin(new AbortController().signal) };
}
