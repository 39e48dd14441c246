import { type AskedPort, portsToAsk } from './asked-ports.ts';
import type { DirectionVerdict, Verdict } from './direction-verdict.ts';
import type { Peer } from './ends.ts';
import { type Group, groupPods, isOnePod } from './groups.ts';
import type { Engine } from './verdict.ts';

/** Pods of a workload, or an entity (`pods` 0), and what becomes of a connection with them. */
export type Reach = {
  kind: string;
  namespace: string;
  name: string;
  pods: number;
  port: AskedPort;
  verdict: Verdict;
  /** Of the first of them; they have this verdict by the same rules. */
  egress: DirectionVerdict;
  ingress: DirectionVerdict;
};

/** What is asked about: pods of the cluster, or one end of another sort, which only a given port can be asked of. */
export type Subject = { groups: readonly Group[] } | { peer: Peer };

/** The pods that `ns/name` names: a pod, else the pods of a workload. None where there is neither. */
export function findGroups({ index }: Engine, name: string): readonly Group[] {
  const groups = groupPods(index);
  const one = groups.flatMap((group) =>
    group.pods
      .filter((pod) => `${pod.namespace}/${pod.name}` === name)
      .map((pod): Group => ({ ...group, pods: [pod] })),
  );
  return one.length > 0 ? one : groups.filter((group) => `${group.namespace}/${group.name}` === name);
}

/** Who may open a connection to it. Ports are those given, else the subject's own. */
export function whoCanReach(engine: Engine, subject: Subject, given: readonly AskedPort[]): readonly Reach[] {
  const asked = portsToAsk(engine.index.facts.policies);
  return collect(targetsOf(subject), sources(engine, subject), (target) =>
    given.length > 0 ? given : asked(target.group?.declared ?? []),
  )(engine, (target, other) => ({ from: other.peer, to: target.peer }));
}

/** Whom it may open a connection to. Ports are those given, else each one's own; of entities, only those given. */
export function reachFrom(engine: Engine, subject: Subject, given: readonly AskedPort[]): readonly Reach[] {
  const asked = portsToAsk(engine.index.facts.policies);
  return collect(targetsOf(subject), sources(engine, subject), (_subject, other) =>
    given.length > 0 ? given : other.group ? asked(other.group.declared) : [WEB],
  )(engine, (source, other) => ({ from: source.peer, to: other.peer }));
}

/** What most connections out of a cluster are, where no port is given for ends that declare none. */
const WEB: AskedPort = { port: 443, protocol: 'TCP', other: false };
const ENTITIES = ['host', 'remote-node', 'kube-apiserver', 'world'] as const;

type Side = { peer: Peer; group: Group | undefined; kind: string; namespace: string; name: string };

function targetsOf(subject: Subject): readonly Side[] {
  if ('peer' in subject) return [{ peer: subject.peer, group: undefined, kind: '', namespace: '', name: '' }];
  return subject.groups.map(sideOf);
}

/** Who is on which node matters where the other end is one, or may be. */
function sources({ index }: Engine, subject: Subject): readonly Side[] {
  const pods = groupPods(index, 'peer' in subject).map(sideOf);
  if ('peer' in subject) return pods;
  const entities = ENTITIES.map((entity): Side => {
    return { peer: { entity }, group: undefined, kind: 'Entity', namespace: '', name: entity };
  });
  return [...pods, ...entities];
}

function sideOf(group: Group): Side {
  const [pod] = group.pods;
  const { namespace, kind, name } = group;
  return { peer: { pod: `${pod.namespace}/${pod.name}` }, group, kind, namespace, name };
}

function collect(
  subjects: readonly Side[],
  others: readonly Side[],
  portsOf: (subject: Side, other: Side) => readonly AskedPort[],
) {
  return (engine: Engine, ends: (subject: Side, other: Side) => { from: Peer; to: Peer }): readonly Reach[] => {
    const found = new Map<string, { reach: Reach; pods: Set<unknown> }>();
    for (const subject of subjects) {
      for (const other of others) {
        if (subject.group && other.group && isOnePod(subject.group, other.group)) continue;
        for (const port of portsOf(subject, other)) {
          const { verdict, egress, ingress } = engine.ask({ ...ends(subject, other), ...port });
          const { kind, namespace, name } = other;
          const rules = [egress, ingress].flatMap((side) => [...side.rules, ...side.isolating.map((ref) => ref.name)]);
          const why = rules.map((rule) => (typeof rule === 'string' ? rule : `${rule.policy.name} ${rule.path}`));
          const key = JSON.stringify([kind, namespace, name, port, verdict, why]);
          const known = found.get(key) ?? {
            reach: { kind, namespace, name, pods: 0, port, verdict, egress, ingress },
            pods: new Set(),
          };
          for (const pod of other.group?.pods ?? []) known.pods.add(pod);
          found.set(key, known);
        }
      }
    }
    return [...found.values()].map(({ reach, pods }) => ({ ...reach, pods: pods.size })).sort(inOrder);
  };
}

function inOrder(a: Reach, b: Reach): number {
  const entities = Number(a.kind === 'Entity') - Number(b.kind === 'Entity');
  const [one, two] = [`${a.namespace}/${a.name}/${a.kind}`, `${b.namespace}/${b.name}/${b.kind}`];
  return entities || (one < two ? -1 : one > two ? 1 : a.port.port - b.port.port);
}
