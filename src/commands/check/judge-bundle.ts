import { createChecks } from '../../checks/run.ts';
import { messageOf, UserError } from '../../errors.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
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

/** What somebody changed in a bundle may show only where it is told: then that is said, rather than called our mistake. */
export async function toldOfBundle<T>(path: string, tell: () => T | Promise<T>): Promise<T> {
  try {
    return await tell();
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `${sanitiseLine(path, 200)} makes no sense: ${sanitiseLine(messageOf(error), 200)}.`,
      'It was changed since it was taken; ask for it once more.',
    );
  }
}
