import type { Check, Suspect } from '../check.ts';
import { count } from '../words.ts';
import { dnsPolicies } from './dns-policies.ts';

export const nodeLocalNotAllowed: Check = {
  id: 'dns/node-local-not-allowed',
  title: 'DNS allowed to kube-dns, and answered by node-local-dns',
  why: 'Where a local redirect policy sends DNS to a cache on each node, pods talk to that cache, which has labels of its own. A policy that allows kube-dns alone then denies DNS.',
  severity: 'note',
  needs: ['daemonSets', 'networkPolicies', 'ciliumNetworkPolicies', 'ciliumClusterwideNetworkPolicies'],
  noneIfMissing: ['ciliumNetworkPolicies', 'ciliumClusterwideNetworkPolicies'],
  everyMs: 10_000,
  look(snapshot): readonly Suspect[] {
    const caches = snapshot.tables.daemonSets
      .by('namespace', 'kube-system')
      .filter(({ name, selector }) => name === 'node-local-dns' || selector['k8s-app'] === 'node-local-dns');
    if (caches.length === 0) return [];
    return dnsPolicies(snapshot)
      .filter(({ mentions }) => !mentions(/node-local-dns/))
      .map(({ object }) => ({ object }));
  },
  tell: (suspects) => [
    {
      title: `${count(suspects.length, 'policy allows', 'policies allow')} DNS to kube-dns, but not to node-local-dns`,
      objects: suspects.map(({ object }) => object),
      evidence: ['DaemonSet kube-system/node-local-dns answers DNS on the nodes where traffic is redirected to it'],
      reach: count(suspects.length, 'policy', 'policies'),
      next: 'Allow port 53 to k8s-app=node-local-dns in kube-system as well, in the same rule.',
    },
  ],
};
