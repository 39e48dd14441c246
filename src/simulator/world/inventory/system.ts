// kube-system around Cilium, as AKS ships it.

import type { Container, Labels } from '../shapes.ts';
import type { WorldOptions } from '../world-options.ts';
import { IMAGES } from './versions.ts';
import {
  AKS_LABELS,
  AKS_NODES,
  CRITICAL_ADDON,
  container,
  EVERYWHERE,
  probe,
  template,
  type Workload,
} from './workload.ts';

/** Nodes. */
const LARGE = 1_000;

export function systemWorkloads(options: WorldOptions): Workload[] {
  return [
    coredns(options),
    corednsAutoscaler(),
    konnectivity(),
    metricsServer(),
    onEveryNode('cloud-node-manager', { 'k8s-app': 'cloud-node-manager' }, [
      container('cloud-node-manager', IMAGES.nodeManager),
    ]),
    ...(options.nodes > LARGE ? [] : optional()),
    ...(options.mode === 'no-cilium' ? withoutCilium() : []),
  ];
}

/** Storage drivers and the monitoring add-on: very large clusters are made without, five thousand pods each. */
function optional(): Workload[] {
  return [
    onEveryNode('csi-azuredisk-node', { app: 'csi-azuredisk-node' }, csi('azuredisk', IMAGES.azureDisk)),
    onEveryNode('csi-azurefile-node', { app: 'csi-azurefile-node' }, csi('azurefile', IMAGES.azureFile)),
    onEveryNode(
      'ama-logs',
      { component: 'ama-logs-agent', tier: 'node' },
      [container('ama-logs', IMAGES.amaLogs), container('ama-logs-prometheus', IMAGES.amaLogs)],
      false,
    ),
    amaLogsReplica(),
  ];
}

/** What stands in Cilium's place where the network is Azure CNI with NPM. */
function withoutCilium(): Workload[] {
  return [
    onEveryNode('kube-proxy', { component: 'kube-proxy', tier: 'node' }, [container('kube-proxy', IMAGES.kubeProxy)]),
    onEveryNode('azure-npm', { 'k8s-app': 'azure-npm' }, [container('azure-npm', IMAGES.npm)]),
    onEveryNode('azure-cns', { 'k8s-app': 'azure-cns' }, [container('cns-container', IMAGES.cns)]),
    onEveryNode('azure-ip-masq-agent', { 'k8s-app': 'azure-ip-masq-agent' }, [
      container('azure-ip-masq-agent', IMAGES.ipMasq),
    ]),
  ];
}

function onEveryNode(name: string, labels: Labels, containers: Container[], hostNetwork = true): Workload {
  return {
    kind: 'DaemonSet',
    namespace: 'kube-system',
    name,
    selector: labels,
    labels: { ...AKS_LABELS, ...labels },
    maxUnavailable: 1,
    manager: 'kubectl-client-side-apply',
    template: template(labels, {
      ...(hostNetwork ? { hostNetwork: true } : {}),
      priorityClassName: 'system-node-critical',
      serviceAccountName: name,
      affinity: AKS_NODES,
      tolerations: EVERYWHERE,
      containers,
    }),
  };
}

function csi(kind: string, image: string): Container[] {
  return [
    container('liveness-probe', IMAGES.livenessProbe),
    container('node-driver-registrar', IMAGES.driverRegistrar),
    container(kind, image),
  ];
}

function coredns(options: WorldOptions): Workload {
  const labels = { 'k8s-app': 'kube-dns', 'kubernetes.io/cluster-service': 'true', version: 'v20' };
  return {
    kind: 'Deployment',
    namespace: 'kube-system',
    name: 'coredns',
    // By the autoscaler's ladder: two, and one more for each 16 nodes or so.
    replicas: Math.max(2, Math.min(50, Math.ceil(options.nodes / 8))),
    selector: { 'k8s-app': 'kube-dns' },
    labels: { ...AKS_LABELS, 'k8s-app': 'kube-dns', 'kubernetes.io/name': 'CoreDNS' },
    maxUnavailable: 1,
    manager: 'kubectl-client-side-apply',
    template: template(labels, {
      priorityClassName: 'system-node-critical',
      serviceAccountName: 'coredns',
      tolerations: CRITICAL_ADDON,
      containers: [
        container('coredns', IMAGES.coredns, {
          args: ['-conf', '/etc/coredns/Corefile'],
          ports: [
            { name: 'dns', containerPort: 53, protocol: 'UDP' },
            { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
            { name: 'metrics', containerPort: 9153, protocol: 'TCP' },
          ],
          livenessProbe: probe('/health', 8080),
          readinessProbe: probe('/ready', 8181),
        }),
      ],
      volumes: [
        { name: 'config-volume', configMap: { name: 'coredns', defaultMode: 420 } },
        { name: 'custom-config-volume', configMap: { name: 'coredns-custom', defaultMode: 420, optional: true } },
      ],
    }),
    service: {
      name: 'kube-dns',
      clusterIP: '10.0.0.10',
      labels: { 'k8s-app': 'kube-dns', 'kubernetes.io/name': 'CoreDNS' },
      ports: [
        { name: 'dns', port: 53, targetPort: 53, protocol: 'UDP' },
        { name: 'dns-tcp', port: 53, targetPort: 53, protocol: 'TCP' },
      ],
    },
  };
}

function corednsAutoscaler(): Workload {
  const labels = { 'k8s-app': 'coredns-autoscaler' };
  return deployment('coredns-autoscaler', 1, labels, [
    container('autoscaler', IMAGES.autoscaler, {
      command: ['/cluster-proportional-autoscaler', '--namespace=kube-system'],
    }),
  ]);
}

function konnectivity(): Workload {
  const labels = { app: 'konnectivity-agent' };
  return deployment('konnectivity-agent', 2, labels, [
    container('konnectivity-agent', IMAGES.konnectivity, {
      command: ['/proxy-agent'],
      livenessProbe: probe('/healthz', 8093),
      readinessProbe: probe('/readyz', 8093),
    }),
  ]);
}

function metricsServer(): Workload {
  const labels = { 'k8s-app': 'metrics-server' };
  return {
    ...deployment('metrics-server', 2, labels, [
      container('metrics-server-vpa', IMAGES.addonResizer),
      container('metrics-server', IMAGES.metricsServer, {
        ports: [{ name: 'https', containerPort: 4443, protocol: 'TCP' }],
      }),
    ]),
    service: { name: 'metrics-server', ports: [{ name: '', port: 443, targetPort: 'https' }] },
  };
}

function amaLogsReplica(): Workload {
  return deployment('ama-logs-rs', 1, { rsName: 'ama-logs-rs' }, [container('ama-logs', IMAGES.amaLogs)]);
}

function deployment(name: string, replicas: number, labels: Labels, containers: Container[]): Workload {
  return {
    kind: 'Deployment',
    namespace: 'kube-system',
    name,
    replicas,
    selector: labels,
    labels: { ...AKS_LABELS, ...labels },
    maxUnavailable: 1,
    manager: 'kubectl-client-side-apply',
    template: template(labels, {
      priorityClassName: 'system-cluster-critical',
      serviceAccountName: name,
      tolerations: CRITICAL_ADDON,
      containers,
    }),
  };
}
