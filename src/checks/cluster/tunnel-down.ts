import { tunnel } from '../../model/tunnel.ts';
import { downSince, podLines } from '../agents/workload-lines.ts';
import type { Check, Suspect } from '../check.ts';
import { system } from '../installation.ts';

export const tunnelDown: Check<Suspect> = {
  id: 'cluster/tunnel-down',
  title: 'API server cannot reach the nodes',
  why: 'konnectivity-agent is the tunnel from the API server to the nodes. Without it logs, exec, port-forward, webhooks and metrics fail; what runs goes on running.',
  severity: 'error',
  needs: ['deployments', 'systemPods'],
  anyNetwork: true,
  graceMs: 60_000,
  look(snapshot, now) {
    const { workload, ready } = tunnel(snapshot, now);
    if (!workload || ready > 0) return [];
    const since = downSince(workload, now);
    const object = { kind: 'Deployment', namespace: system, name: workload.name };
    const reread = [{ kind: 'deployments' as const, namespace: system, name: workload.name }];
    return [{ object, ...(since > 0 ? { since } : {}), reread }];
  },
  tell(suspects, snapshot, now) {
    const { workload, desired } = tunnel(snapshot, now);
    return [
      {
        title: `API tunnel down: 0 of ${desired} ${workload?.name} ready`,
        objects: suspects.map(({ object }) => object),
        evidence: podLines(workload?.pods ?? [], now),
        ...(suspects[0]?.since ? { since: suspects[0].since } : {}),
        reach: 'logs, exec, webhooks',
        next: 'Allow the nodes out to the API server (TCP 443, or UDP 1194 and TCP 9000), then delete these pods.',
      },
    ];
  },
};
