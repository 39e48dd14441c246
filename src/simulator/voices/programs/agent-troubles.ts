// What an agent says of the causes that no object tells. A habit that has nothing to say costs turns all the same, and
// a log reaches back by their number: only what is in force has any.
import { tooMany } from '../../crowded.ts';
import { chanceBetween } from '../chance.ts';
import { fullMapOf } from '../full-maps.ts';
import { cannotWriteCni, cniFileProblem } from '../lies.ts';
import type { Habit } from '../program.ts';
import type { Scene } from '../scene.ts';
import type { Pod } from '../shapes.ts';
import { bgpHabits } from './bgp.ts';
import type { Say } from './say.ts';

export function agentTroubles(scene: Scene, pod: Pod, say: Say): readonly Habit[] {
  const { busyClient, peersDown } = scene.causes.now();
  return [
    ...(busyClient === undefined ? [] : [crowdedHabit(scene, say)]),
    ...(fullMapOf(scene, pod, 'policy') === undefined ? [] : [fullPolicyMapHabit(scene, pod, say)]),
    ...(cannotWriteCni(scene, pod) ? [cniFileHabit(scene, say)] : []),
    ...(peersDown.length === 0 ? [] : bgpHabits(scene, pod, say)),
  ];
}

function crowdedHabit({ causes }: Scene, say: Say): Habit {
  return {
    every: 75_000,
    say: (at) =>
      at < causes.since('busyClient')
        ? undefined
        : say(at, 'warn', 'Network status error received, restarting client connections', 'agent.infra.k8s-client', {
            error: `${tooMany} (get healthz)`,
          }),
  };
}

function cniFileHabit({ causes }: Scene, say: Say): Habit {
  return {
    every: 30_000,
    say: (at) =>
      at < causes.since('withoutCni') ? undefined : say(at, 'error', cniFileProblem, 'agent.infra.cni-config'),
  };
}

function fullPolicyMapHabit(scene: Scene, pod: Pod, say: Say): Habit {
  const seed = pod.metadata.uid ?? '';
  const endpointID = scene.endpointsOn(pod)[0]?.status?.id;
  return {
    every: 20_000,
    say(at, turn) {
      if (at < scene.causes.since('fullMaps')) return undefined;
      const identity = chanceBetween(`${seed} ${turn}`, 20_000, 60_000);
      return say(at, 'error', 'Failed to add PolicyMap key', 'agent.controlplane.endpoint', {
        endpointID,
        bpfMapKey: `{Identity:${identity} DestPort:0 Nexthdr:0 TrafficDirection:0}`,
        error: 'update map cilium_policy_v2: no space left on device',
      });
    },
  };
}
