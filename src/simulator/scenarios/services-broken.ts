import type { KubeObject } from '../cluster.ts';
import type { World } from '../world/world.ts';
import { edit } from './changes.ts';
import { minute, type Scenario } from './scenario.ts';

export const servicesBroken: Scenario = {
  id: 'services-broken',
  title: 'Three services lead nowhere: a label that no pod has, a port that no container has, pods that are not ready.',
  nodes: 12,
  pods: 320,
  churn: 0,
  history: () => [
    { ago: 35 * minute, happens: renameLabel },
    { ago: 25 * minute, happens: renamePort },
    { ago: 18 * minute, happens: failProbes },
  ],
};

const namespace = 'shop';

/** A chart was cleaned up, in its service alone. */
function renameLabel(world: World): void {
  edit<Service>(world, 'Service', namespace, 'api', 'helm', ({ spec }) => {
    spec.selector = { 'app.kubernetes.io/name': 'api', 'app.kubernetes.io/part-of': namespace };
  });
}

function renamePort(world: World): void {
  edit<Service>(world, 'Service', namespace, 'checkout', 'kubectl-edit', ({ spec }) => {
    spec.ports = spec.ports.map((port) => ({ ...port, targetPort: 'web' }));
  });
}

/** What these pods need does not answer them: they run, and say of themselves that they are not ready. */
function failProbes(world: World): void {
  const labels = { app: 'worker' };
  const probe = 'HTTP probe failed with statuscode: 503';
  world.change({ unready: [{ namespace, labels, container: 'worker', probe }] });
}

type Service = KubeObject & { spec: { selector: Record<string, string>; ports: { targetPort: number | string }[] } };
