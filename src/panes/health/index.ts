import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { HealthScreen } from './HealthScreen.tsx';

export const health: Pane<PaneProps> = {
  id: 'health',
  title: 'Health between nodes',
  words: ['health'],
  Screen: HealthScreen,
};
