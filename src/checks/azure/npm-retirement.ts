import type { Check } from '../check.ts';
import { age } from '../words.ts';
import { managedCluster, suspectCluster } from './managed.ts';

/** Azure Network Policy Manager for Linux ends then (domain §9). */
const ends = Date.parse('2028-09-30T00:00:00Z');
const urgentMs = 365 * 86_400_000;

export const npmRetirement: Check = {
  id: 'azure/npm-retirement',
  title: 'Azure Network Policy Manager is being retired',
  why: 'This cluster enforces network policies with Azure Network Policy Manager, which Azure retires for Linux on 2028-09-30. Cilium takes its place; some policies mean something else there.',
  severity: 'note',
  needs: ['arm'],
  anyNetwork: true,
  look: (snapshot) => suspectCluster(snapshot, ({ network }) => network.policy === 'azure'),
  tell: (suspects, snapshot, now) => [
    {
      ...(ends - now < urgentMs ? { severity: 'warning' as const } : {}),
      title:
        now < ends
          ? `network policies by Azure Network Policy Manager, which ends in ${age(ends - now)}`
          : 'network policies by Azure Network Policy Manager, which has ended',
      objects: suspects.map(({ object }) => object),
      evidence: [`networkPolicy ${managedCluster(snapshot)?.network.policy}; retired for Linux on 2028-09-30`],
      reach: 'the cluster',
      next: 'Before changing over: ciliscope policy lint names the policies that mean something else with Cilium.',
    },
  ],
};
