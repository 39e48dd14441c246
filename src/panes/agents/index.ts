import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { AgentsScreen } from './AgentsScreen.tsx';

export const agents: Pane<PaneProps> = {
  id: 'agents',
  title: 'Agents',
  key: '2',
  words: ['agents'],
  Screen: AgentsScreen,
};
