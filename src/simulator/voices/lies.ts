// Where an agent's datapath is not what the agent, or the API server, believes. None of it is in any object.
import type { Where } from '../world/causes.ts';
import { ciliumConfig, type Scene } from './scene.ts';
import { type Endpoint, type Pod, timeOf } from './shapes.ts';

type Lie = 'emptyPolicyMaps' | 'staleBackends' | 'staleIpcache';

/** Whether this agent has it wrong: since the cause began, and until it is started anew. */
export function isWrong({ causes }: Scene, pod: Pod, lie: Lie): boolean {
  const wheres: readonly Where[] = causes.now()[lie];
  const node = pod.spec?.nodeName ?? '';
  return wheres.some((where) => causes.touches(where, node)) && agentStart(pod) < causes.since(lie);
}

/** Of its endpoints that enforce policies the first: ready, and nothing in its map (AKS#5969). */
export function endpointWithoutMap(scene: Scene, pod: Pod): Endpoint | undefined {
  if (!isWrong(scene, pod, 'emptyPolicyMaps')) return undefined;
  return scene
    .endpointsOn(pod)
    .find(({ status }) => status?.policy?.ingress?.enforcing === true || status?.policy?.egress?.enforcing === true);
}

/** Where the agent writes the node's CNI configuration itself, and cannot. */
export function cannotWriteCni(scene: Scene, pod: Pod): boolean {
  const { causes } = scene;
  if (ciliumConfig(scene)['ipam'] === 'delegated-plugin') return false;
  return causes.now().withoutCni.some((where) => causes.touches(where, pod.spec?.nodeName ?? ''));
}

/** The agent's words for it, in its log and in its status. */
export const cniFileProblem =
  'failed to write CNI configuration file at /host/etc/cni/net.d/05-cilium.conflist: open /host/etc/cni/net.d/.05-cilium.conflist2817346: read-only file system';

/** WireGuard between this node and that one: a cause at either end breaks it. */
export function isCutOff({ causes }: Scene, node: string, other: string): boolean {
  if (node === other) return false;
  return causes.now().encryptionDown.some((where) => causes.touches(where, node) || causes.touches(where, other));
}

export function agentStart(pod: Pod): number {
  return timeOf(pod.status?.containerStatuses?.find((each) => each.name === 'cilium-agent')?.state?.running?.startedAt);
}
