// The BGP sessions of a node, as its agent sees them: by the objects that configure them, and the routers that are there.
import { type RouterSession, routers } from '../world/cilium/bgp.ts';
import { listOf, nodeOf, type Scene } from './scene.ts';
import type { Pod } from './shapes.ts';

/** None where BGP is off, or no configuration is about this node. */
export function sessionsOf(scene: Scene, pod: Pod, config: Readonly<Record<string, string>>): readonly RouterSession[] {
  const node = pod.spec?.nodeName ?? '';
  if (config['enable-bgp-control-plane'] !== 'true' || nodeOf(scene, pod) === undefined) return [];
  const own = listOf(scene, 'CiliumBGPNodeConfig').some(({ metadata }) => metadata.name === node);
  return own ? routers(scene.causes, node) : [];
}
