import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { HubbleScreen } from './HubbleScreen.tsx';
import { LogScreen } from './LogScreen.tsx';
import { TogetherScreen } from './TogetherScreen.tsx';

/** One container's log, and those of all agents, operators or CNS pods merged: `:logs agents`. */
export const containerLogPanes: readonly Pane<PaneProps>[] = [
  { id: 'log', title: 'Log of a container', words: ['log'], Screen: LogScreen },
  { id: 'together', title: 'Logs merged by time', words: ['logs-of'], Screen: TogetherScreen },
  { id: 'hubble', title: 'Flows by hubble observe', words: ['hubble'], Screen: HubbleScreen },
];
