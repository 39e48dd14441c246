import { authenticationNotAvailable } from './authentication-not-available.ts';
import { changedShortlyBefore } from './changed-shortly-before.ts';
import { denyOnlyIsolates } from './deny-only-isolates.ts';
import { dnsNotAllowed } from './dns-not-allowed.ts';
import { duplicate } from './duplicate.ts';
import { emptyPeerList } from './empty-peer-list.ts';
import { emptyPolicyMapRisk } from './empty-policy-map-risk.ts';
import { emptyRuleAllowsNothing } from './empty-rule-allows-nothing.ts';
import { endPortUnsupportedVersion } from './end-port-unsupported-version.ts';
import { fqdnNamesAService } from './fqdn-names-a-service.ts';
import { fqdnWildcardUnsupported } from './fqdn-wildcard-unsupported.ts';
import { fqdnWithoutAcns } from './fqdn-without-acns.ts';
import { fqdnWithoutDnsRule } from './fqdn-without-dns-rule.ts';
import { hostNetworkNotEnforced } from './host-network-not-enforced.ts';
import { identityLabelsDiffer } from './identity-labels-differ.ts';
import { identityLabelsExcluded } from './identity-labels-excluded.ts';
import { ipBlockCannotMatchNodes } from './ip-block-cannot-match-nodes.ts';
import { ipBlockCannotMatchPods } from './ip-block-cannot-match-pods.ts';
import { kubeletEgressBlocked } from './kubelet-egress-blocked.ts';
import { l7InClusterwide } from './l7-in-clusterwide.ts';
import { l7WithoutAcns } from './l7-without-acns.ts';
import type { Lint } from './lint.ts';
import { loadBalancerNowFiltered } from './load-balancer-now-filtered.ts';
import { namedPortAmbiguous } from './named-port-ambiguous.ts';
import { namedPortMissing } from './named-port-missing.ts';
import { namespaceWithoutDefaultDeny } from './namespace-without-default-deny.ts';
import { nodeSelectorNotEnforced } from './node-selector-not-enforced.ts';
import { peerSelectsNothing } from './peer-selects-nothing.ts';
import { policyMapPressure } from './policy-map-pressure.ts';
import { rejected } from './rejected.ts';
import { rulesOutsidePolicyTypes } from './rules-outside-policy-types.ts';
import { sctpNotEnforced } from './sctp-not-enforced.ts';
import { seedAnnotations } from './seed-annotations.ts';
import { selectsNothing } from './selects-nothing.ts';
import { shadowedByDeny } from './shadowed-by-deny.ts';
import { unknownApiVersion } from './unknown-api-version.ts';
import { unknownField } from './unknown-field.ts';

/** What can be wrong with policies. The order is the order in which equals are told. */
export const lints: readonly Lint[] = [
  rejected,
  unknownApiVersion,
  unknownField,
  endPortUnsupportedVersion,
  authenticationNotAvailable,
  l7WithoutAcns,
  fqdnWithoutAcns,
  fqdnWildcardUnsupported,
  identityLabelsExcluded,
  identityLabelsDiffer,
  ipBlockCannotMatchPods,
  ipBlockCannotMatchNodes,
  emptyPolicyMapRisk,
  policyMapPressure,
  loadBalancerNowFiltered,
  kubeletEgressBlocked,
  hostNetworkNotEnforced,
  nodeSelectorNotEnforced,
  denyOnlyIsolates,
  shadowedByDeny,
  emptyPeerList,
  emptyRuleAllowsNothing,
  rulesOutsidePolicyTypes,
  fqdnWithoutDnsRule,
  fqdnNamesAService,
  dnsNotAllowed,
  namedPortMissing,
  namedPortAmbiguous,
  sctpNotEnforced,
  seedAnnotations,
  l7InClusterwide,
  selectsNothing,
  peerSelectsNothing,
  duplicate,
  changedShortlyBefore,
  namespaceWithoutDefaultDeny,
];
