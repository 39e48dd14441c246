import type { ClusterFacts } from './change.ts';

/**
 * Our moment by the API server's clock. Objects are dated by the server, and this machine's clock may be minutes off:
 * every age, wherever it is counted, is counted by the server's.
 */
export function serverTime({ cluster }: { cluster: Pick<ClusterFacts, 'skew'> }, ours: number): number {
  return ours + (cluster.skew ?? 0);
}
