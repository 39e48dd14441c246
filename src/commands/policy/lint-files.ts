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
export async function readLintFiles(paths: readonly string[], stdin: NodeJS.ReadStream): Promise<LintFiles> {
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
  return withoutNamesakes(placed);
}

export type LintFiles = {
  /** What can be judged. */
  placed: readonly Placed[];
  /** Policies of one name that say different things, and are not among those. */
  namesakes: readonly Namesakes[];
};
export type Namesakes = readonly [Placed, ...Placed[]];

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

/** Which of two is meant nobody can tell; twice the same is no harm. Throws a UserError where they are no policies. */
function withoutNamesakes(placed: readonly Placed[]): LintFiles {
  const namesakes: Namesakes[] = [];
  const kept = [...Map.groupBy(placed, ({ raw }) => objectKey(raw))].flatMap(([key, all]) => {
    const different = [...new Map(all.map((one) => [JSON.stringify(one.raw), one])).values()];
    const [first, second] = different;
    if (!first || !second) return all;
    if (isPolicy(first.raw) || isMeantAsPolicy(first.raw)) {
      namesakes.push([first, ...different.slice(1)]);
      return [];
    }
    throw new UserError(
      `There are two different ${key.replace(/\|\/?/, ' ')}: ${placeText(first.where('metadata.name'))} and ${placeText(second.where('metadata.name'))}.`,
      'Leave one of them out.',
    );
  });
  return { placed: kept, namesakes };
}

/** `a.yaml:9`. */
export function placeText({ file, line }: Place): string {
  return `${file}:${line}`;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
