import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { MentionsScreen } from './MentionsScreen.tsx';

export const mentions: Pane<PaneProps> = { id: 'mentions', title: 'Find', words: ['find'], Screen: MentionsScreen };
