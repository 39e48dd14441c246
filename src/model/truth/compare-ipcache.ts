import type { IpcacheEntry } from '../agent-says/agent-says.ts';
import { refText } from '../ref.ts';
import type { Snapshot } from '../snapshot.ts';
import { type IntendedPod, settledMs } from './intended.ts';
import type { Difference, DifferenceType } from './truth.ts';

/** Identities of the cluster's own pods; below are the reserved ones, above those of addresses outside. */
const firstOwn = 256;
const firstLocal = 1 << 24;

/** What a node takes the pods' addresses for, against their CiliumEndpoints. */
export function compareIpcache(
  pods: readonly IntendedPod[],
  node: string,
  ipcache: readonly IpcacheEntry[],
): { differences: Difference[]; count: number } {
  const known = new Map(ipcache.map((entry) => [entry.cidr.replace(/\/(32|128)$/, ''), entry]));
  const source = sourceOf(node);
  let count = 0;
  const differences = pods.flatMap(({ pod, endpoint }): Difference[] => {
    if (endpoint === undefined || !endpoint.complete || endpoint.ip === '') return [];
    count += 1;
    const entry = known.get(endpoint.ip);
    const intended = {
      text: `${endpoint.ip} has identity ${endpoint.identity}`,
      source: refText({ kind: 'CiliumEndpoint', namespace: pod.namespace, name: pod.name }),
    };
    const differs = (type: DifferenceType, realised: string): Difference[] => [
      {
        ...{ type, aspect: 'ipcache', node, key: endpoint.ip, intended },
        object: { kind: 'Pod', namespace: pod.namespace, name: pod.name },
        realised: { text: realised, source },
      },
    ];
    if (entry === undefined) return differs('ipcache-missing', `${endpoint.ip} is not in it: it counts as the world`);
    if (entry.identity !== endpoint.identity) {
      return differs('ipcache-identity', `${endpoint.ip} has identity ${entry.identity}`);
    }
    const tunnel = entry.tunnelEndpoint;
    // Zero for pods of its own; an underlay of the other family says nothing about this address.
    const told = !/^(|0\.0\.0\.0|::)$/.test(tunnel) && tunnel.includes(':') === endpoint.nodeIP.includes(':');
    if (told && endpoint.nodeIP !== '' && tunnel !== endpoint.nodeIP) {
      return differs('ipcache-node', `${endpoint.ip} is behind ${tunnel}, not ${endpoint.nodeIP}`);
    }
    return [];
  });
  return { differences, count };
}

/** Addresses that a node takes for pods', and that are nobody's. Only where all pods and endpoints are known. */
export function leftoverAddresses(snapshot: Snapshot, node: string, ipcache: readonly IpcacheEntry[]): Difference[] {
  const { pods, ciliumEndpoints, ciliumEndpointSlices, ciliumNodes } = snapshot.tables;
  const taken = new Set<string>();
  for (const { ip, ips } of pods.rows.values()) for (const one of [ip, ...ips]) taken.add(one);
  for (const { ip, ip6 } of ciliumEndpoints.rows.values()) taken.add(ip).add(ip6);
  for (const { endpoints } of ciliumEndpointSlices.rows.values())
    for (const { ip, ip6 } of endpoints) taken.add(ip).add(ip6);
  for (const { addresses, healthIP } of ciliumNodes.rows.values()) {
    taken.add(healthIP);
    for (const { ip } of addresses) taken.add(ip);
  }
  return ipcache
    .filter(({ identity, cidr }) => identity >= firstOwn && identity < firstLocal && /\/(32|128)$/.test(cidr))
    .map((entry) => ({ entry, ip: entry.cidr.replace(/\/\d+$/, '') }))
    .filter(({ ip }) => !taken.has(ip))
    .map(({ entry, ip }) => ({
      ...{ type: 'ipcache-leftover', aspect: 'ipcache', node, key: ip },
      object: { kind: 'Node', name: node },
      intended: { text: `${ip} is no pod’s address`, source: 'Pods, CiliumEndpoints and slices' },
      realised: { text: `${ip} has identity ${entry.identity}`, source: sourceOf(node) },
    }));
}

/** All pods of the cluster that have been settled for long enough to be known everywhere. */
export function settledEverywhere({ tables }: Snapshot, now: number): readonly IntendedPod[] {
  return [...tables.pods.rows.values()].flatMap((pod) => {
    if (pod.hostNetwork || pod.phase !== 'Running' || pod.deleting || now - pod.created < settledMs) return [];
    return [{ pod, endpoint: tables.ciliumEndpoints.named(pod.namespace, pod.name) }];
  });
}

function sourceOf(node: string): string {
  return `cilium-dbg bpf ipcache list on ${node}`;
}
