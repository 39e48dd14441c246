import type { World } from '../world/world.ts';
import { minute, type Scenario } from './scenario.ts';

export const localDnsBypassed: Scenario = {
  id: 'local-dns-bypassed',
  title: 'A DNS cache runs on every node, and no local redirect policy leads to it: nobody asks it.',
  nodes: 12,
  pods: 320,
  churn: 0,
  history: () => [{ ago: 50 * minute, happens: addCache }],
};

/** As Kubernetes' own add-on makes it, made for kube-proxy: its iptables rules are never passed here. */
function addCache(world: World): void {
  const labels = { 'k8s-app': 'node-local-dns' };
  const container = {
    name: 'node-cache',
    image: 'registry.k8s.io/dns/k8s-dns-node-cache:1.26.4',
    args: ['-localip', '169.254.20.10,10.0.0.10', '-conf', '/etc/Corefile', '-upstreamsvc', 'kube-dns-upstream'],
    resources: { requests: { cpu: '25m', memory: '5Mi' } },
  };
  const spec = {
    selector: { matchLabels: labels },
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%' } },
    template: {
      metadata: { labels },
      spec: {
        hostNetwork: true,
        dnsPolicy: 'Default',
        priorityClassName: 'system-node-critical',
        tolerations: [{ operator: 'Exists' }],
        containers: [container],
      },
    },
  };
  const metadata = { name: 'node-local-dns', namespace: 'kube-system', labels };
  world.store.create({ apiVersion: 'apps/v1', kind: 'DaemonSet', metadata, spec }, 'kubectl-client-side-apply');
}
