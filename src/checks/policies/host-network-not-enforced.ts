import { reservedLabels } from '../../model/policies/labels.ts';
import { matchSelector } from '../../model/policies/selector.ts';
import type { Lint } from './lint.ts';

export const hostNetworkNotEnforced: Lint = {
  id: 'policies/host-network-not-enforced',
  title: 'Policy about pods of the host’s network',
  why: 'A pod with hostNetwork has the identity of its node. Policies of pods do not hold for it, neither to isolate nor to allow.',
  severity: 'warning',
  needs: ['pods'],
  goesBy: 'pods',
  look(policy, ground) {
    return policy.specs.flatMap(({ path, subject }) => {
      // A selector of a whole namespace does not mean them in particular.
      const own = subject.selector.requirements.filter(({ key }) => key !== 'io.kubernetes.pod.namespace');
      if (subject.type === 'nodes' || own.length === 0) return [];
      const meant = ground.hostPods().filter(({ pod }) => {
        if (policy.ref.namespace !== '' && pod.namespace !== policy.ref.namespace) return false;
        const { of } = reservedLabels();
        const labels = new Map([
          ...of,
          ...Object.entries(pod.labels).map(([key, value]) => [`k8s:${key}`, value] as const),
        ]);
        labels.set('k8s:io.kubernetes.pod.namespace', pod.namespace);
        return matchSelector(subject.selector, { of: labels, unknownPrefix: '' }) === 'yes';
      });
      const [first] = meant;
      if (!first) return [];
      const pods = meant.reduce((sum, { count }) => sum + count, 0);
      return [
        {
          path,
          text: `${pods === 1 ? 'one pod it selects runs' : `${pods} pods it selects run`} in the host’s network, ${first.pod.namespace}/${first.pod.name} for one: it does not hold there`,
          next: 'Take hostNetwork off the pods, or protect the nodes from outside the cluster.',
        },
      ];
    });
  },
};
