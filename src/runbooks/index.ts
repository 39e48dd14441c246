import { addressExhaustion } from './address-exhaustion.ts';
import { agentCrashLoop } from './agent-crash-loop.ts';
import { apiServerThrottled } from './api-server-throttled.ts';
import { bgpDown } from './bgp-down.ts';
import { dnsBrokenByPolicy } from './dns-broken-by-policy.ts';
import { dnsFailures } from './dns-failures.ts';
import { emptyPolicyMap } from './empty-policy-map.ts';
import { identityExhaustion } from './identity-exhaustion.ts';
import { l7Errors } from './l7-errors.ts';
import { logIngestionStopped } from './log-ingestion-stopped.ts';
import { mapPressure } from './map-pressure.ts';
import { nodeNotReady } from './node-not-ready.ts';
import { operatorDown } from './operator-down.ts';
import { packetDrops } from './packet-drops.ts';
import { podsStuckCreating } from './pods-stuck-creating.ts';
import { policyDenies } from './policy-denies.ts';
import { policyRejected } from './policy-rejected.ts';
import { portConflict } from './port-conflict.ts';
import { relayCertificatesExpiring } from './relay-certificates-expiring.ts';
import type { Runbook } from './runbook.ts';
import { serviceUnreachable } from './service-unreachable.ts';
import { sliceDrift } from './slice-drift.ts';
import { staleBackends } from './stale-backends.ts';
import { trafficImbalance } from './traffic-imbalance.ts';
import { upgradeMismatch } from './upgrade-mismatch.ts';
import { wireguardPeerDown } from './wireguard-peer-down.ts';

/** Every runbook, in the order of the dossier (R1 …), then the playbooks, then what else on-call engineers meet. */
export const runbooks: readonly Runbook[] = [
  agentCrashLoop,
  podsStuckCreating,
  nodeNotReady,
  policyDenies,
  dnsBrokenByPolicy,
  sliceDrift,
  identityExhaustion,
  addressExhaustion,
  apiServerThrottled,
  operatorDown,
  mapPressure,
  upgradeMismatch,
  portConflict,
  bgpDown,
  logIngestionStopped,
  dnsFailures,
  packetDrops,
  trafficImbalance,
  l7Errors,
  policyRejected,
  serviceUnreachable,
  relayCertificatesExpiring,
  emptyPolicyMap,
  staleBackends,
  wireguardPeerDown,
];
