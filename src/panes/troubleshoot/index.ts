import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';

/** Its digit is taken so that the numbers never move; runbooks come later. */
export const troubleshoot: Pane<PaneProps> = {
  id: 'troubleshoot',
  title: 'Troubleshoot',
  key: '6',
  words: ['troubleshoot', 'runbook'],
  absent: 'runbooks are not part of this version; v says why and what to do',
  Screen: () => null,
};
