// Programs that cannot start, in the words they leave behind.
import type { ContainerFailure, Where } from '../world/causes.ts';

const system = { namespace: 'kube-system', exitCode: 1 } as const;

export function agentInitFails(where: Where): ContainerFailure {
  return {
    ...system,
    labels: { 'k8s-app': 'cilium' },
    where,
    container: 'mount-bpf-fs',
    exitCode: 32,
    message: 'mount: /sys/fs/bpf: permission denied: operation not permitted',
  };
}

export function cnsFails(where: Where): ContainerFailure {
  return {
    ...system,
    labels: { 'k8s-app': 'azure-cns' },
    where,
    container: 'cns-container',
    message: 'failed to start HTTP listener: listen tcp 127.0.0.1:10090: bind: address already in use',
  };
}

export function operatorFails(): ContainerFailure {
  return {
    ...system,
    labels: { 'io.cilium/app': 'operator' },
    container: 'cilium-operator',
    lives: 4_000,
    message:
      'Unable to contact k8s api-server: Get "https://10.0.0.1:443/api/v1/namespaces/kube-system": tls: failed to verify certificate: x509: certificate signed by unknown authority',
  };
}

export function corednsFails(): ContainerFailure {
  return {
    ...system,
    labels: { 'k8s-app': 'kube-dns' },
    container: 'coredns',
    lives: 300,
    message: "/etc/coredns/custom/log.override:2 - Error during parsing: Unknown directive 'forwad'",
  };
}

export function logAgentFails(): ContainerFailure {
  return {
    ...system,
    labels: { component: 'ama-logs-agent' },
    container: 'ama-logs',
    lives: 21_000,
    message:
      'Failed to get configuration from AMCS: Post "https://global.handler.control.monitor.azure.com/...": dial tcp 20.50.65.17:443: i/o timeout; exiting container',
  };
}

export function tunnelFails(): ContainerFailure {
  return {
    ...system,
    labels: { app: 'konnectivity-agent' },
    container: 'konnectivity-agent',
    lives: 9_000,
    message:
      '"cannot connect once" err="rpc error: code = Unavailable desc = connection error: desc = \\"transport: Error while dialing: dial tcp 20.103.218.45:443: i/o timeout\\""',
  };
}
