import { type FactId, isFact } from '../model/facts.ts';
import {
  type Explained,
  type Finding,
  findingKey,
  type Judgement,
  type NotLookedAt,
  type Severity,
  type Waiting,
} from '../model/finding.ts';
import type { KindId } from '../model/kinds.ts';
import type { SourceId } from '../model/link.ts';
import { type ObjectRef, refKey } from '../model/ref.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Check, Suspect, Telling } from './check.ts';
import { impactOf, weightOf } from './impact.ts';
import { checks as everyCheck } from './index.ts';
import { createRemembered, type Remembered } from './remembered.ts';
import { type Quiet, silence, speaksOf } from './silence.ts';
import { limitOf, whyNot } from './why-not.ts';

/** The checks with what they remember: when each last looked, and since when a suspect has stood. */
export type Checks = {
  /**
   * The verdict on this snapshot. A check looks again only when a table it reads has changed or when its answer
   * depends on the time, so judging a snapshot in which nothing changed costs next to nothing.
   */
  judge(snapshot: Snapshot, now: number): Judgement;
  /** Suspects of the last judgement that only our own watching vouches for; `ripe` ones have stood long enough. */
  unvouched(): readonly Unvouched[];
};

export type Unvouched = { id: string; suspect: Suspect; ripe: boolean };

export type RunOptions = {
  checks?: readonly Check[];
  /** How long a suspect without a timestamp must be seen before it is told, in ms. */
  standMs?: number;
  /** Look at every judgement, changed or not: for one who judges a few times and ends. */
  everyLook?: boolean;
};

/** A check whose answer depends on the time is asked again this often although nothing changed. */
const clockMs = 2_000;

type Memory = {
  /** The tables' versions the check last saw. */
  seen: string;
  at: number;
  /** Until when what it needs was live: what it saw does not grow older while nobody can see whether it is still so. */
  liveUntil: number;
  suspects: readonly Suspect[];
  /** When a suspect without a timestamp was first seen. */
  firstSeen: Map<string, number>;
};

export function createChecks(options: RunOptions = {}): Checks {
  const { checks = everyCheck, standMs = 60_000, everyLook = false } = options;
  let memories = new Map<string, Memory>();
  let unvouched: readonly Unvouched[] = [];
  let epoch = -1;
  let remembered: Remembered = createRemembered();

  return {
    unvouched: () => unvouched,
    judge(snapshot, now) {
      if (snapshot.epoch !== epoch) {
        memories = new Map();
        remembered = createRemembered();
        epoch = snapshot.epoch;
      }
      const notLookedAt: NotLookedAt[] = [];
      const notAsked: NotLookedAt[] = [];
      const limited: NotLookedAt[] = [];
      for (const check of checks) {
        const reason = whyNot(check, snapshot, now);
        const before = memories.get(check.id);
        const looks = reason === undefined || reason.rows === 'some';
        const memory = looks ? { ...lookAgain(check, before, everyLook, snapshot, now), liveUntil: now } : before;
        if (memory === undefined || reason?.rows === 'none') memories.delete(check.id);
        else memories.set(check.id, memory);
        if (reason !== undefined && !(looks && memory?.suspects.length)) {
          (reason.unasked ? notAsked : notLookedAt).push({ id: check.id, reason: reason.text });
          continue;
        }
        const limit = limitOf(check, snapshot);
        if (limit) limited.push({ id: check.id, reason: limit });
      }
      const sifted = sift(checks, memories, now, standMs);
      unvouched = sifted.unvouched;
      const quiet = silence(checks, sifted.stood);
      const idle = merge(notLookedAt, quiet.notApplicable);
      const wanted = checks.length - notAsked.filter(({ id }) => !quiet.notApplicable.has(id)).length;
      const blind = new Set([...idle, ...notAsked].map(({ id }) => id));
      const findings = remembered.told(tell(checks, quiet, snapshot, now), (id) => !blind.has(id), now);
      return {
        findings,
        notLookedAt: [...idle, ...limited.filter(({ id }) => !quiet.notApplicable.has(id))],
        notAsked: notAsked.filter(({ id }) => !quiet.notApplicable.has(id)),
        looked: wanted - idle.length,
        of: wanted,
        waiting: sifted.young.flatMap((one) => waitingOf(one, quiet)),
        cleared: remembered.cleared(),
        since: remembered.since(),
        at: now,
      };
    },
  };
}

