// The agent's and the operator's metrics as samples: the exposition text and `cilium-dbg metrics list` show the same.

import { apiCalls } from './api-calls.ts';
import { sessionsOf } from './bgp.ts';
import { chanceBetween } from './chance.ts';
import { policyRevision } from './commands/command.ts';
import { dropCounters } from './drops.ts';
import { fullness } from './full-maps.ts';
import { isCutOff } from './lies.ts';
import { ciliumConfig, isUnready, listOf, type Scene } from './scene.ts';
import { type Pod, type Slice, timeOf } from './shapes.ts';
import { backlog } from './slice-backlog.ts';
import type { SliceWaits } from './slice-waits.ts';

export type Sample = {
  name: string;
  type: 'counter' | 'gauge' | 'histogram';
  labels: Record<string, string>;
  value: number;
};

export function agentSamples(scene: Scene, pod: Pod): Sample[] {
  const endpoints = scene.endpointsOn(pod);
  const unready = isUnready(scene, pod);
  const nodes = scene.store.count('Node');
  const started = timeOf(
    pod.status?.containerStatuses?.find((each) => each.name === 'cilium-agent')?.state?.running?.startedAt,
  );
  const minutes = Math.max(0, (scene.now() - started) / 60_000);
  const key = pod.metadata.uid ?? '';
  const gauge = (name: string, value: number, labels: Record<string, string> = {}): Sample => ({
    name: `cilium_${name}`,
    type: 'gauge',
    labels,
    value,
  });
  const counter = (name: string, value: number, labels: Record<string, string> = {}): Sample => ({
    name: `cilium_${name}`,
    type: 'counter',
    labels,
    value: Math.floor(value),
  });
  const states = new Map<string, number>();
  for (const endpoint of endpoints) {
    const state = endpoint.status?.state ?? 'waiting-for-identity';
    states.set(state, (states.get(state) ?? 0) + 1);
  }
  const policies = ['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'].flatMap((kind) =>
    listOf(scene, kind),
  );
  const rejected = scene.policies().rejected().length;
  const traffic = dropCounters(scene, pod).flatMap(({ reason, direction, packets, bytes }) =>
    reason === 'Success'
      ? [counter('forward_count_total', packets, { direction }), counter('forward_bytes_total', bytes, { direction })]
      : [
          counter('drop_count_total', packets, { direction, reason }),
          counter('drop_bytes_total', bytes, { direction, reason }),
        ],
  );
  return [
    gauge('endpoint', endpoints.length),
    ...[...states].map(([state, value]) => gauge('endpoint_state', value, { endpoint_state: state })),
    counter('endpoint_regenerations_total', endpoints.length * 2 + minutes / 40, { outcome: 'success' }),
    gauge('policy', policies.length),
    gauge('policy_max_revision', policyRevision(scene)),
    gauge(
      'policy_endpoint_enforcement_status',
      endpoints.filter((each) => each.status?.policy?.ingress?.enforcing || each.status?.policy?.egress?.enforcing)
        .length,
      { enforcement: 'both' },
    ),
    counter('policy_change_total', policies.length - rejected, { outcome: 'success' }),
    ...(rejected > 0 ? [counter('policy_change_total', rejected, { outcome: 'fail' })] : []),
    gauge(
      'identity',
      scene.store.resources().some((each) => each.kind === 'CiliumIdentity') ? scene.store.count('CiliumIdentity') : 0,
      { type: 'cluster_local' },
    ),
    gauge('unreachable_nodes', unready ? nodes - 1 : 0),
    gauge('unreachable_health_endpoints', cutOffFrom(scene, pod)),
    gauge('controllers_failing', unready ? 1 : 0),
    counter('controllers_runs_total', minutes * (8 + endpoints.length), { status: 'success' }),
    gauge('bpf_map_pressure', pressure(endpoints.length, 65_535, key), { map_name: 'lxc' }),
    gauge('bpf_map_pressure', pressure(scene.store.count('Pod') + nodes, 512_000, key), { map_name: 'ipcache_v2' }),
    ...mapsOf(scene, pod).map(({ map, ratio }) => gauge('bpf_map_pressure', ratio, { map_name: map })),
    ...sessionsOf(scene, pod, ciliumConfig(scene)).map(({ peerAddress, peerNumber, ownNumber, state }) =>
      gauge('bgp_control_plane_session_state', state === 'established' ? 1 : 0, {
        vrouter: String(ownNumber),
        neighbor: peerAddress,
        neighbor_asn: String(peerNumber),
      }),
    ),
    counter('datapath_conntrack_gc_runs_total', minutes / 8, { family: 'ipv4', protocol: 'TCP', status: 'completed' }),
    ...apiCalls(scene, minutes, unready).map(({ code, calls }) =>
      counter('k8s_client_api_calls_total', calls, { host: '10.0.0.1:443', method: 'GET', return_code: code }),
    ),
    ...traffic,
  ];
}

