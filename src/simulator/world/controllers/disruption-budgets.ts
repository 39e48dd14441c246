// How many pods of each PodDisruptionBudget are ready, and how many of them may go.
import type { KubeObject } from '../../cluster.ts';
import type { Core } from '../core.ts';
import type { Selector } from '../shapes.ts';
import { labelsMatch } from '../view.ts';

type Budget = KubeObject & {
  spec: { selector?: Selector; minAvailable?: number | string; maxUnavailable?: number | string };
  status?: object;
};

export function runDisruptionBudgets(core: Core): void {
  const selectors = new Map<string, Selector>();

  const write = (key: string) => {
    const [namespace = '', name = ''] = key.split('/');
    core.edit<Budget>('PodDisruptionBudget', namespace, name, 'kube-controller-manager', 'status', (budget) => {
      const status = statusOf(core, budget);
      if (JSON.stringify(budget.status) === JSON.stringify(status)) return false;
      budget.status = status;
      return undefined;
    });
  };
  const count = core.queue(500, write);

  core.listen((event, pod) => {
    if (event.resource.kind === 'PodDisruptionBudget') {
      const { key, object, previous } = event;
      if (event.type === 'DELETED') selectors.delete(key);
      else selectors.set(key, (object as Budget).spec.selector ?? {});
      if (event.type !== 'DELETED' && previous?.metadata.generation !== object.metadata.generation) count(key);
    }
    if (pod === undefined || selectors.size === 0) return;
    for (const [budget, selector] of selectors) {
      if (budget.startsWith(`${pod.namespace}/`) && labelsMatch(selector.matchLabels ?? {}, pod.set.labels))
        count(budget);
    }
  });

  for (const budget of core.list<Budget>('PodDisruptionBudget')) {
    const key = `${budget.metadata.namespace}/${budget.metadata.name}`;
    selectors.set(key, budget.spec.selector ?? {});
    write(key);
  }
}

function statusOf(core: Core, budget: Budget): object {
  const { minAvailable, maxUnavailable, selector } = budget.spec;
  const pods = [...core.view.labelSets(budget.metadata.namespace ?? '')]
    .filter((set) => labelsMatch(selector?.matchLabels ?? {}, set.labels))
    .flatMap((set) => [...set.pods]);
  const expectedPods = pods.length;
  const currentHealthy = pods.filter((pod) => pod.ready && !pod.deleting).length;
  const desiredHealthy =
    maxUnavailable === undefined
      ? share(minAvailable ?? 1, expectedPods)
      : Math.max(0, expectedPods - share(maxUnavailable, expectedPods));
  const disruptionsAllowed = Math.max(0, currentHealthy - desiredHealthy);
  return {
    currentHealthy,
    desiredHealthy,
    disruptionsAllowed,
    expectedPods,
    observedGeneration: budget.metadata.generation ?? 1,
  };
}

/** A number, or a share in percent, rounded up. */
function share(value: number | string, of: number): number {
  return typeof value === 'number' ? value : Math.ceil((Number.parseInt(value, 10) * of) / 100);
}
