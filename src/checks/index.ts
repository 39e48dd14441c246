import { apiCallsRefused } from './agents/api-calls-refused.ts';
import { bgpSessionDown } from './agents/bgp-session-down.ts';
import { controllersFailing } from './agents/controllers-failing.ts';
import { crashLooping } from './agents/crash-looping.ts';
import { drops } from './agents/drops.ts';
import { limitsSet } from './agents/limits-set.ts';
import { mapPressure } from './agents/map-pressure.ts';
import { missingOnNode } from './agents/missing-on-node.ts';
import { mixedVersions } from './agents/mixed-versions.ts';
import { notReady as agentNotReady } from './agents/not-ready.ts';
import { operatorUnavailable } from './agents/operator-unavailable.ts';
import { operatorWithoutLeader } from './agents/operator-without-leader.ts';
import { operatorWithoutStandby } from './agents/operator-without-standby.ts';
import { policyDrops } from './agents/policy-drops.ts';
import { relayNotReady } from './agents/relay-not-ready.ts';
import { restarting } from './agents/restarting.ts';
import { unreachableNodes } from './agents/unreachable-nodes.ts';
import { versionBelowMinimum } from './agents/version-below-minimum.ts';
import { acnsRequiredButOff } from './azure/acns-required-but-off.ts';
import { auditLogsOff } from './azure/audit-logs-off.ts';
import { byoWithoutPodCidr } from './azure/byo-without-pod-cidr.ts';
import { ciliumVersionBelowMinimum } from './azure/cilium-version-below-minimum.ts';
import { clusterNotSucceeded } from './azure/cluster-not-succeeded.ts';
import { clusterStopped } from './azure/cluster-stopped.ts';
import { dailyCapReached } from './azure/daily-cap-reached.ts';
import { dataplaneNotCilium } from './azure/dataplane-not-cilium.ts';
import { dualStackUnsupportedVersion } from './azure/dual-stack-unsupported-version.ts';
import { flowLogsNotConfigured } from './azure/flow-logs-not-configured.ts';
import { hostRoutingUnsupported } from './azure/host-routing-unsupported.ts';
import { kubernetesOutOfSupport } from './azure/kubernetes-out-of-support.ts';
import { l7Limits } from './azure/l7-limits.ts';
import { localDnsNotAllowed } from './azure/local-dns-not-allowed.ts';
import { logAgentsDown } from './azure/log-agents-down.ts';
import { monitoringOff } from './azure/monitoring-off.ts';
import { mtlsLimits } from './azure/mtls-limits.ts';
import { nodeProvisioningBlocksDataplaneUpdate } from './azure/node-provisioning-blocks-dataplane-update.ts';
import { npmRetirement } from './azure/npm-retirement.ts';
import { operationInProgress } from './azure/operation-in-progress.ts';
import { severalNetworkMetrics } from './azure/several-network-metrics.ts';
import { windowsPool } from './azure/windows-pool.ts';
import { wireguardWithFips } from './azure/wireguard-with-fips.ts';
import { workspaceDiffers } from './azure/workspace-differs.ts';
import { noneReady } from './backends/none-ready.ts';
import { oneReady } from './backends/one-ready.ts';
import { selectorMatchesNothing } from './backends/selector-matches-nothing.ts';
import { targetPortUnmatched } from './backends/target-port-unmatched.ts';
import type { Check } from './check.ts';
import { captureLeftBehind } from './cluster/capture-left-behind.ts';
import { ciliumKindsMissing } from './cluster/cilium-kinds-missing.ts';
import { notCilium } from './cluster/not-cilium.ts';
import { rolloutStuck } from './cluster/rollout-stuck.ts';
import { tunnelDown } from './cluster/tunnel-down.ts';
import { unsupportedConfigEdit } from './cluster/unsupported-config-edit.ts';
import { nodeLocalNotAllowed } from './dns/node-local-not-allowed.ts';
import { notReady as dnsNotReady } from './dns/not-ready.ts';
import { addressCapacity } from './endpoints/address-capacity.ts';
import { addressConflict } from './endpoints/address-conflict.ts';
import { duplicateInSlices } from './endpoints/duplicate-in-slices.ts';
import { identityCapacity } from './endpoints/identity-capacity.ts';
import { identityChurn } from './endpoints/identity-churn.ts';
import { missingFromSlices } from './endpoints/missing-from-slices.ts';
import { podWithoutEndpoint } from './endpoints/pod-without-endpoint.ts';
import { priorityNamespaceIgnored } from './endpoints/priority-namespace-ignored.ts';
import { sliceAddressDiffers } from './endpoints/slice-address-differs.ts';
import { sliceEmpty } from './endpoints/slice-empty.ts';
import { sliceIdentityDiffers } from './endpoints/slice-identity-differs.ts';
import { sliceLag } from './endpoints/slice-lag.ts';
import { sliceOverLimit } from './endpoints/slice-over-limit.ts';
import { sliceQueueSlow } from './endpoints/slice-queue-slow.ts';
import { sliceSyncFailing } from './endpoints/slice-sync-failing.ts';
import { slicesUnsupportedVersion } from './endpoints/slices-unsupported-version.ts';
import { staleEndpoint } from './endpoints/stale-endpoint.ts';
import { staleSliceEntry } from './endpoints/stale-slice-entry.ts';
import { stuck } from './endpoints/stuck.ts';
import { agentNotReadyTaint } from './nodes/agent-not-ready-taint.ts';
import { cniNotInitialized } from './nodes/cni-not-initialized.ts';
import { cnsNotReady } from './nodes/cns-not-ready.ts';
import { hostPortConflict } from './nodes/host-port-conflict.ts';
import { kubeProxyPresent } from './nodes/kube-proxy-present.ts';
import { nodeConfigOverrides } from './nodes/node-config-overrides.ts';
import { notReady as nodeNotReady } from './nodes/not-ready.ts';
import { windows } from './nodes/windows.ts';
import { stuckCreating } from './pods/stuck-creating.ts';
import { policyChecks } from './policy-checks.ts';
import { backendsDiffer } from './truth/backends-differ.ts';
import { encryptionDiffers } from './truth/encryption-differs.ts';
import { endpointDiffers } from './truth/endpoint-differs.ts';
import { ipcacheDiffers } from './truth/ipcache-differs.ts';
import { mapErrors } from './truth/map-errors.ts';
import { policyMapDiffers } from './truth/policy-map-differs.ts';
import { policyMapEmpty } from './truth/policy-map-empty.ts';

