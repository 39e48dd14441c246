// Cilium as AKS deploys it: agent, operator, CNS, their configuration.

import type { Container, Labels } from '../shapes.ts';
import type { WorldOptions } from '../world-options.ts';
import { agentImage, IMAGES, operatorImage } from './versions.ts';
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

const ENO: Labels = { ...AKS_LABELS, 'app.kubernetes.io/actually-managed-by': 'Eno' };

export function ciliumWorkloads(options: WorldOptions): Workload[] {
  return [agent(options.agentVersion), operator(options.agentVersion), cns(), ...(options.acns ? acns() : [])];
}

function agent(version: string): Workload {
  const image = agentImage(version);
  const labels = { 'k8s-app': 'cilium', 'kubernetes.azure.com/ebpf-dataplane': 'cilium' };
  const step = (name: string, command: string[]): Container =>
    container(name, image, { command, securityContext: { privileged: true } });
  return {
    kind: 'DaemonSet',
    namespace: 'kube-system',
    name: 'cilium',
    selector: labels,
    labels: { ...ENO, 'k8s-app': 'cilium' },
    annotations: { 'eno.azure.io/overlay-version': '1.18' },
    maxUnavailable: 2,
    manager: 'Eno',
    template: template(labels, {
      hostNetwork: true,
      priorityClassName: 'system-node-critical',
      serviceAccountName: 'cilium',
      terminationGracePeriodSeconds: 1,
      affinity: AKS_NODES,
      tolerations: [{ operator: 'Exists' }],
      initContainers: [
        step('install-cni-binaries', ['/install-plugin.sh']),
        step('mount-cgroup', ['/mount-cgroup.sh']),
        step('apply-sysctl-overwrites', ['/apply-sysctl-overwrites.sh']),
        step('mount-bpf-fs', ['mount', '-t', 'bpf', 'bpf', '/sys/fs/bpf']),
        step('clean-cilium-state', ['/init-container.sh']),
        step('block-wireserver', ['/block-wireserver.sh']),
      ],
      containers: [
        container('cilium-agent', image, {
          command: ['cilium-agent'],
          args: ['--config-dir=/tmp/cilium/config-map'],
          ports: [{ name: 'prometheus', containerPort: 9962, hostPort: 9962, protocol: 'TCP' }],
          startupProbe: probe('/healthz', 9879, { failureThreshold: 105, periodSeconds: 2 }),
          livenessProbe: probe('/healthz', 9879, { failureThreshold: 10, periodSeconds: 30 }),
          readinessProbe: probe('/healthz', 9879, { periodSeconds: 30 }),
          securityContext: { privileged: true },
        }),
        container('azure-iptables-monitor', IMAGES.iptablesMonitor),
        container('cilium-fluent-bit', IMAGES.fluentBit),
      ],
      volumes: [
        { name: 'cilium-run', hostPath: { path: '/var/run/cilium', type: 'DirectoryOrCreate' } },
        { name: 'bpf-maps', hostPath: { path: '/sys/fs/bpf', type: 'DirectoryOrCreate' } },
        { name: 'cilium-config-path', configMap: { name: 'cilium-config', defaultMode: 420 } },
      ],
    }),
  };
}

