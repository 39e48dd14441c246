import { type KindId, kinds } from '../model/kinds.ts';
import type { PolicyRow } from '../model/objects/others.ts';
import { judgementOf } from '../model/objects/policy.ts';
import { count, record } from '../model/objects/raw.ts';
import type { RawObject, Row } from '../model/objects/row.ts';
import { refText } from '../model/ref.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { wouldBeSeen } from '../model/would-be-seen.ts';
import { ownName } from '../model/writes.ts';
import type { Plan, Seen } from './action.ts';
import { uidOf, versionOf } from './live-object.ts';

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
    // A list that may not be read shows nobody, too.
    const gone =
      row === undefined ? wouldBeSeen(snapshot, id, namespace) : before !== undefined && row.uid !== uidOf(before);
    if (gone) return { seen: true, text: `${what} is gone.` };
    return {
      seen: false,
      waits: `the watch ${row === undefined ? 'does not tell that it is gone' : 'still shows it'}${late}`,
    };
  }
  if (row === undefined || !isThatVersion(row, left, before)) {
    return { seen: false, waits: `the watch has not shown it${late}` };
  }
  const shown = `The watch shows ${what} as it was written`;
  return isJudged(resource.kind) ? accepted(row as PolicyRow, before, shown) : { seen: true, text: `${shown}.` };
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

/** Kinds of which Cilium's operator writes what it thinks into the status, some time after. */
export function isJudged(kind: string): boolean {
  return kind.startsWith('Cilium') && kind.endsWith('Policy');
}

/** Its word on the version before stays in the status until it has another one: what is as it was may be of then. */
function accepted({ valid, validMessage }: PolicyRow, before: RawObject | undefined, shown: string): Seen {
  const was = judgementOf(before ?? {});
  const why = validMessage || 'it does not say why';
  if (valid === 'True') {
    const word = was.valid === 'True' ? 'called it valid before and has not objected' : 'calls it valid';
    return { seen: true, text: `${shown}, and Cilium ${word}.` };
  }
  if (valid === 'False') {
    if (was.valid === 'False' && was.validMessage === validMessage)
      return { seen: false, waits: `Cilium has only rejected the version before (${why})` };
    return { seen: true, text: `${shown}, but Cilium rejects it: ${why}. None of it is in force.` };
  }
  return { seen: false, waits: 'Cilium has not said whether it is valid' };
}
