import { logPatterns as patterns } from '../../model/log-patterns/index.ts';
import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { LogPatternsScreen } from './LogPatternsScreen.tsx';

export const logPatterns: Pane<PaneProps> = {
  id: 'log-patterns',
  title: 'Log patterns, how often',
  words: ['log-patterns'],
  complete: (typed) => (typed.length === 1 ? patterns.map(({ id }) => id) : []),
  Screen: LogPatternsScreen,
};
