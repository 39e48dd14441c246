import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { ContextsScreen } from './ContextsScreen.tsx';

export const contexts: Pane<PaneProps> = {
  id: 'contexts',
  title: 'Contexts',
  words: ['ctx', 'contexts', 'context'],
  Screen: ContextsScreen,
};
