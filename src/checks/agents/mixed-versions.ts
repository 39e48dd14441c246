import { agents } from '../../model/agents.ts';
import { clock } from '../../model/clock.ts';
import { agentDaemonSet } from '../../model/cluster-mode.ts';
import { operator, operatorSkew } from '../../model/operator.ts';
import { agentRollout } from '../../model/rollout.ts';
import type { Check, Suspect } from '../check.ts';
import { age, count, names } from '../words.ts';

export const mixedVersions: Check<Suspect> = {
  id: 'agents/mixed-versions',
  title: 'Agents of different versions',
  why: 'Agents of two versions run side by side and no rollout moves any more. They may disagree on policies and identities, and nobody tests the mixture.',
  severity: 'warning',
  needs: ['nodes', 'systemPods', 'daemonSets'],
  uses: ['controllerRevisions', 'deployments'],
  clock: true,
  everyMs: 5_000,
  look(snapshot, now) {
    const rollout = agentRollout(snapshot, agents(snapshot, now), now);
    const set = agentDaemonSet(snapshot);
    if (!set || !rollout || rollout.versions.length < 2 || rollout.state !== 'standing-still') return [];
    const object = { kind: 'DaemonSet', namespace: set.namespace, name: set.name };
    return [{ object, since: rollout.began || rollout.moved }];
  },
  tell(suspects, snapshot, now) {
    const all = agents(snapshot, now);
    const rollout = agentRollout(snapshot, all, now);
    const versions = rollout?.versions ?? [];
    const fewest = versions.at(-1);
    const few = all.filter(({ version }) => version === fewest?.version).map(({ node }) => node);
    const skew = operatorSkew(operator(snapshot, now), all);
    return [
      {
        title: `agents run ${versions.length} versions: ${versions.map((one) => `${one.version} ×${one.count}`).join(', ')}`,
        objects: suspects.map(({ object }) => object),
        evidence: [
          `${fewest?.version} on ${names(few)}`,
          ...(rollout && rollout.moved > 0
            ? [`last agent replaced or ready ${clock(rollout.moved)} (${age(now - rollout.moved)} ago)`]
            : []),
          ...(skew ? [skew] : []),
        ],
        ...(suspects[0]?.since ? { since: suspects[0].since } : {}),
        reach: count(few.length, 'node'),
        next: 'See what holds the rollout up: kubectl -n kube-system rollout status ds/cilium',
      },
    ];
  },
};
