import { agentContainer, isSick } from '../../model/agents.ts';
import { programOfContainer } from '../../model/log-patterns/classify-line.ts';
import type { PodRow } from '../../model/objects/pod.ts';
import { operator } from '../../model/operator.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { readAgents } from '../read-agents.ts';
import type { logsTogether } from '../views.ts';
import type { LogSource } from './log-book.ts';

/** Whose logs can be read together. */
export type LogsOf = (typeof logsTogether)[number];

/** A container whose log can be read with others; `place` is what stays when its pod is replaced. */
export type Candidate = { place: string; source: LogSource; sick: boolean };

/** All there are, the sick and those that an error is found of first, then by node. `only` = part of a node's or a pod's name, or a pool's whole name. */
export function candidates(snapshot: Snapshot, of: LogsOf, only: string, now: number): readonly Candidate[] {
  const all =
    of === 'agents' ? ofAgents(snapshot, now) : of === 'operator' ? ofOperator(snapshot, now) : ofCns(snapshot);
  const nodes = snapshot.tables.nodes;
  const errors = snapshot.judgement.findings.filter(({ severity }) => severity === 'error');
  const named = new Set(errors.flatMap(({ objects }) => objects.map(({ kind, name }) => `${kind}/${name}`)));
  const isTroubled = ({ sick, source: { node, pod } }: Candidate) =>
    sick || named.has(`Node/${node}`) || named.has(`Pod/${pod}`);
  return all
    .filter(
      ({ source: { node, pod } }) =>
        only === '' || node.includes(only) || pod.includes(only) || nodes.named('', node)?.pool === only,
    )
    .sort(
      (a, b) => Number(isTroubled(b)) - Number(isTroubled(a)) || (a.place < b.place ? -1 : a.place > b.place ? 1 : 0),
    );
}

function ofAgents(snapshot: Snapshot, now: number): Candidate[] {
  return readAgents(snapshot, now).flatMap((agent) => {
    if (agent.pod === undefined) return [];
    const container = agent.failing?.container ?? agentContainer;
    return [candidate(agent.pod, agent.node, container, isSick(agent))];
  });
}

function ofOperator(snapshot: Snapshot, now: number): Candidate[] {
  const { workload, lease } = operator(snapshot, now);
  return (workload?.pods ?? []).flatMap((pod) => {
    const container = containerOf(pod, 'operator');
    // The one that leads is the one that works.
    const leads = pod.name === lease?.holderPod;
    return container === undefined ? [] : [candidate(pod, pod.name, container, leads || !pod.ready)];
  });
}

function ofCns(snapshot: Snapshot): Candidate[] {
  return snapshot.tables.pods.by('namespace', 'kube-system').flatMap((pod) => {
    const container = containerOf(pod, 'cns');
    return container === undefined ? [] : [candidate(pod, pod.node, container, !pod.ready)];
  });
}

function containerOf({ containers }: PodRow, program: 'operator' | 'cns'): string | undefined {
  return containers.find(({ name }) => programOfContainer(name) === program)?.name;
}

function candidate(pod: PodRow, place: string, container: string, sick: boolean): Candidate {
  return { place, sick, source: { namespace: pod.namespace, pod: pod.name, container, node: pod.node } };
}
