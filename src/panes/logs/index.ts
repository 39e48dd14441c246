import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';

/** Its digit is taken so that the numbers never move; streamed queries come with the Azure part. */
export const logs: Pane<PaneProps> = {
  id: 'logs',
  title: 'Logs',
  key: '5',
  words: ['logs', 'kql'],
  absent: 'Log Analytics is not part of this version; l on a pod shows its log',
  Screen: () => null,
};
