import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { AzureScreen } from './AzureScreen.tsx';

/** `:login` opens it and asks for a code at once. */
export const azure: Pane<PaneProps> = {
  id: 'azure',
  title: 'Azure',
  words: ['azure'],
  Screen: AzureScreen,
};
