import { brokenSince, loopingContainer } from '../../model/looping.ts';
import type { PodRow } from '../../model/objects/pod.ts';
import { operator } from '../../model/operator.ts';
import type { Check, Suspect } from '../check.ts';
import { systemPod } from '../installation.ts';
import { linuxNodes } from '../nodes/real-nodes.ts';
import { count } from '../words.ts';
import { earliest } from './sick-agents.ts';
import { podLines } from './workload-lines.ts';

type Standby = Suspect & { pod: PodRow };

export const operatorWithoutStandby: Check<Standby> = {
  id: 'agents/operator-without-standby',
  title: 'An operator replica is not ready',
  why: 'The operator works, but when its node goes nobody takes over at once: no slices, no identities and no taints lifted until a new one has started.',
  severity: 'note',
  needs: ['deployments', 'systemPods', 'nodes'],
  graceMs: 10 * 60_000,
  look(snapshot, now) {
    const { workload, ready, pendingIsNormal } = operator(snapshot, now);
    // The replicas exclude each other from a node: with one node to go to, the second waits for ever.
    const places = linuxNodes(snapshot).filter(({ unschedulable }) => !unschedulable).length;
    if (!workload || ready === 0 || pendingIsNormal || places < 2) return [];
    return workload.pods
      .filter((pod) => !pod.ready || loopingContainer(pod, now) !== undefined)
      .filter((pod) => pod.deleting === 0 && pod.phase !== 'Succeeded' && pod.phase !== 'Failed')
      .map((pod) => ({
        object: systemPod(pod.name),
        node: pod.node,
        since: brokenSince(pod, now) || pod.created,
        pod,
      }));
  },
  tell(suspects, snapshot, now) {
    const { desired, ready } = operator(snapshot, now);
    return [
      {
        title: `${ready} of ${count(desired, 'operator')} ready: no standby`,
        objects: suspects.map(({ object }) => object),
        evidence: podLines(
          suspects.map(({ pod }) => pod),
          now,
        ),
        ...earliest(suspects),
        reach: 'the operator',
        next: 'Read why it does not run: kubectl -n kube-system describe pod -l io.cilium/app=operator',
      },
    ];
  },
};
