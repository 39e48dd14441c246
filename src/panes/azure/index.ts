import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { AzureScreen } from './AzureScreen.tsx';

export const azure: Pane<PaneProps> = {
  id: 'azure',
  title: 'Azure',
  words: ['azure'],
  Screen: AzureScreen,
};