function lookAgain(check: Check, before: Memory | undefined, always: boolean, snapshot: Snapshot, now: number): Memory {
  const seen = versions(check, snapshot);
  if (before && !always) {
    const waited = now - before.at;
    // A clock set back must not stop the looking.
    const everyMs = check.everyMs ?? 0;
    const due = seen !== before.seen ? waited >= everyMs : check.clock && waited >= Math.max(clockMs, everyMs);
    if (!due && waited >= 0) return before;
  }
  const suspects = check.look(snapshot, now);
  const firstSeen = new Map<string, number>();
  for (const suspect of suspects) {
    const key = keyOf(suspect);
    firstSeen.set(key, Math.min(before?.firstSeen.get(key) ?? now, now));
  }
  return { seen, at: now, liveUntil: now, suspects, firstSeen };
}

function versions(check: Check, snapshot: Snapshot): string {
  const sources = [...check.needs, ...(check.uses ?? [])];
  return sources.map((source) => `${versionOf(snapshot, source)}`).join(',');
}

function versionOf(snapshot: Snapshot, source: SourceId | FactId): number {
  if (isFact(source)) return snapshot.facts[source]?.version ?? 0;
  const kind: KindId = source === 'systemPods' ? 'pods' : source;
  return snapshot.tables[kind].version;
}

function keyOf(suspect: Suspect): string {
  return `${refKey(suspect.object)}|${suspect.key ?? ''}`;
}

/** What began less long ago is daily life where pods come and go: nobody need hear that it is watched. */
const dailyMs = 10_000;

/** Which suspects have stood long enough to be told, and which are watched until they have. */
function sift(checks: readonly Check[], memories: ReadonlyMap<string, Memory>, now: number, standMs: number) {
  const stood = new Map<string, readonly Suspect[]>();
  const unvouched: Unvouched[] = [];
  const young: Young[] = [];
  for (const check of checks) {
    const memory = memories.get(check.id);
    if (!memory) continue;
    if (check.graceMs === undefined) {
      stood.set(check.id, memory.suspects);
      continue;
    }
    const ripe: Suspect[] = [];
    const watched: { suspect: Suspect; knownAt: number }[] = [];
    for (const suspect of memory.suspects) {
      const vouched = suspect.since !== undefined && suspect.since > 0 && suspect.since <= now;
      const firstSeen = memory.firstSeen.get(keyOf(suspect)) ?? now;
      // A timestamp may be renewed by a moment of health; what we saw wrong all the while has stood nevertheless.
      const knownAt = vouched
        ? Math.min((suspect.since ?? now) + check.graceMs, firstSeen + Math.max(check.graceMs, standMs))
        : firstSeen + Math.min(standMs, suspect.watchMs ?? standMs);
      const isRipe = memory.liveUntil >= knownAt;
      if (isRipe) ripe.push(suspect);
      else if (!vouched || now - (suspect.since ?? now) >= dailyMs) watched.push({ suspect, knownAt });
      if (!vouched) unvouched.push({ id: check.id, suspect, ripe: isRipe });
    }
    stood.set(check.id, ripe);
    young.push({ check, watched });
  }
  return { stood, unvouched, young };
}

type Young = { check: Check; watched: readonly { suspect: Suspect; knownAt: number }[] };

/** What a finding that stands explains will be told under it, if at all: nobody waits for that. */
function waitingOf({ check, watched }: Young, quiet: Quiet): Waiting[] {
  const { id, title } = check;
  const left = watched.filter(({ suspect }) => !quiet.covers(id, suspect));
  const [first] = left;
  if (first === undefined) return [];
  const knownAt = left.reduce((least, one) => Math.min(least, one.knownAt), first.knownAt);
  return [{ id, title, object: first.suspect.object, count: left.length, knownAt }];
}

