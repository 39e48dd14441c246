import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { WhyScreen } from './WhyScreen.tsx';

export const why: Pane<PaneProps> = {
  id: 'why',
  title: 'Why',
  words: ['why', 'verdict', 'checks'],
  Screen: WhyScreen,
};
