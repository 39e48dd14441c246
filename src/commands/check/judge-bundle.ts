import { createChecks } from '../../checks/run.ts';
import type { Judgement } from '../../model/finding.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { readBundle } from '../../sources/bundle/read-bundle.ts';

/** What a bundle says; `said`: of when it is, and what is missing in it, a sentence each. Throws a UserError. */
export async function judgeBundle(
  path: string,
): Promise<{ judgement: Judgement; snapshot: Snapshot; takenAt: number; said: readonly string[] }> {
  const read = await readBundle(path, (standMs) => createChecks({ standMs, everyLook: true }));
  const { manifest, takenAt } = read;
  const taken = `The bundle was taken on ${manifest.takenAt.slice(0, 16).replace('T', ' at ')} UTC by ${manifest.program}.`;
  const gaps = manifest.gaps.length;
  const lacks =
    gaps === 0 ? [] : [`${gaps} ${gaps === 1 ? 'thing is' : 'things are'} missing in it: see its manifest.json.`];
  return { ...read, takenAt, said: [taken, ...lacks] };
}
