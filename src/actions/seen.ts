import { type KindId, kinds } from '../model/kinds.ts';
import type { PolicyRow } from '../model/objects/others.ts';
import { count, record } from '../model/objects/raw.ts';
import type { RawObject, Row } from '../model/objects/row.ts';
import { refText } from '../model/ref.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { ownName } from '../model/writes.ts';
import type { Plan } from './action.ts';
import { uidOf, versionOf } from './live-object.ts';

/** Whether the watch shows what was done. `waits` says what is still waited for. */
export type Seen = { seen: true; text: string } | { seen: false; waits: string };

/** `left` is what the server answered: undefined = it is gone. */
export function seen({ object, before, request }: Plan, left: RawObject | undefined, snapshot: Snapshot): Seen {
  const { resource, namespace, name } = request;
  const what = refText(object);
  const id = kindIdOf(resource);
  if (id === undefined) return { seen: false, waits: `${resource.plural} are not watched` };
  const link = snapshot.links.get(id);
  const late = link?.phase === 'live' ? '' : ` (the watch of ${resource.plural} is ${link?.phase ?? 'not open'})`;
  const row: Row | undefined = snapshot.tables[id].named(namespace, name);
  if (left === undefined) {
    const gone = row === undefined || (before !== undefined && row.uid !== uidOf(before));
    return gone ? { seen: true, text: `${what} is gone.` } : { seen: false, waits: `the watch still shows it${late}` };
  }
  if (row === undefined || !isThatVersion(row, left, before)) {
    return { seen: false, waits: `the watch has not shown it${late}` };
  }
  return accepted(row as PolicyRow, what, resource.kind);
}

function kindIdOf({ group, plural }: { group: string; plural: string }): KindId | undefined {
  return Object.values(kinds).find((kind) => kind.group === group && kind.plural === plural)?.id;
}

/** Versions are only equal or not. A watch that skipped ours for a newer one tells by the generation, or by who wrote. */
function isThatVersion(row: Row, left: RawObject, before: RawObject | undefined): boolean {
  if (row.uid !== uidOf(left)) return false;
  if (row.version === versionOf(left)) return true;
  const [was, is] = [before, left].map((object) => count(record(object?.metadata).generation)) as [number, number];
  const { generation = 0, edits = [] } = row as Partial<PolicyRow>;
  if (is > was) return generation >= is;
  const versionBefore = before === undefined ? '' : versionOf(before);
  return row.version !== versionBefore && edits.some(({ manager }) => manager === ownName);
}

/** Cilium's operator writes what it thinks of a policy into its status, some time after. */
function accepted({ valid, validMessage }: PolicyRow, what: string, kind: string): Seen {
  if (kind === 'NetworkPolicy') return { seen: true, text: `The watch shows ${what} as it was written.` };
  if (valid === 'True')
    return { seen: true, text: `The watch shows ${what} as it was written, and Cilium calls it valid.` };
  if (valid === 'False') {
    return {
      seen: true,
      text: `The watch shows ${what} as it was written, but Cilium rejects it: ${validMessage || 'it does not say why'}. None of it is in force.`,
    };
  }
  return { seen: false, waits: 'Cilium has not said whether it is valid' };
}
