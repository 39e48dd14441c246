import { isDeepStrictEqual } from 'node:util';
import { type AskedPort, portsNamedBy, portsToAsk } from './asked-ports.ts';
import type { Verdict } from './direction-verdict.ts';
import type { PodFacts } from './facts.ts';
import { type Group, groupPodsInTurns, isOnePod, pairVerdict } from './groups.ts';
import type { Direction, Policy } from './rule.ts';
import type { Turns } from './turns.ts';
import type { Engine } from './verdict.ts';

/** Two workloads and a port whose verdict differs; `pods` of each that it differs for. Entities have none. */
export type ChangedPair = {
  from: string;
  to: string;
  port: AskedPort;
  before: Verdict;
  after: Verdict;
  pods: readonly [number, number];
};

export type PolicyDifference = {
  pairs: readonly ChangedPair[];
  /** With nodes, the API server and the world at one end. */
  outside: readonly ChangedPair[];
  /** Pairs of workloads and ports whose verdict is the same. */
  unchanged: number;
  /**
   * On ports that nobody declares there but a changed rule opens or closes, of workloads and of entities: where pods
   * declare ports only these are asked above. Pairs that differ alike on a declared port are not told again.
   */
  undeclared: readonly ChangedPair[];
  /** Pairs of workloads, whatever the port: the same number for every change of one cluster. */
  workloadPairs: number;
  /** Pods that are in one of the two only, and were not compared. */
  pods: { onlyBefore: number; onlyAfter: number };
};

/** What becomes possible and impossible for the pods that are in both; `undeclared` asks of ports nobody declares, too. */
export function* compareVerdicts(
  before: Engine,
  after: Engine,
  { undeclared: everyPort = false } = {},
): Turns<PolicyDifference> {
  const { both, pods } = yield* pairUp(before, after);
  yield;
  let done = 0;
  const asked = portsToAsk([...new Set([...before.index.facts.policies, ...after.index.facts.policies])]);
  yield;
  const touched = touchedBy(before, after);
  const pairs = createRows();
  const outside = createRows();
  const undeclared = createRows();
  const changedPorts = everyPort ? portsOfChange(before, after, asked([])) : [];
  const changing: Both[] = [];
  for (const [at, one] of both.entries()) {
    if (at % A_TURN === 0) yield;
    if (touched(one, 'egress')) changing.push(one);
  }
  for (const to of both) {
    const ports = asked([...to.before.declared, ...to.after.declared]);
    const known = new Set(ports.map(keyOfPort));
    const others = changedPorts.filter((port) => !known.has(keyOfPort(port)));
    for (const from of touched(to, 'ingress') ? both : changing) {
      if (isOnePod(from.before, to.before)) continue;
      let differs = false;
      for (const port of others.length === 0 ? ports : [...ports, ...others]) {
        const isDeclared = known.has(keyOfPort(port));
        // What becomes of a pair is told by its own ports: all others are asked about only where these tell nothing.
        if (port.other && !isDeclared && differs) continue;
        done += 1;
        if (done % A_TURN === 0) yield;
        const was = pairVerdict(before.index, from.before, to.before, port);
        const is = pairVerdict(after.index, from.after, to.after, port);
        if (was === is) continue;
        differs = true;
        const rows = isDeclared ? pairs : undeclared;
        rows.add(nameOf(from.after), nameOf(to.after), port, was, is, from.after.pods, to.after.pods);
      }
    }
    for (const direction of ['egress', 'ingress'] as const) {
      if (!touched(to, direction)) continue;
      for (const entity of ENTITIES)
        for (const port of direction === 'ingress' ? [...ports, ...others] : asked([])) {
          const rows = direction === 'egress' || known.has(keyOfPort(port)) ? outside : undeclared;
          addOutside(rows, { before, after, group: to, direction, entity, port });
          yield;
        }
    }
  }
  yield;
  const changed = pairs.rows();
  const abroad = outside.rows();
  const keys = new Set(changed.map(({ from, to, port }) => [from, to, port.port, port.protocol].join('|')));
  const toldAlready = new Set([...changed, ...abroad].map(changeOfPair));
  return {
    pairs: changed,
    outside: abroad,
    undeclared: undeclared.rows().filter((one) => !toldAlready.has(changeOfPair(one))),
    unchanged: countPairs(both, asked) - keys.size,
    workloadPairs: countPairs(both, () => [ANY_PORT]),
    pods,
  };
}

function changeOfPair({ from, to, before, after }: ChangedPair): string {
  return [from, to, before, after].join('|');
}

function keyOfPort({ port, protocol }: AskedPort): string {
  return `${port}/${protocol}`;
}

const ANY_PORT: AskedPort = { port: 0, protocol: 'TCP', other: true };

/** Of all ports those that rules of changed policies name, and those that stand for all that nobody names. */
function portsOfChange(before: Engine, after: Engine, all: readonly AskedPort[]): readonly AskedPort[] {
  const [was, is] = [before.index.facts.policies, after.index.facts.policies];
  const [known, kept] = [new Set(was), new Set(is)];
  const changed = [...was.filter((one) => !kept.has(one)), ...is.filter((one) => !known.has(one))];
  const rules = changed.flatMap(({ specs }: Policy) => specs.flatMap((spec) => spec.rules));
  const named = new Set(portsNamedBy(rules).map(keyOfPort));
  return all.filter((port) => port.other || named.has(keyOfPort(port)));
}

/** Pairs between two turns: about a millisecond's. */
const A_TURN = 200;

