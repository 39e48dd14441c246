import type { KubeObject } from '../cluster.ts';
import type { World } from '../world/world.ts';
import { deletePods, edit } from './changes.ts';
import { corednsFails } from './failures.ts';
import { minute, type Scenario, second } from './scenario.ts';

export const dnsDown: Scenario = {
  id: 'dns-down',
  title: 'CoreDNS crashes on a broken custom configuration.',
  nodes: 12,
  pods: 320,
  churn: 1,
  history: () => [
    { ago: 8 * minute + 40 * second, happens: customise },
    // A server that runs keeps its old configuration when the new one is broken: it comes to light with the next start.
    { ago: 8 * minute, happens: restart },
  ],
};

/** Somebody wants queries in the log, and mistypes the line below. */
function customise(world: World): void {
  edit<ConfigMap>(world, 'ConfigMap', 'kube-system', 'coredns-custom', 'kubectl-edit', (map) => {
    map.data = { ...map.data, 'log.override': 'log\nforwad contoso.local 10.0.0.4\n' };
  });
}

/** As the provider's guide says: `kubectl delete pod -n kube-system -l k8s-app=kube-dns`. */
function restart(world: World): void {
  world.change({ fails: [corednsFails()] });
  deletePods(world, ({ namespace, labels }) => namespace === 'kube-system' && labels['k8s-app'] === 'kube-dns');
}

type ConfigMap = KubeObject & { data?: Record<string, string> };
