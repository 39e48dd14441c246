// What each agent has read of cilium-config: it reads it when it starts, so an edit is in force on a node only when its
// agent has started anew.
import type { Core } from '../core.ts';
import type { Labels, Pod } from '../shapes.ts';

export type AgentConfig = {
  /** `labels` (domain §10 R7) as the agent of the node read it. */
  labelsOn(node: string): string;
};

/** `changed` hears of a node whose agent started and read something else than the one before. */
export function createAgentConfig(core: Core, changed: (node: string) => void): AgentConfig {
  const read = new Map<string, string>();
  const started = new Map<string, string>();

  core.listen((event, pod) => {
    if (pod === undefined || event.type === 'DELETED' || pod.namespace !== 'kube-system') return;
    if (pod.set.labels['k8s-app'] !== 'cilium' || pod.phase !== 'Running') return;
    const { status } = event.object as Pod;
    const agent = status.containerStatuses?.find(({ name }) => name === 'cilium-agent')?.state.running;
    const run = agent && `${pod.uid} ${agent.startedAt}`;
    if (run === undefined || started.get(pod.node) === run) return;
    started.set(pod.node, run);
    const before = read.get(pod.node);
    const now = labelsOf(core);
    read.set(pod.node, now);
    if (before !== undefined && before !== now) changed(pod.node);
  });

  return {
    labelsOn(node) {
      const known = read.get(node);
      if (known !== undefined) return known;
      // It has run since before anybody looked.
      const now = labelsOf(core);
      read.set(node, now);
      return now;
    },
  };
}

function labelsOf(core: Core): string {
  const data = (core.get('ConfigMap', 'kube-system', 'cilium-config')?.['data'] ?? {}) as Labels;
  return data['labels'] ?? '';
}
