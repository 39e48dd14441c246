import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { RolloutScreen } from './RolloutScreen.tsx';

/** How far agents and operator are with their newest revision. Reads only. */
export const rollout: Pane<PaneProps> = { id: 'rollout', title: 'Rollout', words: ['rollout'], Screen: RolloutScreen };
