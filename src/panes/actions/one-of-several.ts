import { type ObjectRef, refKey } from '../../model/ref.ts';
import type { Snapshot } from '../../model/snapshot.ts';

/** A finding leads here about one of what it names: which one is said, so that nobody takes it for all. */
export function oneOfSeveral({ judgement }: Snapshot, ref: ObjectRef | undefined): readonly string[] {
  if (ref === undefined) return [];
  return judgement.findings.flatMap(({ id, objects }) => {
    const alike = objects.filter(({ kind }) => kind === ref.kind);
    if (alike.length < 2 || !alike.some((one) => refKey(one) === refKey(ref))) return [];
    return [`One of ${alike.length} that ${id} names: what is done here is done to this one alone.`];
  });
}
