import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { WhyScreen } from './WhyScreen.tsx';

/** `:why` and `:verdict` lead here as long as they name no two ends (see why-words.ts). */
export const why: Pane<PaneProps> = { id: 'why', title: 'Why', words: ['checks'], Screen: WhyScreen };