/** Every pair of workloads with every port that is asked: they are too many to be kept. */
function countPairs(both: readonly Both[], asked: ReturnType<typeof portsToAsk>): number {
  const workloads = Map.groupBy(both, ({ after }) => nameOf(after));
  let total = 0;
  for (const groups of workloads.values()) {
    const ports = groups.flatMap(({ before, after }) => asked([...before.declared, ...after.declared]));
    const different = new Set(ports.map(({ port, protocol }) => `${port}/${protocol}`)).size;
    const alone = groups.length === 1 && groups[0]?.after.pods.length === 1;
    total += different * (workloads.size - (alone ? 1 : 0));
  }
  return total;
}

const ENTITIES = ['host', 'remote-node', 'kube-apiserver', 'world'] as const;

/** The same pods as each of the two knows them. */
type Both = { before: Group; after: Group };

function* pairUp(before: Engine, after: Engine): Turns<{ both: readonly Both[]; pods: PolicyDifference['pods'] }> {
  // The same cluster with other policies.
  if (before.index.identities === after.index.identities) {
    const both = (yield* groupPodsInTurns(after.index)).map((group) => ({ before: group, after: group }));
    return { both, pods: { onlyBefore: 0, onlyAfter: 0 } };
  }
  const later = new Map<string, { group: Group; pod: PodFacts }>();
  for (const group of yield* groupPodsInTurns(after.index))
    for (const pod of group.pods) later.set(keyOf(pod), { group, pod });
  const known = later.size;
  const both: Both[] = [];
  let onlyBefore = 0;
  for (const group of yield* groupPodsInTurns(before.index)) {
    yield;
    const parts = Map.groupBy(group.pods, (pod) => later.get(keyOf(pod))?.group);
    for (const [there, [first, ...more]] of parts) {
      if (!first) continue;
      if (!there) onlyBefore += 1 + more.length;
      else {
        const pods = [first, ...more] as const;
        const [one, ...others] = pods.map((pod) => later.get(keyOf(pod))?.pod ?? pod);
        for (const pod of pods) later.delete(keyOf(pod));
        both.push({
          before: { ...group, pods: [first, ...more] },
          after: { ...there, pods: [one ?? first, ...others] },
        });
      }
    }
  }
  const compared = both.reduce((sum, { after: { pods } }) => sum + pods.length, 0);
  return { both, pods: { onlyBefore, onlyAfter: known - compared } };
}

function keyOf({ namespace, name }: PodFacts): string {
  return `${namespace}/${name}`;
}

function nameOf({ namespace, name }: Group): string {
  return `${namespace}/${name}`;
}

/** Whether a change may have touched what holds for a group: of the pairs of all others nothing needs to be found. */
function touchedBy(before: Engine, after: Engine): (one: Both, direction: Direction) => boolean {
  const { pods: _, policies: __, ...was } = before.index.facts;
  const { pods: ___, policies: ____, ...is } = after.index.facts;
  const everything = !isDeepStrictEqual(was, is);
  const known = new Map<Both, Record<Direction, boolean>>();
  function find(one: Both): Record<Direction, boolean> {
    const { class: old } = one.before;
    const { class: now } = one.after;
    const other = [old.labels, old.ports, old.doubt];
    if (everything || !isDeepStrictEqual(other, [now.labels, now.ports, now.doubt]))
      return { ingress: true, egress: true };
    const differs = (direction: Direction) =>
      !isDeepStrictEqual(before.index.applied(old, direction), after.index.applied(now, direction));
    return { ingress: differs('ingress'), egress: differs('egress') };
  }
  return (one, direction) => {
    const found = known.get(one) ?? find(one);
    known.set(one, found);
    return found[direction];
  };
}

type Outside = {
  before: Engine;
  after: Engine;
  group: Both;
  direction: Direction;
  entity: (typeof ENTITIES)[number];
  port: AskedPort;
};

function addOutside(rows: Rows, { before, after, group, direction, entity, port }: Outside): void {
  const ask = (engine: Engine, { pods: [pod] }: Group) => {
    const own = { pod: keyOf(pod) };
    const ends = direction === 'egress' ? { from: own, to: { entity } } : { from: { entity }, to: own };
    return engine.ask({ ...ends, port: port.port, protocol: port.protocol }).verdict;
  };
  const [was, is] = [ask(before, group.before), ask(after, group.after)];
  if (was === is) return;
  const name = nameOf(group.after);
  const { pods } = group.after;
  if (direction === 'egress') rows.add(name, `entity:${entity}`, port, was, is, pods, []);
  else rows.add(`entity:${entity}`, name, port, was, is, [], pods);
}

type Rows = ReturnType<typeof createRows>;

/** One row for a workload, however many groups its pods are in. */
function createRows() {
  const found = new Map<string, { row: ChangedPair; from: Set<PodFacts>; to: Set<PodFacts> }>();
  return {
    add(
      from: string,
      to: string,
      port: AskedPort,
      before: Verdict,
      after: Verdict,
      froms: readonly PodFacts[],
      tos: readonly PodFacts[],
    ) {
      const key = JSON.stringify([from, to, port, before, after]);
      const known = found.get(key) ?? {
        row: { from, to, port, before, after, pods: [0, 0] },
        from: new Set<PodFacts>(),
        to: new Set<PodFacts>(),
      };
      for (const pod of froms) known.from.add(pod);
      for (const pod of tos) known.to.add(pod);
      found.set(key, known);
    },
    rows(): readonly ChangedPair[] {
      const order = ({ from, to, port }: ChangedPair) => `${from} ${to} ${String(port.port).padStart(5, '0')}`;
      return [...found.values()]
        .map(({ row, from, to }): ChangedPair => ({ ...row, pods: [from.size, to.size] }))
        .sort((a, b) => (order(a) < order(b) ? -1 : 1));
    },
  };
}
