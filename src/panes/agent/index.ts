import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { AgentScreen } from './AgentScreen.tsx';

export const agent: Pane<PaneProps> = {
  id: 'agent',
  title: 'Agent',
  words: ['agent'],
  Screen: AgentScreen,
};
