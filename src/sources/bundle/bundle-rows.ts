import type { BundleSession, ReadAgain } from '../../model/bundle/bundle-content.ts';
import type { Change, PutChange } from '../../model/change.ts';
import type { Judgement } from '../../model/finding.ts';
import { createIntern } from '../../model/intern.ts';
import { type KindId, kinds } from '../../model/kinds.ts';
import type { SourceId } from '../../model/link.ts';
import type { RawObject } from '../../model/objects/row.ts';
import { apply, emptySnapshot, type Snapshot } from '../../model/snapshot.ts';
import { noTimeline } from '../../model/timeline-fold.ts';

/** The objects of a bundle as rows: the same whether they are just being written or read again a year later. */
export type BundleRows = {
  put(source: SourceId, objects: readonly RawObject[]): void;
  /** What was put of it before is void. */
  clear(source: SourceId): void;
  again(read: ReadAgain): void;
  tell(changes: readonly Change[]): void;
  /** With what was measured rather than read. */
  snapshot(measured?: Pick<BundleSession, 'churn' | 'timeline'>): Snapshot;
};

export function createBundleRows(at: number): BundleRows {
  const intern = createIntern();
  let snapshot = emptySnapshot(at, noTimeline);
  const tell = (changes: readonly Change[]) => {
    snapshot = apply(snapshot, changes, at);
  };
  return {
    tell,
    put(source, objects) {
      const kind = kindOf(source);
      const rows = objects.map((raw) => kinds[kind].project(raw, intern));
      tell([{ type: 'put', kind, rows, at } as PutChange]);
    },
    clear: (source) => tell([{ type: 'clear', source, kind: kindOf(source), at }]),
    again({ source, namespace, name, object }) {
      const kind = kindOf(source);
      if (object !== null) {
        this.put(source, [object]);
        return;
      }
      const gone = snapshot.tables[kind].named(namespace, name);
      if (gone !== undefined) tell([{ type: 'remove', kind, uids: [gone.uid], at }]);
    },
    snapshot: (measured) => (measured === undefined ? snapshot : { ...snapshot, ...measured }),
  };
}

/** What judges, with what it remembers; handed in, since what is wrong is no business of what reads. */
export type Judge = {
  judge(snapshot: Snapshot, now: number): Judgement;
  unvouched(): readonly { ripe: boolean; suspect: { reread?: readonly Reread[] } }[];
};
export type Reread = { kind: KindId; namespace: string; name: string };

/** Pods come from two sources. */
export function kindOf(source: SourceId): KindId {
  return source === 'systemPods' ? 'pods' : source;
}
