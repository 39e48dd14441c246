import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { ClusterScreen } from './ClusterScreen.tsx';

export const cluster: Pane<PaneProps> = {
  id: 'cluster',
  title: 'Cluster',
  key: '1',
  words: ['cluster', 'links', 'pools'],
  Screen: ClusterScreen,
};
