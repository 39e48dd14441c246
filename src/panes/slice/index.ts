import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { SliceScreen } from './SliceScreen.tsx';

export const slice: Pane<PaneProps> = { id: 'slice', title: 'Endpoint slice', words: ['slice'], Screen: SliceScreen };
