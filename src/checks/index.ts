import { controllersFailing } from './agents/controllers-failing.ts';
import { crashLooping } from './agents/crash-looping.ts';
import { drops } from './agents/drops.ts';
import { mapPressure } from './agents/map-pressure.ts';
import { missingOnNode } from './agents/missing-on-node.ts';
import { mixedVersions } from './agents/mixed-versions.ts';
import { notReady as agentNotReady } from './agents/not-ready.ts';
import { operatorUnavailable } from './agents/operator-unavailable.ts';
import { operatorWithoutLeader } from './agents/operator-without-leader.ts';
import { operatorWithoutStandby } from './agents/operator-without-standby.ts';
import { policyDrops } from './agents/policy-drops.ts';
import { restarting } from './agents/restarting.ts';
import { unreachableNodes } from './agents/unreachable-nodes.ts';
import { versionBelowMinimum } from './agents/version-below-minimum.ts';
import { azureChecks } from './azure-checks.ts';
import type { Check } from './check.ts';
import { ciliumKindsMissing } from './cluster/cilium-kinds-missing.ts';
import { notCilium } from './cluster/not-cilium.ts';
import { rolloutStuck } from './cluster/rollout-stuck.ts';
import { tunnelDown } from './cluster/tunnel-down.ts';
import { unsupportedConfigEdit } from './cluster/unsupported-config-edit.ts';
import { notReady as dnsNotReady } from './dns/not-ready.ts';
import { addressCapacity } from './endpoints/address-capacity.ts';
import { addressConflict } from './endpoints/address-conflict.ts';
import { duplicateInSlices } from './endpoints/duplicate-in-slices.ts';
import { identityCapacity } from './endpoints/identity-capacity.ts';
import { missingFromSlices } from './endpoints/missing-from-slices.ts';
import { podWithoutEndpoint } from './endpoints/pod-without-endpoint.ts';
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

/** What can be wrong, in the order one would ask: the cluster, its nodes, the agents, then what they do for pods, and policies. */
export const checks: readonly Check[] = [
  notCilium,
  ciliumKindsMissing,
  tunnelDown,
  rolloutStuck,
  unsupportedConfigEdit,
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
  controllersFailing,
  unreachableNodes,
  drops,
  mapPressure,
  policyDrops,
  operatorUnavailable,
  operatorWithoutLeader,
  operatorWithoutStandby,
  dnsNotReady,
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
  addressCapacity,
  slicesUnsupportedVersion,
  ...policyChecks,
  ...azureChecks,
];
