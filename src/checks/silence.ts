import { type ObjectRef, refKey } from '../model/ref.ts';
import type { Check, Explains, Suspect } from './check.ts';

/** A suspect nobody is told of on its own, and the suspect that explains it. */
type Silenced = { suspect: Suspect; cause: Suspect };

export type Quiet = {
  /** The suspects of a check that nothing explains. */
  left(id: string): readonly Suspect[];
  /** By check id, what suspects of the check `cause` explain; `told` picks the causes of one finding. */
  explained(cause: string, told: (cause: Suspect) => boolean): ReadonlyMap<string, readonly Suspect[]>;
  /** Whether a cause that stands would explain it, or makes it mean nothing. */
  covers(id: string, suspect: Suspect): boolean;
  /** Checks that mean nothing on this cluster. */
  notApplicable: ReadonlySet<string>;
};

/**
 * Takes out what a cause explains. A cause that is itself explained passes what it explains on to its own cause, so
 * the reader finds everything under the one thing to mend.
 */
export function silence(checks: readonly Check[], stood: ReadonlyMap<string, readonly Suspect[]>): Quiet {
  const left = new Map<string, Suspect[]>();
  const silenced = new Map<string, Map<string, Silenced[]>>();
  const scopes = new Map<string, Scope>();
  const notApplicable = inapplicable(checks, stood);

  for (const check of causesFirst(checks)) {
    if (notApplicable.has(check.id)) continue;
    const scope = scopes.get(check.id);
    for (const suspect of stood.get(check.id) ?? []) {
      const root = scope && rootOf(scope, suspect);
      if (root) append(silenced, root.id, check.id, { suspect, cause: root.suspect });
      else keep(left, check.id, suspect);
      for (const explains of check.explains ?? []) {
        cover(scopes, explains, suspect, root ?? { id: check.id, suspect });
      }
    }
  }
  return {
    left: (id) => left.get(id) ?? [],
    explained(cause, told) {
      const found = new Map<string, Suspect[]>();
      for (const [id, entries] of silenced.get(cause) ?? []) {
        const suspects = entries.filter((entry) => told(entry.cause)).map((entry) => entry.suspect);
        if (suspects.length > 0) found.set(id, suspects);
      }
      return found;
    },
    covers(id, suspect) {
      const scope = scopes.get(id);
      return notApplicable.has(id) || (scope !== undefined && rootOf(scope, suspect) !== undefined);
    },
    notApplicable,
  };
}

/** Where the network is not Cilium, only what holds on any network can be judged. */
function inapplicable(checks: readonly Check[], stood: ReadonlyMap<string, readonly Suspect[]>): ReadonlySet<string> {
  const foreign = checks.find((check) => check.explains?.some(({ id }) => id === '*') && stood.get(check.id)?.length);
  if (!foreign) return new Set();
  return new Set(checks.filter((check) => check !== foreign && !check.anyNetwork).map((check) => check.id));
}

/** A check comes after every check that may explain it; the list's own order otherwise. */
export function causesFirst(checks: readonly Check[]): readonly Check[] {
  const ordered = new Set<Check>();
  const visit = (check: Check): void => {
    if (ordered.has(check) || open.has(check)) return;
    open.add(check);
    for (const other of checks) if (other.explains?.some(({ id }) => id === check.id)) visit(other);
    open.delete(check);
    ordered.add(check);
  };
  const open = new Set<Check>();
  for (const check of checks) visit(check);
  return [...ordered];
}

/** `after`: it explains nothing that began before this moment; 0 = whenever it began. */
type Root = { id: string; suspect: Suspect; after: number };
type Scope = { all?: Root; nodes: Map<string, Root>; objects: Map<string, Root> };

/** What was under way as the cause began may show a little earlier. */
const slackMs = 60_000;

function rootOf(scope: Scope, suspect: Suspect): Root | undefined {
  const { object, node, onNodes = node === undefined ? [] : [node], began } = suspect;
  const there = onNodes.map((name) => scope.nodes.get(name));
  const found = [scope.objects.get(refKey(object)), there.includes(undefined) ? undefined : there[0], scope.all];
  return found.find((root) => root !== undefined && (began === undefined || began >= root.after - slackMs));
}

function cover(
  scopes: Map<string, Scope>,
  { id, where, onlyAfter = false }: Explains,
  suspect: Suspect,
  { id: cause, suspect: first }: Omit<Root, 'after'>,
): void {
  const root: Root = { id: cause, suspect: first, after: onlyAfter ? (suspect.since ?? 0) : 0 };
  const scope: Scope = scopes.get(id) ?? { nodes: new Map(), objects: new Map() };
  scopes.set(id, scope);
  if (where === 'all') scope.all ??= root;
  else if (where === 'objects') keepFirst(scope.objects, refKey(suspect.object), root);
  else if (suspect.node !== undefined) keepFirst(scope.nodes, suspect.node, root);
}

function keepFirst(map: Map<string, Root>, key: string, root: Root): void {
  if (!map.has(key)) map.set(key, root);
}

function append(into: Map<string, Map<string, Silenced[]>>, cause: string, id: string, entry: Silenced): void {
  const byCheck = into.get(cause) ?? new Map<string, Silenced[]>();
  into.set(cause, byCheck);
  keep(byCheck, id, entry);
}

function keep<T>(into: Map<string, T[]>, key: string, one: T): void {
  const list = into.get(key);
  if (list) list.push(one);
  else into.set(key, [one]);
}

/** Whether a finding speaks of this object. */
export function speaksOf(objects: readonly ObjectRef[]): (suspect: Suspect) => boolean {
  const keys = new Set(objects.map(refKey));
  return (suspect) => keys.has(refKey(suspect.object));
}