export function operatorSamples(scene: Scene, pod: Pod, counts: SliceWaits): Sample[] {
  const gauge = (name: string, value: number, labels: Record<string, string> = {}): Sample => ({
    name: `cilium_operator_${name}`,
    type: 'gauge',
    labels,
    value,
  });
  const counter = (name: string, value: number, labels: Record<string, string> = {}): Sample => ({
    name: `cilium_operator_${name}`,
    type: 'counter',
    labels,
    value,
  });
  const { waiting, oldestSeconds } = backlog(scene);
  const slices = listOf<Slice>(scene, 'CiliumEndpointSlice');
  const generations = slices.reduce((sum, slice) => sum + (slice.metadata.generation ?? 1), 0);
  const { writes, waits } = counts.count(generations, oldestSeconds > 0 ? oldestSeconds : 0.6);
  return [
    gauge('process_start_time_seconds', timeOf(pod.metadata.creationTimestamp) / 1000),
    ...histogram(
      'cilium_operator_number_of_ceps_per_ces',
      [1, 10, 25, 50, 100, 200, 500, 1000],
      slices.map((slice) => ({ value: slice.endpoints?.length ?? 0, times: 1 })),
      {},
    ),
    counter('ces_sync_total', writes, { outcome: 'success' }),
    counter('ces_sync_total', oldestSeconds > 30 ? waiting : 0, { outcome: 'fail' }),
    ...histogram(
      'cilium_operator_ces_queueing_delay_seconds',
      [0.005, 0.01, 0.1, 0.5, 1, 5, 30, 60, 300, 3600],
      [...waits].map(([value, times]) => ({ value, times })),
      { queue: 'standard' },
    ),
    gauge(
      'identity_gc_entries',
      scene.store.resources().some((each) => each.kind === 'CiliumIdentity') ? scene.store.count('CiliumIdentity') : 0,
      { identity_type: 'crd', status: 'alive' },
    ),
    gauge('unmanaged_pods', 0),
  ];
}

function histogram(
  name: string,
  bounds: readonly number[],
  values: readonly { value: number; times: number }[],
  labels: Record<string, string>,
): Sample[] {
  const sample = (suffix: string, value: number, more: Record<string, string> = {}): Sample => ({
    name: `${name}_${suffix}`,
    type: 'histogram',
    labels: { ...labels, ...more },
    value,
  });
  const upTo = (bound: number) => values.reduce((sum, { value, times }) => (value <= bound ? sum + times : sum), 0);
  const all = upTo(Number.POSITIVE_INFINITY);
  return [
    ...bounds.map((bound) => sample('bucket', upTo(bound), { le: String(bound) })),
    sample('bucket', all, { le: '+Inf' }),
    sample(
      'sum',
      values.reduce((sum, { value, times }) => sum + value * times, 0),
    ),
    sample('count', all),
  ];
}

/** Tables of connections, and those that a cause fills. */
function mapsOf(scene: Scene, pod: Pod): readonly { map: string; ratio: number }[] {
  const key = pod.metadata.uid ?? '';
  const usual = [
    { map: 'ct4_global', ratio: chanceBetween(`${key} ct`, 20, 90) / 1000 },
    { map: 'snat_v4_external', ratio: chanceBetween(`${key} nat`, 5, 60) / 1000 },
  ];
  const full = fullness(scene, pod);
  return [...usual.filter(({ map }) => !full.some((one) => one.map === map)), ...full];
}

function pressure(entries: number, size: number, key: string): number {
  return Math.round((entries / size) * 1e5 + chanceBetween(key, 0, 3)) / 1e5;
}

/** Nodes to whose pods nothing comes because no handshake of WireGuard succeeds. */
function cutOffFrom(scene: Scene, pod: Pod): number {
  if (scene.causes.now().encryptionDown.length === 0) return 0;
  const own = pod.spec?.nodeName ?? '';
  return listOf(scene, 'Node').filter(({ metadata }) => isCutOff(scene, own, metadata.name)).length;
}
