// An upgrade that was asked for through ARM reaches the world: its nodes have the versions that their pools have now.
import type { KubeObject } from '../../cluster.ts';
import type { World } from '../../world/world.ts';
import type { Properties } from './resource-store.ts';

type NodeObject = KubeObject & { status: { nodeInfo: { kubeletVersion: string } } };

const imageLabel = 'kubernetes.azure.com/node-image-version';

/** Nodes whose pool says something else than they do are as they would be after a reimage. */
export function upgradeNodes({ store, view }: World, pools: readonly Properties[]): void {
  for (const { name: node, pool } of [...view.nodes.values()]) {
    const wanted = pools.find(({ name }) => name === pool);
    const object = store.get('Node', '', node) as NodeObject | undefined;
    if (wanted === undefined || object === undefined) continue;
    const image = String(wanted['nodeImageVersion']);
    const kubelet = `v${wanted['currentOrchestratorVersion']}`;
    const { labels = {} } = object.metadata;
    if (labels[imageLabel] === image && object.status.nodeInfo.kubeletVersion === kubelet) continue;
    object.metadata.labels = { ...labels, [imageLabel]: image };
    object.status.nodeInfo.kubeletVersion = kubelet;
    store.update(object, 'kubelet');
  }
}
