import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { TreeScreen } from './TreeScreen.tsx';

/** Comes by `:tree` (see truth-words.ts), or by `u` on a pod. */
export const tree: Pane<PaneProps> = { id: 'tree', title: 'What a pod rests on', words: [], Screen: TreeScreen };
