// Which policies were in force when: the present ones, and back through the journal those before each change.
import type { KubeObject } from '../cluster.ts';
import type { PolicyView } from '../voices/policy-view.ts';
import { policiesOf, policyViewOf } from '../voices/scene.ts';
import { isPolicy, type JournalEntry } from '../world/journal.ts';
import type { Observed } from './observed.ts';

/** A stretch of time in which no policy changed. The pods it is asked about are those of today. */
export type PolicyTime = { from: number; to: number; view(): PolicyView };

/** Changes this close together are one. */
const together = 2_000;
/** What lies further back than so many changes is taken as it was at the oldest of them. */
const most = 12;

/** Latest first; together they cover (from, to]. */
export function policyTimes({ journal, scene }: Observed, from: number, to: number): PolicyTime[] {
  const changes = journal.entries.filter((entry) => isPolicy(entry) && entry.at > from).toReversed();
  if (changes.length === 0) return [{ from, to, view: () => scene.policies() }];
  const objects = new Map(policiesOf(scene).map((object) => [keyOf(object.kind, object), object]));
  const times: PolicyTime[] = [];
  let end = to;
  let began: number | undefined;
  const close = (start: number) => {
    const then = [...objects.values()];
    const view = times.length === 0 ? () => scene.policies() : onceOnly(() => policyViewOf(scene, then));
    if (start < end) times.push({ from: start, to: end, view });
    end = start;
  };
  for (const change of changes) {
    if (times.length >= most) break;
    if (began === undefined || began - change.at > together) close(change.at);
    began = change.at;
    undo(objects, change);
  }
  close(from);
  return times;
}

function undo(objects: Map<string, KubeObject>, { before, kind, name, namespace }: JournalEntry): void {
  const key = keyOf(kind, { metadata: { namespace, name } });
  if (before === undefined) objects.delete(key);
  else objects.set(key, before);
}

function keyOf(kind: string, { metadata }: { metadata: { namespace?: string; name: string } }): string {
  return `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}

function onceOnly<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
