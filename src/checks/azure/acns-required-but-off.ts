import { aksMode } from '../../model/azure/aks-mode.ts';
import type { ManagedAcns } from '../../model/azure/managed-cluster.ts';
import type { Check, Suspect } from '../check.ts';
import { count } from '../words.ts';
import { type Demand, demandingPolicies } from './demanding-policies.ts';
import { az, managedCluster } from './managed.ts';

type Blocked = Suspect & { demand: Demand };

export const acnsRequiredButOff: Check<Blocked> = {
  id: 'azure/acns-required-but-off',
  title: 'Policies need what is switched off in Azure',
  why: 'On AKS names and layer 7 in policies are carried by Advanced Container Networking Services. Where Azure has them off, such a policy is refused, and what an older one names is blocked.',
  severity: 'error',
  needs: ['arm', 'ciliumNetworkPolicies', 'ciliumClusterwideNetworkPolicies'],
  noneIfMissing: ['ciliumNetworkPolicies', 'ciliumClusterwideNetworkPolicies'],
  explains: [
    { id: 'policies/fqdn-without-acns', where: 'objects' },
    { id: 'policies/l7-without-acns', where: 'objects' },
  ],
  look(snapshot) {
    const cluster = managedCluster(snapshot);
    if (cluster === undefined || aksMode(cluster).network !== 'managed-cilium') return [];
    return demandingPolicies(snapshot).flatMap(({ object, demands }) =>
      demands.filter((demand) => !carries(cluster.acns, demand)).map((demand) => ({ object, demand, key: demand })),
    );
  },
  tell: (suspects, snapshot) =>
    [...Map.groupBy(suspects, ({ demand }) => demand)].map(([demand, blocked]) => {
      const cluster = managedCluster(snapshot);
      const acns = cluster?.acns;
      const level = demand === 'names' ? 'FQDN' : 'L7';
      return {
        title: `${count(blocked.length, 'policy', 'policies')} with ${demand}, and Azure carries none: ${offText(acns)}`,
        objects: blocked.map(({ object }) => object),
        evidence: [
          `advancedNetworking: ${acns?.enabled ? 'on' : 'off'}, security ${acns?.security ? 'on' : 'off'}, advancedNetworkPolicies ${acns?.policies || 'not said (FQDN by default)'}`,
        ],
        reach: count(blocked.length, 'policy', 'policies'),
        next: `Switch it on (a paid service): ${az(cluster, 'aks update', `--enable-acns --acns-advanced-networkpolicies ${level}`)}; or write these policies without ${demand}.`,
      };
    }),
};

/** FQDN is what comes with ACNS security unless something else is said; L7 brings names, too. */
function carries({ security, policies }: ManagedAcns, demand: Demand): boolean {
  if (!security || /^none$/i.test(policies)) return false;
  return demand === 'names' || /^l7$/i.test(policies);
}

function offText(acns: ManagedAcns | undefined): string {
  if (!acns?.enabled) return 'ACNS is off';
  return acns.security ? `advanced policies are ${acns.policies || 'FQDN'}` : 'ACNS security is off';
}
