import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { ReachScreen } from './ReachScreen.tsx';

export const reach: Pane<PaneProps> = { id: 'reach', title: 'Reach', words: ['reach'], Screen: ReachScreen };
