// What an agent says of policies that it does not take: when it first sees them, and again whenever it starts.
import type { StoreEvent } from '../../cluster.ts';
import type { Line } from '../program.ts';
import { getOf, type Scene } from '../scene.ts';
import { timeOf } from '../shapes.ts';
import type { Fields, Level } from './slog.ts';

type Say = (at: number, level: Level, message: string, module: string, fields?: Fields) => string;
type Rejected = ReturnType<ReturnType<Scene['policies']>['rejected']>[number];

export function recallRejected(scene: Scene, since: number, say: Say): Line[] {
  return scene
    .policies()
    .rejected()
    .map((policy) => {
      const at = Math.max(since + 2_000, writtenAt(scene, policy));
      return { at, line: line(policy, at, say) };
    });
}

export function hearRejected(scene: Scene, { type, object, previous }: StoreEvent, at: number, say: Say): string[] {
  if (type === 'DELETED' || previous?.metadata.generation === object.metadata.generation) return [];
  const { namespace = '', name } = object.metadata;
  const found = scene
    .policies()
    .rejected()
    .find((one) => one.kind === object.kind && one.namespace === namespace && one.name === name);
  return found === undefined ? [] : [line(found, at, say)];
}

/** When somebody last wrote what it says. */
function writtenAt(scene: Scene, { kind, namespace, name }: Rejected): number {
  const { metadata } = getOf(scene, kind, namespace, name) ?? {};
  const edits = (metadata?.managedFields ?? []) as { time?: string; subresource?: string }[];
  const times = edits.filter(({ subresource }) => (subresource ?? '') === '').map(({ time }) => timeOf(time));
  return Math.max(timeOf(metadata?.creationTimestamp), ...times);
}

function line({ kind, namespace, name, error }: Rejected, at: number, say: Say): string {
  const module = 'agent.controlplane.policy-k8s-watcher';
  if (kind === 'NetworkPolicy') {
    const about = { k8sNetworkPolicyName: name, k8sNamespace: namespace };
    return say(at, 'error', 'Error while parsing k8s kubernetes NetworkPolicy', module, { ...about, error });
  }
  const about = { ciliumNetworkPolicyName: name, k8sApiVersion: 'cilium.io/v2', k8sNamespace: namespace || undefined };
  return say(at, 'warn', 'Unable to add CiliumNetworkPolicy', module, { ...about, error });
}
