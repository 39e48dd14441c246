import type { Check, Suspect } from '../check.ts';
import { count, number } from '../words.ts';
import { demandingPolicies } from './demanding-policies.ts';
import { managedCluster } from './managed.ts';

const mostNodes = 1_000;
const mostPods = 40_000;

export const l7Limits: Check = {
  id: 'azure/l7-limits',
  title: 'Layer 7 policies beyond what Azure supports',
  why: 'Azure supports layer 7 policies up to 1,000 nodes and 40,000 pods, and not together with Istio, whose proxies stand in the same place. Beyond that requests are slow or lost, and support ends.',
  severity: 'warning',
  needs: ['arm', 'nodes', 'pods', 'ciliumNetworkPolicies', 'ciliumClusterwideNetworkPolicies'],
  noneIfMissing: ['ciliumNetworkPolicies', 'ciliumClusterwideNetworkPolicies'],
  everyMs: 30_000,
  look(snapshot): readonly Suspect[] {
    const cluster = managedCluster(snapshot);
    if (cluster === undefined || cluster.network.dataplane !== 'cilium') return [];
    const { nodes, pods } = snapshot.tables;
    const isBeyond = nodes.rows.size > mostNodes || pods.rows.size > mostPods || cluster.serviceMesh !== '';
    if (!isBeyond) return [];
    return demandingPolicies(snapshot)
      .filter(({ demands }) => demands.includes('layer 7'))
      .map(({ object }) => ({ object }));
  },
  tell(suspects, snapshot) {
    const { nodes, pods } = snapshot.tables;
    const mesh = managedCluster(snapshot)?.serviceMesh ?? '';
    const beyond = [
      mesh === '' ? '' : `the service mesh add-on (${mesh}) is on`,
      nodes.rows.size > mostNodes ? `${number(nodes.rows.size)} nodes, supported are ${number(mostNodes)}` : '',
      pods.rows.size > mostPods ? `${number(pods.rows.size)} pods, supported are ${number(mostPods)}` : '',
    ].filter((text) => text !== '');
    const policies = count(suspects.length, 'layer 7 policy', 'layer 7 policies');
    return [
      {
        title: `${policies}, and ${beyond[0] ?? ''}`,
        objects: suspects.map(({ object }) => object),
        evidence: beyond,
        reach: policies,
        next: 'Allow the ports without rules for HTTP and the like, and let the mesh or the application decide what is asked.',
      },
    ];
  },
};
