import { count, list, record, text } from '../model/objects/raw.ts';
import type { LeavingPod } from './drain-pods.ts';
import { counted, someOf } from './names.ts';

/** What a PodDisruptionBudget says of how many of its pods may be away. */
export type DisruptionBudget = {
  namespace: string;
  name: string;
  selector: unknown;
  allowed: number;
  healthy: number;
  desired: number;
};

export function readBudget(raw: unknown): DisruptionBudget {
  const { metadata, spec, status } = record(raw);
  const { disruptionsAllowed, currentHealthy, desiredHealthy } = record(status);
  return {
    namespace: text(record(metadata).namespace),
    name: text(record(metadata).name),
    selector: record(spec).selector,
    allowed: count(disruptionsAllowed),
    healthy: count(currentHealthy),
    desired: count(desiredHealthy),
  };
}

/** Which budgets will make the drain wait, or keep it from ending, a sentence each. */
export function budgetWords(pods: readonly LeavingPod[], budgets: readonly DisruptionBudget[]): readonly string[] {
  const about = pods.map((pod) => ({ pod, budgets: budgets.filter((one) => isAbout(one, pod)) }));
  const torn = about.filter((one) => one.budgets.length > 1);
  const waiting = budgets.flatMap((budget) => {
    const of = about.filter((one) => one.budgets.includes(budget)).map(({ pod }) => podName(pod));
    if (of.length <= budget.allowed) return [];
    const { namespace, name, allowed, healthy, desired } = budget;
    const now = allowed === 0 ? 'none' : `${allowed}`;
    return [
      `The disruption budget ${namespace}/${name} lets ${now} of its pods go now (it needs ${desired} healthy and has ${healthy}); ${of.length - allowed} of its ${counted(of.length, 'pod')} here ${of.length - allowed === 1 ? 'waits' : 'wait'}: ${someOf(of)}.`,
    ];
  });
  return [
    ...waiting,
    ...(torn.length === 0
      ? []
      : [
          `More than one disruption budget is about ${someOf(torn.map(({ pod }) => podName(pod)))}: the server evicts no such pod.`,
        ]),
  ];
}

export function podName({ namespace, name }: Pick<LeavingPod, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

/** In policy/v1 an empty selector means every pod of the namespace, and none at all means none. */
function isAbout({ namespace, selector }: DisruptionBudget, pod: LeavingPod): boolean {
  if (namespace !== pod.namespace || selector === undefined || selector === null) return false;
  const { matchLabels, matchExpressions } = record(selector);
  return (
    Object.entries(record(matchLabels)).every(([key, value]) => pod.labels[key] === value) &&
    list(matchExpressions)
      .map(record)
      .every((one) => holds(one, pod.labels))
  );
}

function holds({ key, operator, values }: Record<string, unknown>, labels: LeavingPod['labels']): boolean {
  const value = labels[String(key)];
  switch (operator) {
    case 'In':
      return list(values).includes(value);
    case 'NotIn':
      return !list(values).includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}
