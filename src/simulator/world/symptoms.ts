// From causes to single containers: what is wrong with this one, here and now.
import type { Causes, ContainerFailure, Unready, Where } from './causes.ts';
import type { NodeRecord, PodRecord, View } from './view.ts';
import { keyOf, labelsMatch } from './view.ts';

export type Symptoms = {
  failureOf(pod: PodRecord, container: string): ContainerFailure | undefined;
  unreadyOf(pod: PodRecord, container: string): Unready | undefined;
  /** Whether any container fails anywhere. */
  any(): boolean;
  /** Pods named by the causes in force or by those that were in force before. */
  touched(): Set<string>;
  touches(where: Where | undefined, node: string): boolean;
  /** Nodes a cause is about. */
  nodesOf(where: Where | undefined): NodeRecord[];
};

export function createSymptoms(view: View, causes: () => Causes): Symptoms {
  let before = causes();
  const covers = (where: Where | undefined, node: string) => {
    if (where === undefined) return true;
    if (where.first !== undefined) return nodesOf(where).some((one) => one.name === node);
    const record = view.nodes.get(node);
    return record !== undefined && matches(where, record);
  };
  const nodesOf = (where: Where = {}) => {
    const found = [...view.nodes.values()].filter((node) => matches(where, node));
    if (where.first === undefined) return found;
    const sorted = found.sort((a, b) => (a.name < b.name ? -1 : 1));
    const skip = sorted.length === 0 ? 0 : (where.skip ?? 0) % sorted.length;
    return [...sorted.slice(skip), ...sorted.slice(0, skip)].slice(0, where.first);
  };
  const find = <T extends ContainerFailure | Unready>(
    list: readonly T[],
    pod: PodRecord,
    container: string,
  ): T | undefined =>
    list.find(
      (one) =>
        one.container === container &&
        one.namespace === pod.namespace &&
        labelsMatch({ ...one.labels }, pod.set.labels) &&
        covers(one.where, pod.node),
    );
  return {
    nodesOf,
    touches: covers,
    any: () => causes().fails.length > 0 || causes().unready.length > 0,
    failureOf: (pod, container) => find(causes().fails, pod, container),
    unreadyOf: (pod, container) => find(causes().unready, pod, container),
    touched() {
      const now = causes();
      const keys = new Set<string>();
      for (const one of [...before.fails, ...before.unready, ...now.fails, ...now.unready]) {
        for (const set of view.labelSets(one.namespace)) {
          if (!labelsMatch({ ...one.labels }, set.labels)) continue;
          for (const pod of set.pods) if (covers(one.where, pod.node)) keys.add(keyOf(pod));
        }
      }
      before = now;
      return keys;
    },
  };
}

function matches(where: Where, node: NodeRecord): boolean {
  if (where.pool !== undefined && where.pool !== node.pool) return false;
  if (where.nodeImage !== undefined && where.nodeImage !== node.nodeImage) return false;
  return where.nodes === undefined || where.nodes.includes(node.name);
}
