import { minute, type Scenario } from './scenario.ts';

export const cniNeverInstalled: Scenario = {
  id: 'cni-never-installed',
  title: 'A cluster made without a network, in which Cilium was not installed yet: no node is ready.',
  nodes: 5,
  pods: 70,
  churn: 0,
  mode: 'byo',
  history: () => [
    {
      ago: 40 * minute,
      happens(world) {
        const { store } = world;
        store.remove('DaemonSet', 'kube-system', 'cilium');
        store.remove('Deployment', 'kube-system', 'cilium-operator');
        store.remove('ConfigMap', 'kube-system', 'cilium-config');
        world.change({ withoutCni: [{}] });
      },
    },
  ],
};
