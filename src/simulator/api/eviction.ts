import { ApiError } from '../api-error.ts';
import type { KubeObject } from '../cluster.ts';
import { at, listAt, numberAt, tellSelector, textAt } from '../resources/cells.ts';
import { remove } from './delete.ts';
import { answerJson, type Exchange, methodNotAllowed, readBody } from './exchange.ts';
import { labelMatch } from './selectors.ts';
import type { View } from './view.ts';

/** Deletes a pod where its disruption budgets allow it. Throws ApiError (429) where one does not. */
export async function answerEviction(exchange: Exchange, view: View, pod: KubeObject): Promise<void> {
  if (exchange.request.verb !== 'create') throw methodNotAllowed();
  const text = await readBody(exchange);
  const eviction = (text === '' ? {} : JSON.parse(text)) as { deleteOptions?: object };
  const phase = textAt(pod, 'status', 'phase');
  // A pod that does not run disrupts nobody.
  if (
    phase !== 'Succeeded' &&
    phase !== 'Failed' &&
    phase !== 'Pending' &&
    pod.metadata.deletionTimestamp === undefined
  ) {
    const budgets = budgetsOf(exchange, pod);
    if (budgets.length > 1) {
      const many = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
      throw new ApiError(500, 'InternalError', many);
    }
    for (const budget of budgets) spend(exchange, budget, pod);
  }
  remove(exchange, view, pod, eviction.deleteOptions ?? {});
  await answerJson(exchange, 201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });
}

function budgetsOf(exchange: Exchange, pod: KubeObject): KubeObject[] {
  return exchange.cluster.store.list('PodDisruptionBudget', pod.metadata.namespace).filter((budget) => {
    const told = tellSelector(at(budget, 'spec', 'selector'));
    return told !== '<none>' && (labelMatch(told)?.match(pod) ?? true);
  });
}

function spend(exchange: Exchange, budget: KubeObject, pod: KubeObject): void {
  const { name } = budget.metadata;
  if (numberAt(budget, 'status', 'observedGeneration') < (budget.metadata.generation ?? 0)) {
    throw refuse(`The disruption budget ${name} is still being processed by the server.`, 10);
  }
  const healthy = numberAt(budget, 'status', 'currentHealthy');
  const desired = numberAt(budget, 'status', 'desiredHealthy');
  const policy = textAt(budget, 'spec', 'unhealthyPodEvictionPolicy');
  // An unready pod may go while the others are enough, or always where the budget says so.
  if (!isReady(pod) && (policy === 'AlwaysAllow' || (healthy >= desired && desired > 0))) return;
  const left = numberAt(budget, 'status', 'disruptionsAllowed');
  if (left <= 0)
    throw refuse(`The disruption budget ${name} needs ${desired} healthy pods and has ${healthy} currently`);
  if (exchange.request.query.getAll('dryRun').includes('All')) return;
  const status = { ...(budget['status'] as object), disruptionsAllowed: left - 1 };
  exchange.cluster.store.update({ ...budget, status }, 'kube-apiserver', 'status');
}

function isReady(pod: KubeObject): boolean {
  return listAt(pod, 'status', 'conditions').some((one) => one['type'] === 'Ready' && one['status'] === 'True');
}

function refuse(why: string, retryAfterSeconds?: number): ApiError {
  const message = "Cannot evict pod as it would violate the pod's disruption budget.";
  return new ApiError(429, 'TooManyRequests', message, {
    causes: [{ reason: 'DisruptionBudget', message: why }],
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}
