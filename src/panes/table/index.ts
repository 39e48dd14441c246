import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { TableScreen } from './TableScreen.tsx';

export const table: Pane<PaneProps> = { id: 'table', title: 'Objects', words: ['get'], Screen: TableScreen };
