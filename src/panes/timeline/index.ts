import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { TimelineScreen } from './TimelineScreen.tsx';

export const timeline: Pane<PaneProps> = {
  id: 'timeline',
  title: 'Timeline',
  key: '7',
  words: ['timeline', 'changes', 'at'],
  Screen: TimelineScreen,
};
