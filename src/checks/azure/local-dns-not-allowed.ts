import type { Check, Suspect } from '../check.ts';
import { dnsPolicies } from '../dns/dns-policies.ts';
import { count, names } from '../words.ts';
import { managedCluster } from './managed.ts';

export const localDnsNotAllowed: Check = {
  id: 'azure/local-dns-not-allowed',
  title: 'LocalDNS that policies do not allow',
  why: 'On a pool with LocalDNS pods ask 169.254.10.11 on their own node. A policy that allows kube-dns alone denies that, and names stay unresolved.',
  severity: 'warning',
  needs: ['arm', 'networkPolicies', 'ciliumNetworkPolicies', 'ciliumClusterwideNetworkPolicies'],
  noneIfMissing: ['ciliumNetworkPolicies', 'ciliumClusterwideNetworkPolicies'],
  // What that lint says of a single rule this says of every policy, and which pools it concerns.
  explains: [{ id: 'policies/kubelet-egress-blocked', where: 'objects' }],
  everyMs: 10_000,
  look(snapshot): readonly Suspect[] {
    if (localPools(managedCluster(snapshot)).length === 0) return [];
    return dnsPolicies(snapshot)
      .filter(({ mentions }) => !(mentions(/169\.254\.10\.|169\.254\.0\.0\/16/) && mentions(/"host"|ipBlock/)))
      .map(({ object }) => ({ object }));
  },
  tell(suspects, snapshot) {
    const pools = localPools(managedCluster(snapshot));
    return [
      {
        title: `${count(suspects.length, 'policy allows', 'policies allow')} DNS to kube-dns, but not to LocalDNS on the node`,
        objects: suspects.map(({ object }) => object),
        evidence: [`LocalDNS is on for ${count(pools.length, 'pool')}: ${names(pools, 4)}`],
        reach: `pods on ${names(pools, 4)}`,
        next: 'In a CiliumNetworkPolicy allow port 53 to toCIDR 169.254.10.0/24 and to the entity host.',
      },
    ];
  },
};

function localPools(cluster: ReturnType<typeof managedCluster>): string[] {
  return (cluster?.pools ?? [])
    .filter(({ localDns }) => /^(preferred|required)$/i.test(localDns))
    .map(({ name }) => name);
}