function operator(version: string): Workload {
  const labels = { 'io.cilium/app': 'operator', name: 'cilium-operator' };
  return {
    kind: 'Deployment',
    namespace: 'kube-system',
    name: 'cilium-operator',
    replicas: 2,
    selector: labels,
    labels: { ...ENO, 'io.cilium/app': 'operator', name: 'cilium-operator' },
    maxSurge: 1,
    maxUnavailable: 1,
    manager: 'Eno',
    template: template(labels, {
      hostNetwork: true,
      priorityClassName: 'system-cluster-critical',
      serviceAccountName: 'cilium-operator',
      tolerations: [{ operator: 'Exists' }],
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { labelSelector: { matchLabels: { 'io.cilium/app': 'operator' } }, topologyKey: 'kubernetes.io/hostname' },
          ],
        },
      },
      containers: [
        container('cilium-operator', operatorImage(version), {
          command: ['cilium-operator-generic'],
          args: [
            '--config-dir=/tmp/cilium/config-map',
            '--debug=false',
            '--enable-cilium-endpoint-slice=true',
            '--ces-slice-mode=fcfs',
            '--identity-gc-interval=0m20s',
            '--identity-heartbeat-timeout=0m20s',
          ],
          ports: [{ name: 'prometheus', containerPort: 9963, hostPort: 9963, protocol: 'TCP' }],
          livenessProbe: probe('/healthz', 9234, { initialDelaySeconds: 60, timeoutSeconds: 3 }),
          readinessProbe: probe('/healthz', 9234, { periodSeconds: 5, failureThreshold: 5, timeoutSeconds: 3 }),
        }),
      ],
      volumes: [{ name: 'cilium-config-path', configMap: { name: 'cilium-config', defaultMode: 420 } }],
    }),
  };
}

function cns(): Workload {
  const labels = { 'k8s-app': 'azure-cns' };
  return {
    kind: 'DaemonSet',
    namespace: 'kube-system',
    name: 'azure-cns',
    selector: labels,
    labels: { ...AKS_LABELS, app: 'azure-cns' },
    maxUnavailable: '10%',
    manager: 'Eno',
    template: template(labels, {
      hostNetwork: true,
      priorityClassName: 'system-node-critical',
      serviceAccountName: 'azure-cns',
      terminationGracePeriodSeconds: 0,
      affinity: AKS_NODES,
      tolerations: EVERYWHERE,
      initContainers: [
        container('cni-installer', IMAGES.ipam, {
          command: ['/dropgz'],
          args: ['deploy', 'azure-ipam', '-o', '/opt/cni/bin/azure-ipam'],
        }),
      ],
      containers: [
        container('cns-container', IMAGES.cns, {
          args: ['-c', 'tcp://$(CNSIpAddress):$(CNSPort)', '-t', '$(CNSLogTarget)', '-o', '$(CNSLogDir)'],
          ports: [{ name: 'metrics', containerPort: 10092, protocol: 'TCP' }],
          livenessProbe: probe('/healthz', 10090),
          readinessProbe: probe('/readyz', 10090),
        }),
      ],
    }),
  };
}

function acns(): Workload[] {
  const relay = {
    'k8s-app': 'hubble-relay',
    'app.kubernetes.io/name': 'hubble-relay',
    'app.kubernetes.io/part-of': 'cilium',
  };
  const security = { 'k8s-app': 'acns-security-agent' };
  return [
    {
      kind: 'Deployment',
      namespace: 'kube-system',
      name: 'hubble-relay',
      replicas: 1,
      selector: { 'k8s-app': 'hubble-relay' },
      labels: { ...ENO, ...relay },
      maxUnavailable: 1,
      manager: 'Eno',
      template: template(relay, {
        serviceAccountName: 'hubble-relay',
        tolerations: CRITICAL_ADDON,
        containers: [
          container('hubble-relay', IMAGES.hubbleRelay, {
            args: ['serve'],
            ports: [{ name: 'grpc', containerPort: 4245, protocol: 'TCP' }],
          }),
        ],
      }),
      service: { name: 'hubble-relay', ports: [{ name: '', port: 443, targetPort: 4245 }] },
    },
    {
      kind: 'DaemonSet',
      namespace: 'kube-system',
      name: 'acns-security-agent',
      selector: security,
      labels: { ...ENO, ...security },
      maxUnavailable: '10%',
      manager: 'Eno',
      template: template(security, {
        hostNetwork: true,
        priorityClassName: 'system-node-critical',
        affinity: AKS_NODES,
        tolerations: EVERYWHERE,
        containers: [container('sdp', IMAGES.securityAgent, { ports: [{ containerPort: 40046, protocol: 'TCP' }] })],
      }),
    },
  ];
}

