// What an agent says of the causes that no object tells.
import { tooMany } from '../../crowded.ts';
import { chanceBetween } from '../chance.ts';
import { fullMapOf } from '../full-maps.ts';
import type { Habit } from '../program.ts';
import type { Scene } from '../scene.ts';
import type { Pod } from '../shapes.ts';
import { bgpHabits } from './bgp.ts';
import type { Say } from './say.ts';

export function agentTroubles(scene: Scene, pod: Pod, say: Say): readonly Habit[] {
  const { causes } = scene;
  const seed = pod.metadata.uid ?? '';
  return [
    {
      every: 75_000,
      say: (at) =>
        causes.now().busyClient === undefined || at < causes.since('busyClient')
          ? undefined
          : say(at, 'warn', 'Network status error received, restarting client connections', 'agent.infra.k8s-client', {
              error: `${tooMany} (get healthz)`,
            }),
    },
    {
      every: 20_000,
      say(at, turn) {
        if (fullMapOf(scene, pod, 'policy') === undefined || at < causes.since('fullMaps')) return undefined;
        const ids = scene.endpointsOn(pod).map(({ status }) => status?.id ?? 0);
        const endpointID = ids[0];
        return say(at, 'error', 'Failed to add PolicyMap key', 'agent.controlplane.endpoint', {
          endpointID,
          bpfMapKey: `{Identity:${chanceBetween(`${seed} ${turn}`, 20_000, 60_000)} DestPort:0 Nexthdr:0 TrafficDirection:0}`,
          error: 'update map cilium_policy_v2: no space left on device',
        });
      },
    },
    ...bgpHabits(scene, pod, say),
  ];
}
