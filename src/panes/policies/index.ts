import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { CellScreen } from './CellScreen.tsx';
import { LintScreen } from './LintScreen.tsx';
import { MapScreen } from './MapScreen.tsx';
import { PoliciesScreen } from './PoliciesScreen.tsx';

/** The pane behind the digit, its other views, and what stands behind a cell of its map. */
export const policyPanes: readonly Pane<PaneProps>[] = [
  {
    id: 'policies',
    title: 'Policies',
    key: '4',
    words: ['policies', 'cnp', 'ccnp', 'netpol'],
    Screen: PoliciesScreen,
  },
  { id: 'policy-map', title: 'Policy map', words: ['map'], Screen: MapScreen },
  { id: 'policy-lint', title: 'Policy lint', words: ['lint'], Screen: LintScreen },
  { id: 'policy-cell', title: 'Pairs of two namespaces', words: [], Screen: CellScreen },
];