/** What can be wrong, in the order one would ask: the cluster, its nodes, the agents, then what they do for pods, policies, and Azure's side. */
export const checks: readonly Check[] = [
  notCilium,
  ciliumKindsMissing,
  tunnelDown,
  rolloutStuck,
  unsupportedConfigEdit,
  captureLeftBehind,
  nodeNotReady,
  cniNotInitialized,
  cnsNotReady,
  agentNotReadyTaint,
  windows,
  kubeProxyPresent,
  hostPortConflict,
  nodeConfigOverrides,
  crashLooping,
  agentNotReady,
  missingOnNode,
  restarting,
  mixedVersions,
  versionBelowMinimum,
  limitsSet,
  controllersFailing,
  unreachableNodes,
  drops,
  mapPressure,
  apiCallsRefused,
  bgpSessionDown,
  policyDrops,
  policyMapEmpty,
  mapErrors,
  policyMapDiffers,
  ipcacheDiffers,
  endpointDiffers,
  encryptionDiffers,
  backendsDiffer,
  operatorUnavailable,
  operatorWithoutLeader,
  operatorWithoutStandby,
  relayNotReady,
  dnsNotReady,
  nodeLocalNotAllowed,
  stuckCreating,
  podWithoutEndpoint,
  staleEndpoint,
  stuck,
  missingFromSlices,
  staleSliceEntry,
  duplicateInSlices,
  sliceIdentityDiffers,
  sliceAddressDiffers,
  addressConflict,
  sliceOverLimit,
  sliceEmpty,
  sliceLag,
  sliceSyncFailing,
  sliceQueueSlow,
  identityCapacity,
  identityChurn,
  addressCapacity,
  slicesUnsupportedVersion,
  priorityNamespaceIgnored,
  selectorMatchesNothing,
  targetPortUnmatched,
  noneReady,
  oneReady,
  ...policyChecks,
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
  localDnsNotAllowed,
  l7Limits,
  wireguardWithFips,
  hostRoutingUnsupported,
  mtlsLimits,
  monitoringOff,
  logAgentsDown,
  dailyCapReached,
  flowLogsNotConfigured,
  severalNetworkMetrics,
  workspaceDiffers,
  auditLogsOff,
];
