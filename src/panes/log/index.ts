import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { LogScreen } from './LogScreen.tsx';

export const log: Pane<PaneProps> = { id: 'log', title: 'Log', words: ['log'], Screen: LogScreen };
