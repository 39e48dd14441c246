import type { DeclaredPort, PodFacts } from './facts.ts';
import type { EndpointClass } from './identities.ts';
import type { PolicyIndex } from './policy-index.ts';

/** Pods of one workload that no policy tells apart, and that declare the same ports. */
export type Group = {
  namespace: string;
  kind: string;
  name: string;
  class: EndpointClass;
  /** Never empty: the first stands for all of them. */
  pods: readonly [PodFacts, ...PodFacts[]];
  declared: readonly DeclaredPort[];
};

/**
 * The pods that policies hold for. Pods of a node's network are the node's, and those that have ended are nobody's.
 * `perNode` keeps pods of different nodes apart, for questions about nodes.
 */
export function groupPods({ facts, identities }: PolicyIndex, perNode = false): readonly Group[] {
  // A policy that knows pods by their addresses may tell any two apart.
  const perPod = facts.modes.cidrMatchesPods || facts.modes.dialect === 'generic';
  const groups = new Map<string, Group & { pods: [PodFacts, ...PodFacts[]] }>();
  for (const pod of facts.pods) {
    const found = identities.classOf(pod);
    if (!found || pod.ended) continue;
    const { kind, name } = pod.workload;
    const ports = pod.declared.map(({ port, protocol }) => `${port}/${protocol}`).sort();
    const apart = perPod ? pod.name : perNode ? pod.node : '';
    const key = [found.id, kind, name, ports.join(','), apart].join('|');
    const group = groups.get(key);
    if (group) group.pods.push(pod);
    else groups.set(key, { namespace: pod.namespace, kind, name, class: found, pods: [pod], declared: pod.declared });
  }
  return [...groups.values()];
}

/** Whether both are one and the same single pod: what it sends to itself no policy sees. */
export function isOnePod(from: Group, to: Group): boolean {
  return from.pods.length === 1 && to.pods.length === 1 && from.pods[0] === to.pods[0];
}
