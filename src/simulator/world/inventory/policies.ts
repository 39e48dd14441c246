// Policies as teams write them: a default deny here, a few openings there, a Cilium policy where names matter.
import type { KubeObject } from '../../cluster.ts';
import type { Application } from './applications.ts';

/** Every second team isolates itself. */
export function policies(application: Application): KubeObject[] {
  const { namespace, workloads } = application;
  const names = workloads.map((workload) => workload.name);
  const isolated = ['shop', 'pay', 'ledger', 'identity', 'fraud', 'partner'].includes(namespace.replace(/-\d+$/, ''));
  if (!isolated || !names.includes('web')) return [];
  const list: KubeObject[] = [
    networkPolicy(namespace, 'default-deny-ingress', { podSelector: {}, policyTypes: ['Ingress'] }),
    networkPolicy(namespace, 'allow-same-namespace', {
      podSelector: {},
      ingress: [{ from: [{ podSelector: {} }] }],
      policyTypes: ['Ingress'],
    }),
    networkPolicy(namespace, 'allow-web', {
      podSelector: { matchLabels: { app: 'web' } },
      ingress: [{ ports: [{ port: 8080, protocol: 'TCP' }] }],
      policyTypes: ['Ingress'],
    }),
  ];
  if (names.includes('db') && names.includes('api')) {
    list.push({
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: { name: 'db-clients', namespace },
      spec: {
        description: 'Only the API and its workers talk to the database.',
        endpointSelector: { matchLabels: { app: 'db' } },
        ingress: [
          {
            fromEndpoints: ['api', 'checkout', 'worker', 'db']
              .filter((name) => names.includes(name))
              .map((app) => ({ matchLabels: { app } })),
            toPorts: [{ ports: [{ port: '5432', protocol: 'TCP' }] }],
          },
        ],
      },
    });
  }
  return list;
}

function networkPolicy(namespace: string, name: string, spec: object): KubeObject {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace }, spec };
}
