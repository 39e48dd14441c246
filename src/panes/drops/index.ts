import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { DropsScreen } from './DropsScreen.tsx';

export const drops: Pane<PaneProps> = { id: 'drops', title: 'Live drops', words: ['drops'], Screen: DropsScreen };
