import type { Block } from './block.ts';

/** Blocks next to each other; one when the screen is narrow. */
export type Band = readonly Block[];

/**
 * How many lines below its title each band gets of `height`, titles included in the count. What is wrong comes first,
 * then a few lines of what changed, then the healthy ones; what is left over goes to the last band.
 */
export function shareRows(bands: readonly Band[], height: number): number[] {
  let left = height - bands.length;
  const given = bands.map(() => 0);
  const give = (index: number, upTo: number) => {
    const more = Math.max(0, Math.min(left, upTo - (given[index] ?? 0)));
    given[index] = (given[index] ?? 0) + more;
    left -= more;
  };
  const order = bands
    .map((_, index) => index)
    .sort((a, b) => Number(isSick(bands[b])) - Number(isSick(bands[a])) || a - b);
  for (const index of order) give(index, Math.max(...(bands[index] ?? []).map((block) => block.least)));
  const last = bands.length - 1;
  give(last, Math.min(lastLeast, wanted(bands[last])));
  for (const index of order) if (isSick(bands[index])) give(index, wanted(bands[index]));
  for (const index of order) if (index !== last) give(index, wanted(bands[index]));
  give(last, Number.POSITIVE_INFINITY);
  return given;
}

/** What changed just before is part of every incident, however much is wrong. */
const lastLeast = 3;

function isSick(band: Band | undefined): boolean {
  return band?.some((block) => block.sick) === true;
}

function wanted(band: Band | undefined): number {
  return Math.max(0, ...(band ?? []).map((block) => block.want));
}
