import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { LagScreen } from './LagScreen.tsx';

export const lag: Pane<PaneProps> = { id: 'lag', title: 'Lag of new pods', words: ['lag'], Screen: LagScreen };
