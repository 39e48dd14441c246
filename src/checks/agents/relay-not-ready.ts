import { brokenSince, loopingContainer } from '../../model/looping.ts';
import { systemDeployment } from '../../model/system-workload.ts';
import { heldUpOn } from '../backends/held-up-on.ts';
import type { Check, Suspect } from '../check.ts';
import { system } from '../installation.ts';
import { podLines } from './workload-lines.ts';

export const relayNotReady: Check<Suspect> = {
  id: 'agents/relay-not-ready',
  title: 'Hubble’s relay not ready',
  why: 'The relay gathers flows from all agents for hubble observe and its UI. Without it nobody sees flows of the whole cluster; traffic goes on.',
  severity: 'warning',
  needs: ['deployments', 'systemPods'],
  uses: ['nodes'],
  clock: true,
  graceMs: 5 * 60_000,
  look(snapshot, now) {
    const relay = systemDeployment(snapshot, 'hubble-relay', 'k8s-app=hubble-relay');
    if (relay === undefined || relay.desired === 0) return [];
    const steady = relay.pods.some(
      (pod) => pod.ready && pod.deleting === 0 && loopingContainer(pod, now) === undefined,
    );
    if (steady || relay.pods.length === 0) return [];
    const since = Math.max(...relay.pods.map((pod) => brokenSince(pod, now) || pod.created));
    const object = { kind: 'Deployment', namespace: system, name: 'hubble-relay' };
    return [{ object, since, ...heldUpOn(relay.pods, snapshot) }];
  },
  tell(suspects, snapshot, now) {
    const pods = systemDeployment(snapshot, 'hubble-relay', 'k8s-app=hubble-relay')?.pods ?? [];
    return [
      {
        title: `hubble-relay: 0 of ${pods.length} ready`,
        objects: suspects.map(({ object }) => object),
        evidence: podLines(pods, now),
        since: Math.min(...suspects.map(({ since }) => since ?? now)),
        reach: 'flows of the cluster',
        next: 'Read why: kubectl -n kube-system logs deploy/hubble-relay; its certificates may have ended.',
      },
    ];
  },
};
