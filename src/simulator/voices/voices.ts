import type { Cluster, ObjectStore } from '../cluster.ts';
import type { CausesInForce } from '../world/causes.ts';
import { runCommand } from './exec.ts';
import { readLog } from './log.ts';
import { metricsText } from './metrics.ts';
import { createScene } from './scene.ts';
import { createSliceWaits } from './slice-waits.ts';

export type Voices = Pick<Cluster, 'log' | 'exec' | 'metrics'>;

/** What the containers of a cluster say: in logs, to commands, as metrics. `podsOn` lists the pods of a node, by its name. */
export function createVoices(
  store: ObjectStore,
  now: () => number,
  podsOn: (node: string) => Iterable<{ namespace: string; name: string; hostNetwork: boolean }>,
  causes?: CausesInForce,
): Voices {
  const scene = createScene(store, now, podsOn, causes);
  const waits = createSliceWaits();
  return {
    log: (pod, container, options) => readLog(scene, pod, container, options),
    exec: (pod, container, command) => runCommand(scene, pod, container, command),
    metrics: (pod, port) => metricsText(scene, pod, port, waits),
  };
}