/** ConfigMap cilium-config's data. */
export function ciliumConfig(options: WorldOptions): Labels {
  const acns = String(options.acns);
  return {
    'agent-not-ready-taint-key': 'node.cilium.io/agent-not-ready',
    'arping-refresh-period': '30s',
    'auto-direct-node-routes': 'false',
    'bpf-lb-map-max': '65536',
    'bpf-lb-mode': 'snat',
    'bpf-lb-sock': 'false',
    'bpf-map-dynamic-size-ratio': '0.0025',
    'bpf-policy-map-max': '16384',
    'ces-slice-mode': 'fcfs',
    'cgroup-root': '/run/cilium/cgroupv2',
    'cilium-endpoint-gc-interval': '5m0s',
    'cluster-id': '0',
    'cluster-name': 'default',
    'cni-exclusive': 'false',
    debug: 'false',
    'disable-endpoint-crd': 'false',
    'enable-auto-protect-node-port-range': 'true',
    'enable-bgp-control-plane': 'false',
    'enable-bpf-masquerade': 'false',
    'enable-cilium-endpoint-slice': 'true',
    'enable-endpoint-health-checking': 'false',
    'enable-endpoint-lockdown-on-policy-overflow': 'false',
    'enable-endpoint-routes': 'true',
    'enable-health-checking': 'true',
    'enable-host-legacy-routing': 'true',
    'enable-hubble': acns,
    'enable-ipv4': 'true',
    'enable-ipv4-masquerade': 'false',
    'enable-ipv6': 'false',
    'enable-ipv6-masquerade': 'false',
    'enable-k8s-networkpolicy': 'true',
    'enable-l2-neigh-discovery': 'true',
    'enable-l7-proxy': acns,
    'enable-lb-ipam': 'false',
    'enable-local-redirect-policy': 'true',
    'enable-metrics': 'true',
    'enable-node-selector-labels': 'false',
    'enable-non-default-deny-policies': 'true',
    'enable-policy': 'default',
    'enable-sctp': 'false',
    'enable-source-ip-verification': 'true',
    'enable-standalone-dns-proxy': acns,
    'enable-wireguard': String(options.wireguard),
    'endpoint-gc-interval': '5m0s',
    ...(options.acns
      ? {
          'hubble-disable-tls': 'false',
          'hubble-listen-address': ':4244',
          'hubble-metrics':
            'flow:sourceEgressContext=pod;destinationIngressContext=pod tcp:sourceEgressContext=pod;destinationIngressContext=pod dns:query drop',
          'hubble-metrics-server': ':9965',
          'hubble-socket-path': '/var/run/cilium/hubble.sock',
        }
      : {}),
    'identity-allocation-mode': 'crd',
    'identity-management-mode': 'agent',
    'install-iptables-rules': 'true',
    ipam: 'delegated-plugin',
    'k8s-client-burst': '20',
    'k8s-client-qps': '10',
    'kube-proxy-replacement': 'true',
    'kube-proxy-replacement-healthz-bind-address': '0.0.0.0:10256',
    'local-router-ipv4': '169.254.23.0',
    metrics: '+cilium_bpf_map_pressure',
    'monitor-aggregation': 'medium',
    'monitor-aggregation-flags': 'all',
    'monitor-aggregation-interval': '5s',
    'node-port-bind-protection': 'true',
    'nodes-gc-interval': '5m0s',
    'operator-api-serve-addr': '127.0.0.1:9234',
    'operator-prometheus-serve-addr': ':9963',
    'preallocate-bpf-maps': 'false',
    procfs: '/host/proc',
    'prometheus-serve-addr': ':9962',
    'remove-cilium-node-taints': 'true',
    'routing-mode': 'native',
    'set-cilium-is-up-condition': 'true',
    'set-cilium-node-taints': 'true',
    'synchronize-k8s-nodes': 'true',
    'tofqdns-dns-reject-response-code': 'refused',
    'tofqdns-endpoint-max-ip-per-hostname': '1000',
    'tofqdns-min-ttl': '3600',
    'unmanaged-pod-watcher-interval': '0',
    'vtep-endpoint': '',
    'write-cni-conf-when-ready': '',
  };
}
