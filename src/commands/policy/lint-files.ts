import { statSync } from 'node:fs';
import { UserError } from '../../errors.ts';
import { kinds } from '../../model/kinds.ts';
import { text } from '../../model/objects/raw.ts';
import type { RawObject } from '../../model/objects/row.ts';
import { objectKey, POLICY_SOURCES } from '../../model/policies/read-facts.ts';
import { TIERED_KINDS } from '../../model/policies/read-tiered-policy.ts';
import { readStream, readText } from './input-text.ts';
import { type Place, type Placed, placeManifests } from './manifests.ts';
import { filesIn } from './state-folder.ts';

/** What stands in files, in folders and, for `-`, on stdin. Throws a UserError where there is no policy among it. */
export async function readLintFiles(paths: readonly string[], stdin: NodeJS.ReadStream): Promise<readonly Placed[]> {
  const placed: Placed[] = [];
  // Not as arguments: there may be more of them than a call takes.
  const add = (more: readonly Placed[]) => {
    for (const one of more) placed.push(one);
  };
  for (const path of paths) {
    if (path === '-') add(placeManifests(await readStream(stdin, 'stdin'), 'stdin'));
    else if (isFolder(path)) for (const file of filesIn(path)) add(placeManifests(readText(file), file, 'skip'));
    else add(placeManifests(readText(path), path));
  }
  if (!placed.some(({ raw }) => isPolicy(raw) || isMeantAsPolicy(raw)))
    throw new UserError(
      `There is no policy in ${paths.map((path) => (path === '-' ? 'stdin' : path)).join(', ')}.`,
      'Give files with a NetworkPolicy or one of Cilium’s.',
    );
  refuseNamesakes(placed);
  return placed;
}

/** Objects of a kind that looks like a policy's and is none: nobody would ever take it. */
export function misspelt(placed: readonly Placed[]): readonly { placed: Placed; text: string }[] {
  return placed
    .filter(({ raw }) => !isPolicy(raw) && isMeantAsPolicy(raw))
    .map((one) => {
      const kind = text(one.raw.kind, 60);
      const near = POLICY_KINDS.find((known) => known.toLowerCase() === kind.toLowerCase());
      const meant = near === undefined ? '' : `; ${near} is meant`;
      return { placed: one, text: `neither Kubernetes nor Cilium has a kind ${kind}${meant}` };
    });
}

const POLICY_KINDS: readonly string[] = POLICY_SOURCES.map((id) => kinds[id].kind);

function isPolicy({ kind }: RawObject): boolean {
  return POLICY_KINDS.includes(text(kind)) || TIERED_KINDS.includes(text(kind));
}

function isMeantAsPolicy({ kind }: RawObject): boolean {
  return /network-?polic/i.test(text(kind));
}

/** Which of two is meant nobody can tell; twice the same is no harm. */
function refuseNamesakes(placed: readonly Placed[]): void {
  const known = new Map<string, Placed>();
  for (const one of placed) {
    const key = objectKey(one.raw);
    const before = known.get(key);
    if (before && JSON.stringify(before.raw) !== JSON.stringify(one.raw))
      throw new UserError(
        `There are two different ${key.replace(/\|\/?/, ' ')}: ${placeText(before.where('metadata.name'))} and ${placeText(one.where('metadata.name'))}.`,
        'Leave one of them out.',
      );
    known.set(key, one);
  }
}

function placeText({ file, line }: Place): string {
  return `${file}:${line}`;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
