import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { AlertsScreen } from './AlertsScreen.tsx';

export const alerts: Pane<PaneProps> = { id: 'alerts', title: 'Alerts', words: ['alerts'], Screen: AlertsScreen };
