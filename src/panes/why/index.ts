import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { WhyScreen } from './WhyScreen.tsx';

/** One finding; `:why` and `:verdict` lead here by its check's id (see why-words.ts). */
export const why: Pane<PaneProps> = { id: 'why', title: 'Why', words: [], Screen: WhyScreen };
