import type { Snapshot } from '../model/snapshot.ts';

/**
 * Why nothing at all has been heard yet, and what to do about it; undefined once something was. One kind that is
 * forbidden says nothing of the others; a server that cannot be reached is told by all of them.
 */
export function nothingKnown(links: Snapshot['links']): string | undefined {
  const all = [...links.values()];
  if (all.some(({ heard, problem }) => heard > 0 || problem === undefined)) return undefined;
  // The agents' pods are what everything rests on; which source was refused first is chance.
  return (links.get('systemPods') ?? links.get('pods') ?? all[0])?.problem;
}
