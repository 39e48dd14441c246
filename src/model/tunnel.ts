import type { Snapshot } from './snapshot.ts';
import { type SystemWorkload, steadyReady, systemDeployment } from './system-workload.ts';

/** The tunnel through which the API server reaches nodes: without it no logs, no exec, no webhooks. */
export type Tunnel = { workload: SystemWorkload | undefined; desired: number; ready: number };

/** `workload` is undefined on clusters whose API server reaches nodes directly. */
export function tunnel(snapshot: Snapshot, now: number): Tunnel {
  const found = systemDeployment(snapshot, 'konnectivity-agent', 'app=konnectivity-agent');
  return { workload: found, desired: found?.desired ?? 0, ready: found ? steadyReady(found, now) : 0 };
}
