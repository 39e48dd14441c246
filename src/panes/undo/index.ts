import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { UndoScreen } from './UndoScreen.tsx';

export const undo: Pane<PaneProps> = { id: 'undo', title: 'Undo', words: ['undo'], Screen: UndoScreen };
