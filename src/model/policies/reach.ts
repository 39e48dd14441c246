import { type AskedPort, portsToAsk } from './asked-ports.ts';
import type { DirectionVerdict, Verdict } from './direction-verdict.ts';
import { groupPodsInTurns } from './groups.ts';
import type { NamedEnd } from './named-ends.ts';
import { pairPorts } from './pair-ports.ts';
import { type Direction, policyKey } from './rule.ts';
import { isItself, type Side, sideOfEntity, sideOfGroup } from './sides.ts';
import type { Turns } from './turns.ts';
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

/**
 * Who may open a connection to an end (`ingress`), or whom it may open one to (`egress`). Ports are those given, else
 * the target's own; of an end that has none, HTTPS.
 */
export function* reachOf(
  engine: Engine,
  end: NamedEnd,
  direction: Direction,
  given: readonly AskedPort[] = [],
): Turns<readonly Reach[]> {
  const found = new Map<string, { reach: Reach; pods: Set<unknown> }>();
  const portsOf = portsAsked(engine, end, direction, given);
  const all = yield* others(engine, end);
  yield;
  let asked = 0;
  for (const subject of end.sides) {
    for (const other of all) {
      if (isItself(subject, other)) continue;
      const [from, to] = direction === 'ingress' ? [other, subject] : [subject, other];
      for (const port of portsOf(to)) {
        asked += 1;
        if (asked % A_TURN === 0) yield;
        const { verdict, egress, ingress } = engine.ask({ from: from.peer, to: to.peer, ...port });
        const { kind, namespace, name } = other;
        const key = JSON.stringify([kind, namespace, name, port, verdict, why(egress), why(ingress)]);
        const known = found.get(key) ?? {
          reach: { kind, namespace, name, pods: 0, port, verdict, egress, ingress },
          pods: new Set(),
        };
        for (const pod of other.pods) known.pods.add(pod);
        found.set(key, known);
      }
    }
  }
  return [...found.values()].map(({ reach, pods }) => ({ ...reach, pods: pods.size })).sort(inOrder);
}

/** Asks between two turns: about a millisecond's. */
const A_TURN = 100;

/** What most connections out of a cluster are, where no port is given for ends that declare none. */
const WEB: AskedPort = { port: 443, protocol: 'TCP', other: false };
const ENTITIES = ['host', 'remote-node', 'kube-apiserver', 'world'] as const;

/** All pods; of pods also the entities. Who is on which node matters where the end is on a certain one. */
function* others({ index }: Engine, { sides }: NamedEnd): Turns<readonly Side[]> {
  const perNode = sides.some(({ node }) => node === 'a node');
  const pods = (yield* groupPodsInTurns(index, perNode)).map(sideOfGroup);
  return sides.some(({ group }) => group) ? [...pods, ...ENTITIES.map(sideOfEntity)] : pods;
}

function portsAsked(
  { index }: Engine,
  end: NamedEnd,
  direction: Direction,
  given: readonly AskedPort[],
): (to: Side) => readonly AskedPort[] {
  const asked = portsToAsk(index.facts.policies);
  const ofService = direction === 'ingress' && end.service?.named === true;
  const remembered = new Map<Side, readonly AskedPort[]>();
  const find = (to: Side): readonly AskedPort[] => {
    if (ofService) {
      const each = given.length > 0 ? given : [{ port: 0, protocol: 'TCP' as const }];
      return each.flatMap((port) => pairPorts(index, to, to, end, port).map((one) => one.port));
    }
    if (given.length > 0) return given;
    return to.group ? asked(to.group.declared) : [WEB];
  };
  return (to) => {
    const ports = remembered.get(to) ?? find(to);
    remembered.set(to, ports);
    return ports;
  };
}

function why({ rules, isolating, doubts }: DirectionVerdict): readonly unknown[] {
  return [rules.map(({ policy, path }) => `${policyKey(policy)} ${path}`), isolating.map(policyKey), doubts];
}

function inOrder(a: Reach, b: Reach): number {
  const entities = Number(a.kind === 'Entity') - Number(b.kind === 'Entity');
  // A space comes before every sign of a name: `web` before `web-2`.
  const [one, two] = [`${a.namespace} ${a.name} ${a.kind}`, `${b.namespace} ${b.name} ${b.kind}`];
  return entities || (one < two ? -1 : one > two ? 1 : a.port.port - b.port.port);
}
