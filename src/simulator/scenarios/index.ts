import { addressExhaustion } from './address-exhaustion.ts';
import { agentCrashLoop } from './agent-crash-loop.ts';
import { agentNotReadyNode } from './agent-not-ready-node.ts';
import { apiServerThrottled } from './api-server-throttled.ts';
import { bgpDown } from './bgp-down.ts';
import { bgpDownOnANode } from './bgp-down-on-a-node.ts';
import { busy } from './busy.ts';
import { byo } from './byo.ts';
import { cniNeverInstalled } from './cni-never-installed.ts';
import { cniNotWritten } from './cni-not-written.ts';
import { connectionsFull } from './connections-full.ts';
import { dnsDown } from './dns-down.ts';
import { dnsPolicy } from './dns-policy.ts';
import { empty } from './empty.ts';
import { endpointSliceDrift } from './endpoint-slice-drift.ts';
import { endpointStorm } from './endpoint-storm.ts';
import { expiredCredentials } from './expired-credentials.ts';
import { forbidden } from './forbidden.ts';
import { foreignSource } from './foreign-source.ts';
import { healthy } from './healthy.ts';
import { identityExhaustion } from './identity-exhaustion.ts';
import { l7Errors } from './l7-errors.ts';
import { l7Refused } from './l7-refused.ts';
import { localDnsBypassed } from './local-dns-bypassed.ts';
import { logsAddonOff } from './logs-addon-off.ts';
import { logsAgentDown } from './logs-agent-down.ts';
import { logsDailyCap } from './logs-daily-cap.ts';
import { logsElsewhere } from './logs-elsewhere.ts';
import { logsSystemExcluded } from './logs-system-excluded.ts';
import { noCilium } from './no-cilium.ts';
import { noLocalBackend } from './no-local-backend.ts';
import { nodeLost } from './node-lost.ts';
import { operatorDown } from './operator-down.ts';
import { podsStuckCreating } from './pods-stuck-creating.ts';
import { policyDenies } from './policy-denies.ts';
import { policyMapEmpty } from './policy-map-empty.ts';
import { policyMapFull } from './policy-map-full.ts';
import { policyRejected } from './policy-rejected.ts';
import { portConflict } from './port-conflict.ts';
import { relayCertificatesExpired } from './relay-certificates-expired.ts';
import { relayCertificatesExpiring } from './relay-certificates-expiring.ts';
import type { Scenario } from './scenario.ts';
import { servicesBroken } from './services-broken.ts';
import { sliceLeftBehind } from './slice-left-behind.ts';
import { staleBackends } from './stale-backends.ts';
import { staleIpcache } from './stale-ipcache.ts';
import { taintNotLifted } from './taint-not-lifted.ts';
import { trafficImbalance } from './traffic-imbalance.ts';
import { tunnelDown } from './tunnel-down.ts';
import { upgradeInProgress } from './upgrade-in-progress.ts';
import { versionSkew } from './version-skew.ts';
import { wireguardPeerDown } from './wireguard-peer-down.ts';

/** Every cluster that can be simulated. */
export const scenarios: readonly Scenario[] = [
  healthy,
  busy,
  agentCrashLoop,
  agentNotReadyNode,
  podsStuckCreating,
  endpointSliceDrift,
  sliceLeftBehind,
  endpointStorm,
  operatorDown,
  taintNotLifted,
  cniNeverInstalled,
  cniNotWritten,
  nodeLost,
  policyDenies,
  dnsPolicy,
  identityExhaustion,
  addressExhaustion,
  versionSkew,
  upgradeInProgress,
  dnsDown,
  localDnsBypassed,
  tunnelDown,
  foreignSource,
  servicesBroken,
  policyRejected,
  l7Refused,
  l7Errors,
  relayCertificatesExpiring,
  relayCertificatesExpired,
  trafficImbalance,
  apiServerThrottled,
  connectionsFull,
  policyMapFull,
  portConflict,
  noLocalBackend,
  byo,
  bgpDown,
  bgpDownOnANode,
  logsAddonOff,
  logsAgentDown,
  logsDailyCap,
  logsElsewhere,
  logsSystemExcluded,
  policyMapEmpty,
  staleBackends,
  staleIpcache,
  wireguardPeerDown,
  expiredCredentials,
  forbidden,
  noCilium,
  empty,
];