function tell(checks: readonly Check[], quiet: Quiet, snapshot: Snapshot, now: number): Finding[] {
  const findings: Finding[] = [];
  for (const check of checks) {
    const suspects = quiet.left(check.id);
    if (suspects.length === 0) continue;
    for (const telling of check.tell(suspects, snapshot, now)) {
      const told = speaksOf(telling.objects);
      const silenced = quiet.explained(check.id, told);
      const follows = checks.flatMap((other) => {
        const theirs = silenced.get(other.id);
        if (!theirs) return [];
        const { pods, nodes } = impactOf(theirs, snapshot);
        return other.tell(theirs, snapshot, now).map(({ title, reach, objects }) => ({
          far: [pods, nodes] as const,
          one: { id: other.id, title, reach, ...whereabouts(objects) },
        }));
      });
      // Pods that cannot start weigh more than what merely follows for a node.
      const explains = follows.toSorted((a, b) => b.far[0] - a.far[0] || b.far[1] - a.far[1]).map(({ one }) => one);
      findings.push({
        id: check.id,
        ...telling,
        ...bounded(telling),
        severity: telling.severity ?? check.severity,
        impact: telling.impact ?? impactOf([...suspects.filter(told), ...[...silenced.values()].flat()], snapshot),
        ...(explains.length > 0 ? { explains } : {}),
      });
    }
  }
  return familiesTogether(checks, likelyCausesFirst(checks, bySeverityThenImpact(findings, snapshot)));
}

/** In which namespaces the objects are, as counts: their names would be read by nobody. */
function whereabouts(objects: readonly ObjectRef[]): Pick<Explained, 'within' | 'kind'> {
  const counts = new Map<string, number>();
  for (const { namespace = '' } of objects)
    if (namespace !== '') counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
  const [first] = objects;
  if (first === undefined || counts.size === 0) return {};
  const within = [...counts].map(([namespace, count]) => ({ namespace, count }));
  return objects.every(({ kind }) => kind === first.kind) ? { within, kind: first.kind } : { within };
}

/** Nobody reads a list of a hundred thousand names, and each would cross to the screen every second. */
const mostObjects = 500;

function bounded({ objects, evidence }: Telling): Pick<Telling, 'objects' | 'evidence'> {
  if (objects.length <= mostObjects) return { objects, evidence };
  const left = objects.length - mostObjects;
  return { objects: objects.slice(0, mostObjects), evidence: [...evidence, `${left} more objects are not listed`] };
}

const rank: Record<Severity, number> = { error: 0, warning: 1, note: 2 };

function bySeverityThenImpact(findings: readonly Finding[], snapshot: Snapshot): Finding[] {
  const weigh = ({ impact, objects }: Finding) => (impact ? weightOf(impact, snapshot) : 0) || objects.length;
  return findings.toSorted(
    (a, b) => rank[a.severity] - rank[b.severity] || weigh(b) - weigh(a) || (a.id < b.id ? -1 : 1),
  );
}

/** What leads to another finding of the same severity stands before it, however small its reach. */
function likelyCausesFirst(checks: readonly Check[], findings: readonly Finding[]): Finding[] {
  const ordered: Finding[] = [];
  for (const finding of findings) {
    const leads = checks.find(({ id }) => id === finding.id)?.leads ?? [];
    const at = ordered.findIndex(({ id, severity }) => severity === finding.severity && leads.includes(id));
    ordered.splice(at < 0 ? ordered.length : at, 0, finding);
  }
  return ordered;
}

/** One trouble is read in one place, however different the ways are in which it shows. */
function familiesTogether(checks: readonly Check[], findings: readonly Finding[]): Finding[] {
  const families = new Map(checks.flatMap(({ id, family }) => (family === undefined ? [] : [[id, family]])));
  const byFamily = Map.groupBy(findings, (finding) => families.get(finding.id) ?? findingKey(finding));
  return [...byFamily.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const beside = findingKey(first);
    return [first, ...others.map((one) => (families.has(one.id) ? { ...one, beside } : one))];
  });
}

/** A check that does not apply is said to be so, whatever else kept it from looking. */
function merge(notLookedAt: readonly NotLookedAt[], notApplicable: ReadonlySet<string>): readonly NotLookedAt[] {
  if (notApplicable.size === 0) return notLookedAt;
  const reason = 'the network of this cluster is not Cilium';
  return [
    ...notLookedAt.filter(({ id }) => !notApplicable.has(id)),
    ...[...notApplicable].map((id) => ({ id, reason })),
  ];
}
