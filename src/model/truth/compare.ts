import type { SourceId } from '../link.ts';
import { livePolicies } from '../policies/live-policies.ts';
import type { Snapshot } from '../snapshot.ts';
import { compareBackends } from './compare-backends.ts';
import { compareEncryption } from './compare-encryption.ts';
import { compareEndpoints } from './compare-endpoints.ts';
import { compareIpcache, leftoverAddresses, settledEverywhere } from './compare-ipcache.ts';
import { compareIdentities, compareMaps } from './compare-maps.ts';
import { compareObjects } from './compare-objects.ts';
import { comparePolicies, policyGround } from './compare-policies.ts';
import { type IntendedPod, intendedPods } from './intended.ts';
import type { AgentSide, Aspect, Difference, TruthResult, TruthTarget } from './truth.ts';

export type Compared = Pick<TruthResult, 'differences' | 'compared' | 'notCompared'>;

/**
 * What is intended, as the snapshot has it, against what the agents answered. `own` = the agent of the target's node,
 * undefined where none could be asked at all; `others` = nodes of which the ipcache was sampled. Pure.
 */
export function compareTruth(
  snapshot: Snapshot,
  target: TruthTarget,
  own: AgentSide | undefined,
  others: readonly AgentSide[],
  now: number,
): Compared {
  const found: Found = { differences: [], compared: [], notCompared: [] };
  const { pods, young } = intendedPods(snapshot, target, now);
  const one = target.kind === 'Pod';
  if (one && young === 0 && pods.length === 0) {
    found.notCompared.push({ aspect: 'objects', node: '', reason: 'the pod does not run with an address' });
  }
  if (young > 0) {
    const reason = one ? 'the pod is younger than a minute' : `${young} pods are younger than a minute`;
    found.notCompared.push({ aspect: 'objects', node: '', reason });
  }
  objects(found, snapshot, pods);
  for (const side of own === undefined ? others : [own, ...others]) {
    for (const { aspect, reason } of side.missed) found.notCompared.push({ aspect, node: side.node, reason });
  }
  if (own !== undefined) {
    endpoints(found, snapshot, target, pods, own);
    encryption(found, snapshot, own, now);
    if (own.maps) add(found, 'maps', own.node, own.maps.length, 'map', compareMaps(own.node, own.maps));
    if (own.identities && unreadable(snapshot, 'ciliumEndpoints') === '') {
      const { differences, count } = compareIdentities(own.node, pods, own.identities);
      add(found, 'identities', own.node, count, 'identity', differences);
    }
    backends(found, snapshot, own, one ? pods[0]?.pod.ip : undefined, one && pods.length === 0);
  }
  const endpointsRead = unreadable(snapshot, 'ciliumEndpoints', 'pods');
  for (const side of own === undefined ? others : [own, ...others]) {
    const { ipcache, node } = side;
    if (ipcache === undefined) continue;
    if (endpointsRead !== '') {
      found.notCompared.push({ aspect: 'ipcache', node, reason: endpointsRead });
      continue;
    }
    // Of a whole node it is asked what it takes everybody for, and of the others what they take its pods for.
    const whole = !one && side === own;
    const { differences, count } = compareIpcache(whole ? settledEverywhere(snapshot, now) : pods, node, ipcache);
    add(found, 'ipcache', node, count, 'address', differences);
    if (whole && unreadable(snapshot, 'ciliumEndpointSlices', 'ciliumNodes') === '')
      found.differences.push(...leftoverAddresses(snapshot, node, ipcache));
  }
  return found;
}

type Found = {
  differences: Difference[];
  compared: TruthResult['compared'][number][];
  notCompared: TruthResult['notCompared'][number][];
};

function add(
  found: Found,
  aspect: Aspect,
  node: string,
  count: number,
  noun: string,
  differences: readonly Difference[],
) {
  found.differences.push(...differences);
  if (count > 0) found.compared.push({ aspect, node, count, noun });
}

function objects(found: Found, snapshot: Snapshot, pods: readonly IntendedPod[]): void {
  const reason = unreadable(snapshot, 'ciliumEndpoints', 'ciliumIdentities');
  if (reason !== '') {
    found.notCompared.push({ aspect: 'objects', node: '', reason });
    return;
  }
  const sliced =
    unreadable(snapshot, 'ciliumEndpointSlices') === '' && snapshot.tables.ciliumEndpointSlices.rows.size > 0;
  add(found, 'objects', '', pods.length, 'pod', compareObjects(snapshot, pods, sliced));
}

function endpoints(
  found: Found,
  snapshot: Snapshot,
  target: TruthTarget,
  pods: readonly IntendedPod[],
  { node, endpoints: said, policyMaps }: AgentSide,
): void {
  if (said === undefined) return;
  add(found, 'endpoint', node, pods.length, 'endpoint', compareEndpoints(snapshot, target, pods, node, said));
  const { engine, unread } = livePolicies(snapshot);
  if (unread.length > 0) {
    found.notCompared.push({ aspect: 'policy-map', node, reason: unread[0] ?? '' });
    return;
  }
  const numberOf = (namespace: string, name: string) =>
    snapshot.tables.ciliumEndpoints.named(namespace, name)?.identity ?? 0;
  const policies = comparePolicies(policyGround(engine.index, numberOf), pods, node, said, policyMaps);
  add(found, 'policy-map', node, policies.maps, 'policy map', policies.differences);
  if (policies.connections > 0)
    found.compared.push({ aspect: 'policy-map', node, count: policies.connections, noun: 'connection' });
  if (policies.cut)
    found.notCompared.push({
      aspect: 'policy-map',
      node,
      reason: `only ${policies.connections} connections were tried`,
    });
}

function backends(
  found: Found,
  snapshot: Snapshot,
  { node, services }: AgentSide,
  ip: string | undefined,
  none: boolean,
): void {
  if (services === undefined || none) return;
  const reason = unreadable(snapshot, 'services', 'endpointSlices');
  if (reason !== '') {
    found.notCompared.push({ aspect: 'backends', node, reason });
    return;
  }
  const { differences, count } = compareBackends(snapshot, node, services, ip);
  add(found, 'backends', node, count, 'frontend', differences);
}

function encryption(found: Found, snapshot: Snapshot, { node, encryption: said }: AgentSide, now: number): void {
  if (said === undefined) return;
  const reason = unreadable(snapshot, 'ciliumNodes');
  if (reason !== '') {
    found.notCompared.push({ aspect: 'encryption', node, reason });
    return;
  }
  const { differences, count } = compareEncryption(snapshot, node, said, now);
  add(found, 'encryption', node, count, 'peer', differences);
}

/** Why nothing may be concluded from what these hold, '' = all of it is here. */
function unreadable({ links }: Snapshot, ...sources: readonly SourceId[]): string {
  for (const source of sources) {
    const link = links.get(source);
    if (link?.phase !== 'live') return `${source.toLowerCase()}: ${link?.phase ?? 'not read'}`;
    if (link.only !== undefined) return `${source.toLowerCase()}: only namespace ${link.only} was read`;
  }
  return '';
}
