import { agents } from '../../model/agents.ts';
import type { ObjectRef } from '../../model/ref.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { compareVersions } from '../../model/versions.ts';
import type { Check, Suspect } from '../check.ts';
import { atMost, count } from '../words.ts';

type Conflict = Suspect & { text: string };

/** From here on Cilium tells the protocols of one host port apart (cilium#14287). */
const tellsProtocolsApart = '1.17.0';

export const hostPortConflict: Check<Conflict> = {
  id: 'nodes/host-port-conflict',
  title: 'Two uses of one host port',
  why: 'Two services or pods want the same port of a node. Cilium programs only one of them, so the other is reached by nobody, or by chance.',
  severity: 'warning',
  needs: ['pods', 'services', 'systemPods'],
  everyMs: 10_000,
  look(snapshot, now) {
    const mixes = agents(snapshot, now).some(
      ({ version }) => version !== '' && compareVersions(version, tellsProtocolsApart) < 0,
    );
    const byPort = Map.groupBy([...nodePorts(snapshot), ...hostPorts(snapshot)], ({ port }) => port);
    return [...byPort].flatMap(([port, uses]) => clashes(port, uses, mixes));
  },
  tell: (suspects) => [
    {
      title: `${count(suspects.length, 'host port')} wanted twice: ${suspects[0]?.text ?? ''}`,
      objects: suspects.map(({ object }) => object),
      evidence: atMost(
        suspects.map(({ text }) => text),
        6,
        'port',
      ),
      reach: count(suspects.length, 'port'),
      next: 'Give one of the two another port; where only the protocol differs, Cilium 1.17 or later mends it, too.',
    },
  ],
};

/** `node` '' = every node. */
type Use = { port: number; protocol: string; node: string; object: ObjectRef };

function nodePorts(snapshot: Snapshot): Use[] {
  return [...snapshot.tables.services.rows.values()].flatMap((service) =>
    service.ports
      .filter(({ nodePort }) => nodePort > 0)
      .map(({ nodePort, protocol }) => ({
        port: nodePort,
        protocol,
        node: '',
        object: { kind: 'Service', namespace: service.namespace, name: service.name },
      })),
  );
}

/** Ports Cilium maps to a pod. Pods on the host's network bind theirs themselves and the kubelet keeps them apart. */
function hostPorts(snapshot: Snapshot): Use[] {
  const uses: Use[] = [];
  for (const pod of snapshot.tables.pods.rows.values()) {
    if (pod.hostPorts.length === 0 || pod.hostNetwork || pod.node === '' || pod.deleting > 0 || ended.has(pod.phase))
      continue;
    for (const text of pod.hostPorts) {
      const [, port = '', protocol = ''] = /:(\d+)\/(\w+)$/.exec(text) ?? [];
      const object = { kind: 'Pod', namespace: pod.namespace, name: pod.name };
      uses.push({ port: Number(port), protocol, node: pod.node, object });
    }
  }
  return uses;
}

const ended: ReadonlySet<string> = new Set(['Succeeded', 'Failed']);

/**
 * 1. The API server gives a node port and protocol to one service only, and the scheduler gives a host port, protocol
 *    and node to one pod only: neither can clash with itself.
 * 2. Nobody keeps a node port and a pod's host port apart: the same protocol clashes on that pod's node.
 * 3. An agent before 1.17 knows a port without its protocol: any two protocols on one port of one node clash.
 */
function clashes(port: number, uses: readonly Use[], mixesProtocols: boolean): Conflict[] {
  const found = new Map<string, Conflict>();
  for (const [at, a] of uses.entries()) {
    for (const b of uses.slice(at + 1, at + 1 + mostCompared)) {
      if (a.node !== '' && b.node !== '' && a.node !== b.node) continue;
      const sameProtocol = a.protocol === b.protocol;
      const differentWorlds = (a.node === '') !== (b.node === '');
      if (sameProtocol ? !differentWorlds : !mixesProtocols) continue;
      const key = [nameOf(a), nameOf(b)].join('|');
      if (found.has(key)) continue;
      const where = a.node || b.node;
      const text = `${port}/${a.protocol} of ${nameOf(a)} and ${port}/${b.protocol} of ${nameOf(b)}${where && ` on ${where}`}`;
      found.set(key, { object: a.object, key, ...(where ? { node: where } : {}), text });
    }
  }
  return [...found.values()];
}

/** One port is on every node of a DaemonSet: comparing each with each would be a square of thousands. */
const mostCompared = 50;

function nameOf({ object }: Use): string {
  return `${object.kind} ${object.namespace}/${object.name}`;
}
