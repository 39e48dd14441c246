import { addressExhaustion } from './address-exhaustion.ts';
import { agentCrashLoop } from './agent-crash-loop.ts';
import { agentNotReadyNode } from './agent-not-ready-node.ts';
import { busy } from './busy.ts';
import { dnsDown } from './dns-down.ts';
import { empty } from './empty.ts';
import { endpointSliceDrift } from './endpoint-slice-drift.ts';
import { endpointStorm } from './endpoint-storm.ts';
import { expiredCredentials } from './expired-credentials.ts';
import { forbidden } from './forbidden.ts';
import { healthy } from './healthy.ts';
import { identityExhaustion } from './identity-exhaustion.ts';
import { noCilium } from './no-cilium.ts';
import { operatorDown } from './operator-down.ts';
import { podsStuckCreating } from './pods-stuck-creating.ts';
import type { Scenario } from './scenario.ts';
import { servicesBroken } from './services-broken.ts';
import { tunnelDown } from './tunnel-down.ts';
import { upgradeInProgress } from './upgrade-in-progress.ts';
import { versionSkew } from './version-skew.ts';

/** Every cluster that can be simulated. */
export const scenarios: readonly Scenario[] = [
  healthy,
  busy,
  agentCrashLoop,
  agentNotReadyNode,
  podsStuckCreating,
  endpointSliceDrift,
  endpointStorm,
  operatorDown,
  identityExhaustion,
  addressExhaustion,
  versionSkew,
  upgradeInProgress,
  dnsDown,
  tunnelDown,
  servicesBroken,
  expiredCredentials,
  forbidden,
  noCilium,
  empty,
];
