// What a full table of the kernel does on a node, as its agent counts it.
import type { FullMap } from '../world/causes.ts';
import type { Scene } from './scene.ts';
import type { Pod } from './shapes.ts';

/** The cause that fills this table on the agent's node; undefined: it has room. */
export function fullMapOf({ causes }: Scene, pod: Pod, map: FullMap['map']): FullMap | undefined {
  return causes.now().fullMaps.find((one) => one.map === map && causes.touches(one.where, pod.spec?.nodeName ?? ''));
}

/** How full its tables are, by the names the agent's metric has; those that nothing fills are left to whoever asks. */
export function fullness(scene: Scene, pod: Pod): readonly { map: string; ratio: number }[] {
  const endpoint = scene.endpointsOn(pod)[0]?.status?.id;
  return [
    ...(fullMapOf(scene, pod, 'connections') ? [{ map: 'ct4_global', ratio: 1 }] : []),
    ...(fullMapOf(scene, pod, 'nat') ? [{ map: 'snat_v4_external', ratio: 0.998 }] : []),
    ...(fullMapOf(scene, pod, 'policy') && endpoint !== undefined
      ? [{ map: `policy_v2_${String(endpoint).padStart(5, '0')}`, ratio: 1 }]
      : []),
  ];
}

/** Packets a second that find no room, by the agent's own reason (domain §6.1: 155, 167, 133). */
export function droppedForRoom(
  scene: Scene,
  pod: Pod,
): readonly { reason: string; direction: 'INGRESS' | 'EGRESS'; perSecond: number }[] {
  return [
    ...(fullMapOf(scene, pod, 'connections')
      ? [
          { reason: 'CT: Map insertion failed', direction: 'EGRESS' as const, perSecond: 38 },
          { reason: 'CT: Map insertion failed', direction: 'INGRESS' as const, perSecond: 21 },
        ]
      : []),
    ...(fullMapOf(scene, pod, 'nat')
      ? [{ reason: 'No mapping for NAT masquerade', direction: 'EGRESS' as const, perSecond: 17 }]
      : []),
    // What the policies allow and the table has no room for is no longer allowed.
    ...(fullMapOf(scene, pod, 'policy')
      ? [{ reason: 'Policy denied', direction: 'INGRESS' as const, perSecond: 4 }]
      : []),
  ];
}
