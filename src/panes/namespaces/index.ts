import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { NamespacesScreen } from './NamespacesScreen.tsx';

export const namespaces: Pane<PaneProps> = {
  id: 'namespaces',
  title: 'Namespaces',
  words: ['ns', 'namespaces', 'namespace'],
  Screen: NamespacesScreen,
};
