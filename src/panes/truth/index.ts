import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { TruthScreen } from './TruthScreen.tsx';

/** Comes by `:truth` (see truth-words.ts), or by `=` on a pod or node. */
export const truth: Pane<PaneProps> = { id: 'truth', title: 'Truth check', words: [], Screen: TruthScreen };
