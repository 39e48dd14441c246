import { isDeepStrictEqual } from 'node:util';
import { type KindId, kinds } from '../../kinds.ts';
import type { PolicyRow } from '../../objects/others.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { RowChange, Table } from '../../table.ts';
import type { Modes } from '../modes.ts';
import type { PolicyEdit } from '../policy-edit.ts';
import { POLICY_SOURCES } from '../read-facts.ts';
import { policyFacts } from '../row-facts.ts';
import type { Policy, PolicyKind } from '../rule.ts';
import { createFollower, touchedRows } from './changed-rows.ts';

/** The policies themselves, brought up to date by what changed, and what was changed while they were watched. */
export type LiveWritten = { follow(snapshot: Snapshot): WrittenNow };

export type WrittenNow = { policies: readonly Policy[]; edits: readonly PolicyEdit[] };

const mostEdits = 200;
const editsKeptMs = 3_600_000;

/** `edits` are those seen before, under other modes. */
export function createLiveWritten(modes: Modes, seen: readonly PolicyEdit[]): LiveWritten {
  const follower = createFollower();
  const known = new Map<PolicySource, Map<string, Policy>>(POLICY_SOURCES.map((id) => [id, new Map()]));
  const watched = new Set<PolicySource>();
  let policies: readonly Policy[] = [];
  let edits = seen;

  function followOne(id: PolicySource, snapshot: Snapshot): boolean {
    const table: Table<PolicyRow> = snapshot.tables[id];
    const changed = follower.read(table);
    const mine = known.get(id) ?? new Map<string, Policy>();
    const isWatched = watched.has(id) && changed.changes !== undefined;
    let touched = false;
    if (!changed.none) {
      for (const [uid, row] of touchedRows(table, changed, mine.keys())) {
        const before = mine.get(uid);
        const next = row && policyFacts(row, kinds[id].kind as PolicyKind, modes);
        if (isDeepStrictEqual(before, next)) continue;
        touched = true;
        if (next) mine.set(uid, next);
        else mine.delete(uid);
        if (isWatched) {
          const change = changed.changes?.findLast((one) => (one.after ?? one.before)?.uid === uid);
          edits = [...edits, editOf(table, uid, before, next, change)];
        }
      }
    }
    // What came while nobody watched, or with the first list, nobody saw being changed.
    if (snapshot.links.get(id)?.phase === 'live') watched.add(id);
    else watched.delete(id);
    return touched;
  }

  return {
    follow(snapshot) {
      const before = edits;
      const touched = POLICY_SOURCES.map((id) => followOne(id, snapshot));
      if (touched.includes(true)) policies = POLICY_SOURCES.flatMap((id) => [...(known.get(id)?.values() ?? [])]);
      if (edits !== before) edits = recent(edits);
      return { policies, edits };
    },
  };
}

type PolicySource = (typeof POLICY_SOURCES)[number] & KindId;

function editOf(
  table: Table<PolicyRow>,
  uid: string,
  before: Policy | undefined,
  after: Policy | undefined,
  change: RowChange<PolicyRow> | undefined,
): PolicyEdit {
  const ref = (after ?? before)?.ref ?? { kind: 'NetworkPolicy', namespace: '', name: '' };
  const last = change?.after?.edits.findLast(({ subresource }) => subresource === '');
  const at = table.recent.get(uid) ?? table.gone.find(({ row }) => row.uid === uid)?.at ?? last?.at ?? 0;
  return { at, ref, ...(before ? { before } : {}), ...(after ? { after } : {}), who: last?.manager ?? '' };
}

function recent(edits: readonly PolicyEdit[]): readonly PolicyEdit[] {
  const newest = edits.reduce((most, { at }) => Math.max(most, at), 0);
  return edits.filter(({ at }) => newest - at <= editsKeptMs).slice(-mostEdits);
}
