import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { PolicyScreen } from './PolicyScreen.tsx';

export const policy: Pane<PaneProps> = { id: 'policy', title: 'Policy', words: [], Screen: PolicyScreen };
