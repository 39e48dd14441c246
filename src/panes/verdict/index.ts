import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { VerdictScreen } from './VerdictScreen.tsx';

/** One is sent here, or comes by `:why FROM TO:PORT` (see why-words.ts). */
export const verdict: Pane<PaneProps> = { id: 'verdict', title: 'Why', words: [], Screen: VerdictScreen };
