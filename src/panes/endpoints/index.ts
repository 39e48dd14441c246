import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { ChurnScreen } from './ChurnScreen.tsx';
import { CiliumEndpointsScreen } from './CiliumEndpointsScreen.tsx';
import { KubernetesSlicesScreen } from './KubernetesSlicesScreen.tsx';
import { SlicesScreen } from './SlicesScreen.tsx';

/** The pane behind the digit, and its three other views, which have words of their own. */
export const endpointPanes: readonly Pane<PaneProps>[] = [
  { id: 'endpoints', title: 'Endpoints', key: '3', words: ['endpoints', 'churn'], Screen: ChurnScreen },
  { id: 'slices', title: 'Endpoint slices', words: ['ces', 'slices', 'ciliumendpointslices'], Screen: SlicesScreen },
  {
    id: 'ciliumendpoints',
    title: 'Cilium endpoints',
    words: ['cep', 'ciliumendpoints'],
    Screen: CiliumEndpointsScreen,
  },
  {
    id: 'endpointslices',
    title: 'Kubernetes endpoint slices',
    words: ['eps', 'endpointslices'],
    Screen: KubernetesSlicesScreen,
  },
];
