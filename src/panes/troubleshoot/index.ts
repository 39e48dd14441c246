import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { TroubleshootScreen } from './TroubleshootScreen.tsx';

export const troubleshoot: Pane<PaneProps> = {
  id: 'troubleshoot',
  title: 'Troubleshoot',
  key: '6',
  words: ['troubleshoot', 'findings', 'checks'],
  Screen: TroubleshootScreen,
};
