import { createChecks } from '../../checks/run.ts';
import { type ReadBundle, readBundle } from '../../sources/bundle/read-bundle.ts';

/** What a bundle says; `said`: of when it is, and what is missing in it, a sentence each. Throws a UserError. */
export async function judgeBundle(path: string): Promise<ReadBundle & { said: readonly string[] }> {
  const read = await readBundle(path, (standMs) => createChecks({ standMs, everyLook: true }));
  const { manifest } = read;
  const taken = `The bundle was taken on ${manifest.takenAt.slice(0, 16).replace('T', ' at ')} UTC by ${manifest.program}.`;
  const gaps = manifest.gaps.length;
  const lacks =
    gaps === 0 ? [] : [`${gaps} ${gaps === 1 ? 'thing is' : 'things are'} missing in it: see its manifest.json.`];
  return { ...read, said: [taken, ...lacks] };
}
