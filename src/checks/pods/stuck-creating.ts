import { clock } from '../../model/clock.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { type StuckPod, stuckPods } from '../../model/stuck-pods.ts';
import type { Check, Suspect } from '../check.ts';
import { atMost, count, names } from '../words.ts';

type Stuck = Suspect & { one: StuckPod };

/** The kubelet tries again every few seconds and its event grows; one that stopped growing tells of the past. */
const freshMs = 15 * 60_000;

export const stuckCreating: Check<Stuck> = {
  id: 'pods/stuck-creating',
  title: 'Pods wait for their network',
  why: 'The kubelet cannot set up the network of these pods, so they do not start: deployments stand still and services lose their reserves. Image pulls and volumes are not counted here.',
  severity: 'error',
  needs: ['pods', 'systemPods', 'nodes', 'events'],
  // Nodes say which pool it is; without the agents' pods nobody knows of a cause to tell it under.
  goesWithout: ['systemPods', 'nodes'],
  perNamespace: true,
  clock: true,
  graceMs: 60_000,
  look: (snapshot, now) =>
    stuckPods(snapshot)
      .filter(({ event }) => now - event.last < freshMs)
      .map((one) => ({
        object: { kind: 'Pod', namespace: one.pod.namespace, name: one.pod.name },
        node: one.pod.node,
        since: one.since,
        one,
      })),
  tell(suspects, snapshot) {
    const byPool = Map.groupBy(suspects, ({ one }) => `${poolOf(snapshot, one)}\n${one.words.text}`);
    return [...byPool]
      .sort(([, a], [, b]) => b.length - a.length)
      .map(([key, group]) => {
        const [pool = '', words = ''] = key.split('\n');
        const onNodes = Map.groupBy(group, ({ one }) => one.pod.node);
        const loudest = group.toSorted((a, b) => b.one.event.count - a.one.event.count)[0]?.one.event;
        return {
          title: `${count(group.length, 'pod')} stuck ContainerCreating${pool && ` on pool ${pool}`}: ${words}`,
          objects: group.map(({ object }) => object),
          evidence: [
            `on ${names(
              [...onNodes].sort(([, a], [, b]) => b.length - a.length).map(([node, pods]) => `${node} ×${pods.length}`),
              4,
            )}`,
            ...(loudest ? [`event ×${loudest.count}, last ${clock(loudest.last)}: ${loudest.message}`] : []),
            ...atMost(
              group.map(({ one }) => `Pod ${one.pod.namespace}/${one.pod.name} on ${one.pod.node}`),
              4,
              'pod',
            ),
          ],
          since: Math.min(...group.map(({ one }) => one.since)),
          reach: count(group.length, 'pod'),
          next: nextStep[group[0]?.one.words.id ?? ''] ?? 'Look at the agent and at azure-cns on these nodes.',
        };
      });
  },
};

function poolOf(snapshot: Snapshot, { pod }: StuckPod): string {
  return snapshot.tables.nodes.named('', pod.node)?.pool ?? '';
}

const nextStep: Record<string, string> = {
  'subnet-full': 'Give pods another subnet: a new pool with its own pod subnet, then move the workload.',
  'no-addresses': 'See how many addresses the node has and uses; add nodes, or a pool with more room.',
  cns: 'Look at azure-cns on these nodes: is it ready, and what does its log say?',
  'agent-absent': 'No agent listens on these nodes: look at the cilium pods there.',
  'agent-slow': "The agent is overloaded: read its log, and count what its endpoints' policies select.",
  'no-cni': 'The conflist is missing in /etc/cni/net.d: look at azure-cns and the agent on these nodes.',
};
