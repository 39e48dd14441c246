import { acnsRequiredButOff } from './azure/acns-required-but-off.ts';
import { auditLogsOff } from './azure/audit-logs-off.ts';
import { byoWithoutPodCidr } from './azure/byo-without-pod-cidr.ts';
import { ciliumVersionBelowMinimum } from './azure/cilium-version-below-minimum.ts';
import { clusterNotSucceeded } from './azure/cluster-not-succeeded.ts';
import { clusterStopped } from './azure/cluster-stopped.ts';
import { dataplaneNotCilium } from './azure/dataplane-not-cilium.ts';
import { dualStackUnsupportedVersion } from './azure/dual-stack-unsupported-version.ts';
import { flowLogsNotConfigured } from './azure/flow-logs-not-configured.ts';
import { hostRoutingUnsupported } from './azure/host-routing-unsupported.ts';
import { kubernetesOutOfSupport } from './azure/kubernetes-out-of-support.ts';
import { l7Limits } from './azure/l7-limits.ts';
import { monitoringOff } from './azure/monitoring-off.ts';
import { mtlsLimits } from './azure/mtls-limits.ts';
import { nodeProvisioningBlocksDataplaneUpdate } from './azure/node-provisioning-blocks-dataplane-update.ts';
import { npmRetirement } from './azure/npm-retirement.ts';
import { operationInProgress } from './azure/operation-in-progress.ts';
import { severalNetworkMetrics } from './azure/several-network-metrics.ts';
import { windowsPool } from './azure/windows-pool.ts';
import { wireguardWithFips } from './azure/wireguard-with-fips.ts';
import { workspaceDiffers } from './azure/workspace-differs.ts';
import type { Check } from './check.ts';

/** What Azure says of the cluster, judged. All but one need its facts, which not everybody has asked for. */
export const azureChecks: readonly Check[] = [
  clusterStopped,
  clusterNotSucceeded,
  operationInProgress,
  dataplaneNotCilium,
  nodeProvisioningBlocksDataplaneUpdate,
  npmRetirement,
  windowsPool,
  byoWithoutPodCidr,
  kubernetesOutOfSupport,
  ciliumVersionBelowMinimum,
  dualStackUnsupportedVersion,
  acnsRequiredButOff,
  l7Limits,
  wireguardWithFips,
  hostRoutingUnsupported,
  mtlsLimits,
  monitoringOff,
  flowLogsNotConfigured,
  severalNetworkMetrics,
  workspaceDiffers,
  auditLogsOff,
];
