import { agentPods } from '../../model/agents.ts';
import { agentDaemonSet, ciliumConfig } from '../../model/cluster-mode.ts';
import { type KindId, kinds } from '../../model/kinds.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Check, Suspect } from '../check.ts';
import { system } from '../installation.ts';
import { count, names } from '../words.ts';

type Missing = Suspect & { kinds: readonly string[] };

export const ciliumKindsMissing: Check<Missing> = {
  id: 'cluster/cilium-kinds-missing',
  title: "Cilium's kinds are not served",
  why: 'Agents and operator keep their state in objects of these kinds. Without their definitions nothing new is written or learnt; what agents hold in memory goes on until they restart, and then they wait.',
  severity: 'warning',
  needs: ['daemonSets', 'systemPods', 'configMaps'],
  // What the server does not serve is told by the links, which change no table.
  clock: true,
  graceMs: 60_000,
  look(snapshot) {
    const set = agentDaemonSet(snapshot);
    if (!set || agentPods(snapshot).length === 0) return [];
    const missing = wanted(snapshot).filter((kind) => snapshot.links.get(kind)?.phase === 'missing');
    if (missing.length === 0) return [];
    const object = { kind: 'DaemonSet', namespace: system, name: set.name };
    return [
      { object, key: missing.join(), kinds: missing.map((kind) => `${kinds[kind].plural}.${kinds[kind].group}`) },
    ];
  },
  tell: (suspects, snapshot) =>
    suspects.map((suspect) => ({
      title: `agents run, but the server does not serve ${names(suspect.kinds)}`,
      objects: [suspect.object],
      evidence: [
        `${count(agentPods(snapshot).length, 'agent pod')} of DaemonSet ${system}/${suspect.object.name}`,
        ...suspect.kinds.map((name) => `no CustomResourceDefinition ${name}`),
      ],
      reach: 'the cluster',
      next: 'See who deleted the definitions; the operator makes them anew when it starts: kubectl -n kube-system rollout restart deploy cilium-operator',
    })),
};

/** Slices only where they are switched on; older versions do not have them. */
function wanted(snapshot: Snapshot): KindId[] {
  const slices = ciliumConfig(snapshot)['enable-cilium-endpoint-slice'] === 'true';
  return ['ciliumEndpoints', 'ciliumIdentities', 'ciliumNodes', ...(slices ? ['ciliumEndpointSlices' as const] : [])];
}
