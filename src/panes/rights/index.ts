import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { RightsScreen } from './RightsScreen.tsx';

export const rights: Pane<PaneProps> = {
  id: 'rights',
  title: 'Rights',
  words: ['rights', 'rbac'],
  Screen: RightsScreen,
};
