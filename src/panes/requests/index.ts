import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { RequestsScreen } from './RequestsScreen.tsx';

export const requests: Pane<PaneProps> = {
  id: 'requests',
  title: 'Requests',
  key: '!',
  words: ['requests'],
  Screen: RequestsScreen,
};
