import type { Snapshot } from '../model/snapshot.ts';

/** Verdicts are Cilium's: of a cluster with another network they only say what would be. */
export function isForeign({ judgement }: Snapshot): boolean {
  return judgement.findings.some(({ id }) => id === 'cluster/not-cilium');
}

export const FOREIGN = 'The network of this cluster is not Cilium: this is what Cilium would do.';
