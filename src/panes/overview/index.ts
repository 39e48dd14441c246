import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { OverviewScreen } from './OverviewScreen.tsx';

export const overview: Pane<PaneProps> = {
  id: 'overview',
  title: 'Overview',
  key: '0',
  words: ['overview', 'home'],
  Screen: OverviewScreen,
};
