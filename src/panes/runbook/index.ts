import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { RunbookScreen } from './RunbookScreen.tsx';

/** Comes by `:runbook` (see runbook-words.ts), from a finding, or by a key on an object. */
export const runbook: Pane<PaneProps> = { id: 'runbook', title: 'Runbook', words: [], Screen: RunbookScreen };
