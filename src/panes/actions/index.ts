import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { ActionsScreen } from './ActionsScreen.tsx';

/** What can be done to one object; without one, to Cilium as a whole. */
export const actions: Pane<PaneProps> = { id: 'actions', title: 'Actions', words: ['actions'], Screen: ActionsScreen };
