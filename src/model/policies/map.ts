import { type AllowedSets, type ClassSet, createAllowedSets } from './allowed-sets.ts';
import { type AskedPort, portsToAsk } from './asked-ports.ts';
import type { Verdict } from './direction-verdict.ts';
import { type Group, groupPodsInTurns, isOnePod, pairVerdict } from './groups.ts';
import type { PolicyIndex } from './policy-index.ts';
import type { Turns } from './turns.ts';

/** Can any workload of a namespace reach any declared port of any workload of another? `partly` = some can. */
export type Cell = { from: string; to: string; verdict: Verdict | 'partly' };

/**
 * Namespace by namespace, those that have pods which policies hold for; where there is no pair of pods there is no cell.
 * Of a namespace in which nobody declares a port every port is asked that a policy names, and one for the others.
 *
 * Asked are sets of classes, not pairs: whom a target lets in, and of a namespace those that may get out to it. Pairs
 * are asked only where something is in doubt, or where a policy may tell two pods of a class apart.
 */
export function* mapNamespaces(index: PolicyIndex, only = ''): Turns<readonly Cell[]> {
  const all = yield* groupPodsInTurns(index, false, index.facts.pods, false);
  const groups = Map.groupBy(all, ({ namespace }) => namespace);
  yield;
  const names = [...groups.keys()].sort();
  const byRow = names.map((name) => groups.get(name) ?? []);
  const asked = portsToAsk(index.facts.policies);
  yield;
  const sources = createSources(index, byRow);
  yield;
  const columns: (Cell['verdict'] | undefined)[][] = [];
  for (const [column, to] of names.entries()) {
    const targets = targetsOf(byRow[column] ?? [], asked, sources);
    const cells: (Cell['verdict'] | undefined)[] = [];
    for (const [row, from] of names.entries()) {
      const isAsked = only === '' || only === from || only === to;
      cells.push(isAsked ? cellOf(index, byRow[row] ?? [], row, targets) : undefined);
      if (row % A_TURN === 0) yield;
    }
    columns.push(cells);
  }
  const cells: Cell[] = [];
  for (const [row, from] of names.entries()) {
    if (row % A_TURN === 0) yield;
    for (const [column, to] of names.entries()) {
      const verdict = columns[column]?.[row];
      if (verdict) cells.push({ from, to, verdict });
    }
  }
  return cells;
}

/** Cells, or rows of them that are known, between two turns. */
const A_TURN = 32;

/** A port of a group of pods that is asked about. */
type Target = {
  group: Group;
  port: AskedPort;
  /** Where sets can speak of it: whom it lets in, and those who ask, by the row of their namespace. */
  bySets: { entering: ClassSet; leaving: (row: number) => Leaving; sets: AllowedSets } | undefined;
  /** Itself, where it is a single pod: what that sends to itself no policy sees. */
  itself: ClassSet | undefined;
};

function targetsOf(
  groups: readonly Group[],
  asked: ReturnType<typeof portsToAsk>,
  sources: Sources | undefined,
): readonly Target[] {
  const sets = sources?.sets;
  const declaring = groups.filter(({ declared }) => declared.length > 0);
  const known = declaring.length > 0 ? declaring : groups;
  return known.flatMap((group) => {
    const alone = group.class.pods.filter(({ ended }) => !ended).length === 1;
    const itself = alone ? sets?.only(group.class) : undefined;
    return asked(group.declared).map((port) => {
      const entering = sets?.isPlain(group.class) ? sets.allowed(group.class, 'ingress', port) : undefined;
      return {
        group,
        port,
        itself,
        bySets: sources && entering && { entering, leaving: sources.leaving(port), sets: sources.sets },
      };
    });
  });
}

/** The pods of a namespace as those who connect on a port. */
type Leaving = {
  /** The words of the namespace. */
  begin: number;
  end: number;
  /** Whom `members` may get out to; they are classes of this namespace. */
  sorts: readonly { allowed: ClassSet; members: ClassSet }[];
  /** Of which sets cannot speak. */
  others: readonly Group[];
};

type Sources = {
  sets: AllowedSets;
  /** By row. */
  leaving(port: AskedPort): (row: number) => Leaving;
};

/** Undefined where classes say too little: policies may know pods by their addresses. */
function createSources(index: PolicyIndex, all: readonly (readonly Group[])[]): Sources | undefined {
  const { modes } = index.facts;
  if (modes.cidrMatchesPods || modes.dialect === 'generic') return undefined;
  const sets = createAllowedSets(index);
  const known = new Map<string, Leaving[]>();

  function find(groups: readonly Group[], port: AskedPort): Leaving {
    const [begin, end] = sets.range(groups[0]?.namespace ?? '');
    const sorts = new Map<ClassSet, ClassSet>();
    const others: Group[] = [];
    for (const group of groups) {
      const allowed = sets.allowed(group.class, 'egress', port);
      if (!allowed) others.push(group);
      else {
        const members = sorts.get(allowed) ?? new Uint32Array(end);
        sets.put(members, group.class);
        sorts.set(allowed, members);
      }
    }
    return { begin, end, sorts: [...sorts].map(([allowed, members]) => ({ allowed, members })), others };
  }

  return {
    sets,
    leaving(port) {
      const key = `${port.port}/${port.protocol}`;
      const found = known.get(key) ?? [];
      known.set(key, found);
      return (row) => {
        const one = found[row] ?? find(all[row] ?? [], port);
        found[row] = one;
        return one;
      };
    },
  };
}

/** Verdicts that were seen, a bit each: a cell is settled by them, not by how many there are. */
const SEEN = { allow: 1, deny: 2, unknown: 4 } as const;
const BOTH = SEEN.allow | SEEN.deny;

function cellOf(
  index: PolicyIndex,
  sources: readonly Group[],
  row: number,
  targets: readonly Target[],
): Cell['verdict'] | undefined {
  let seen = 0;
  for (const target of targets) {
    seen = ask(index, sources, row, target, seen);
    if ((seen & BOTH) === BOTH) return 'partly';
  }
  if ((seen & SEEN.unknown) !== 0) return 'unknown';
  return (seen & SEEN.allow) !== 0 ? 'allow' : (seen & SEEN.deny) !== 0 ? 'deny' : undefined;
}

function ask(
  index: PolicyIndex,
  sources: readonly Group[],
  row: number,
  { group: to, port, bySets, itself }: Target,
  before: number,
): number {
  let seen = before;
  const leaving = bySets?.leaving(row);
  for (const from of leaving ? leaving.others : sources) {
    if (isOnePod(from, to)) continue;
    seen |= SEEN[pairVerdict(index, from, to, port)];
    if ((seen & BOTH) === BOTH) return seen;
  }
  if (!bySets || !leaving) return seen;
  const { entering, sets } = bySets;
  for (const { allowed, members } of leaving.sorts) {
    const out = sets.has(allowed, to.class);
    for (let word = leaving.begin; word < leaving.end; word++) {
      const asking = (members[word] ?? 0) & ~(itself?.[word] ?? 0);
      const passing = out ? asking & (entering[word] ?? 0) : 0;
      if (passing !== 0) seen |= SEEN.allow;
      if ((asking & ~passing) !== 0) seen |= SEEN.deny;
    }
  }
  return seen;
}
