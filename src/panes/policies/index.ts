import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { PoliciesScreen } from './PoliciesScreen.tsx';

export const policies: Pane<PaneProps> = {
  id: 'policies',
  title: 'Policies',
  key: '4',
  words: ['policies', 'cnp', 'ccnp', 'netpol'],
  Screen: PoliciesScreen,
};
