import {
  type AgentReading,
  type ApiRefusal,
  type DropCount,
  historyLength,
  mostFirst,
  type OperatorReading,
} from './metrics.ts';
import { sanitiseLine } from './sanitise.ts';

/** A line of a metrics page. */
export type Sample = { name: string; labels: Readonly<Record<string, string>>; value: number };

/** One page of one process, of which only what `wanted` names is kept. */
export type MetricsPage = { at: number; samples: readonly Sample[] };

const agentNames = new Set([
  'cilium_drop_count_total',
  'cilium_forward_count_total',
  'cilium_controllers_failing',
  'cilium_unreachable_nodes',
  'cilium_node_health_connectivity_status',
  'cilium_identity',
  'cilium_policy_change_total',
  'cilium_endpoint_state',
  'cilium_bpf_map_pressure',
  'cilium_k8s_client_api_calls_total',
  'cilium_bgp_control_plane_session_state',
]);
const delay = 'cilium_operator_ces_queueing_delay_seconds';
const perSlice = 'cilium_operator_number_of_ceps_per_ces';
const operatorNames = new Set([
  'cilium_operator_ces_sync_total',
  `${delay}_bucket`,
  `${perSlice}_sum`,
  `${perSlice}_count`,
  'cilium_operator_unmanaged_pods',
]);

/** Of the thousands of lines of a page, those that are read. */
export function wanted(name: string): boolean {
  return agentNames.has(name) || operatorNames.has(name);
}

export function readAgent(
  of: { node: string; pod: string },
  page: MetricsPage,
  before: { page: MetricsPage; reading: AgentReading } | undefined,
): AgentReading {
  const counters = ['cilium_forward_count_total', 'cilium_drop_count_total'];
  // A counter of no drops is not on the page; that nothing is counted at all says that nobody counts.
  const isCounted = page.samples.some(({ name }) => counters.includes(name));
  const interval = isCounted ? intervalOf(page, before?.page, ...counters) : 0;
  const drops = dropsOf(page, before?.page, interval);
  const dropsPerSecond = interval === 0 ? null : drops.reduce((sum, one) => sum + (one.perSecond ?? 0), 0);
  return {
    ...of,
    at: page.at,
    drops,
    dropsPerSecond,
    forwardsPerSecond: rate(page, before?.page, 'cilium_forward_count_total', interval),
    history: [...(before?.reading.history ?? []), dropsPerSecond].slice(-historyLength),
    controllersFailing: gauge(page, 'cilium_controllers_failing'),
    unreachableNodes: gauge(page, 'cilium_unreachable_nodes') ?? unreachable(page),
    identities: gauge(page, 'cilium_identity'),
    policyFailures: sumOf(page, 'cilium_policy_change_total', ({ outcome = '' }) => /^fail/.test(outcome)),
    endpointStates: Object.fromEntries(
      linesOf(page, 'cilium_endpoint_state').map(({ labels, value }) => [
        sanitiseLine(labels['endpoint_state'] ?? labels['state'] ?? '', 60),
        value,
      ]),
    ),
    mapPressure: linesOf(page, 'cilium_bpf_map_pressure')
      .map(({ labels, value }) => ({ map: sanitiseLine(labels['map_name'] ?? '', 60), ratio: value }))
      .sort((a, b) => b.ratio - a.ratio)
      .slice(0, 5),
    refusals: refusalsOf(page, before?.page, interval),
    bgpSessions: linesOf(page, 'cilium_bgp_control_plane_session_state').map(({ labels, value }) => ({
      peer: sanitiseLine(labels['neighbor'] ?? '', 60),
      isUp: value === 1,
    })),
  };
}

export function readOperator(
  pod: string,
  page: MetricsPage,
  before: { page: MetricsPage; reading: OperatorReading } | undefined,
): OperatorReading {
  const syncs = 'cilium_operator_ces_sync_total';
  const interval = intervalOf(page, before?.page, syncs);
  const failed = ({ outcome = '' }: Sample['labels']) => /^fail/.test(outcome);
  const buckets = interval === 0 ? [] : difference(bucketsOf(page), bucketsOf(before?.page));
  const queueP99 = quantile(buckets, 0.99);
  const slices = sumOf(page, `${perSlice}_count`);
  return {
    pod,
    at: page.at,
    syncs: sumOf(page, syncs),
    syncFails: sumOf(page, syncs, failed),
    syncsPerSecond: rate(page, before?.page, syncs, interval),
    failsPerSecond: rate(page, before?.page, syncs, interval, failed),
    queueP50: quantile(buckets, 0.5),
    queueP99,
    endpointsPerSlice: slices === 0 ? null : sumOf(page, `${perSlice}_sum`) / slices,
    unmanagedPods: gauge(page, 'cilium_operator_unmanaged_pods'),
    history: [...(before?.reading.history ?? []), queueP99].slice(-historyLength),
  };
}

function linesOf(page: MetricsPage | undefined, name: string): readonly Sample[] {
  return page?.samples.filter((sample) => sample.name === name) ?? [];
}

function sumOf(
  page: MetricsPage | undefined,
  name: string,
  which: (labels: Sample['labels']) => boolean = () => true,
): number {
  return linesOf(page, name).reduce((sum, { labels, value }) => (which(labels) ? sum + value : sum), 0);
}

/** As newer agents tell it: how many nodes there are of each status. */
function unreachable(page: MetricsPage): number | null {
  const nodes = linesOf(page, 'cilium_node_health_connectivity_status').filter(
    ({ labels }) => labels['type'] === 'node',
  );
  if (nodes.length === 0) return null;
  return nodes.reduce((sum, { labels, value }) => (labels['status'] === 'unreachable' ? sum + value : sum), 0);
}

function gauge(page: MetricsPage, name: string): number | null {
  const samples = linesOf(page, name).filter(({ value }) => Number.isFinite(value));
  return samples.length === 0 ? null : samples.reduce((sum, { value }) => sum + value, 0);
}

/** Seconds between two pages of one process; 0 where there is no page before, or its counters began anew since. */
function intervalOf(page: MetricsPage, before: MetricsPage | undefined, ...counters: readonly string[]): number {
  if (before === undefined || page.at <= before.at) return 0;
  const isAnew = counters.some((name) => sumOf(page, name) < sumOf(before, name));
  return isAnew ? 0 : (page.at - before.at) / 1_000;
}

function rate(
  page: MetricsPage,
  before: MetricsPage | undefined,
  name: string,
  interval: number,
  which?: (labels: Sample['labels']) => boolean,
): number | null {
  return interval === 0 ? null : Math.max(0, (sumOf(page, name, which) - sumOf(before, name, which)) / interval);
}

function dropsOf(page: MetricsPage, before: MetricsPage | undefined, interval: number): readonly DropCount[] {
  const name = 'cilium_drop_count_total';
  const key = ({ reason = '', direction = '' }: Sample['labels']) => `${reason}\n${direction}`;
  const known = new Map(linesOf(before, name).map(({ labels, value }) => [key(labels), value]));
  return linesOf(page, name)
    .filter(({ value }) => value > 0)
    .map(({ labels, value }) => ({
      reason: sanitiseLine(labels['reason'] ?? '', 80),
      direction: sanitiseLine(labels['direction'] ?? '', 20).toLowerCase(),
      total: value,
      perSecond: interval === 0 ? null : Math.max(0, (value - (known.get(key(labels)) ?? 0)) / interval),
    }))
    .sort(mostFirst);
}

/** Calls that were turned away (429), failed (5xx), or never answered. */
function refusalsOf(page: MetricsPage, before: MetricsPage | undefined, interval: number): readonly ApiRefusal[] {
  const name = 'cilium_k8s_client_api_calls_total';
  const codes = new Set(linesOf(page, name).map(({ labels }) => labels['return_code'] ?? ''));
  return [...codes]
    .filter((code) => /^(429|5\d\d|<error>)$/.test(code))
    .map((code) => {
      const isIt = (labels: Sample['labels']) => labels['return_code'] === code;
      return { code, total: sumOf(page, name, isIt), perSecond: rate(page, before, name, interval, isIt) };
    })
    .filter(({ total }) => total > 0)
    .sort((a, b) => b.total - a.total);
}

type Bucket = { upTo: number; count: number };

/** Of all queues together, by their upper bounds. */
function bucketsOf(page: MetricsPage | undefined): readonly Bucket[] {
  const sums = new Map<number, number>();
  for (const { labels, value } of linesOf(page, `${delay}_bucket`)) {
    const upTo = labels['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels['le']);
    sums.set(upTo, (sums.get(upTo) ?? 0) + value);
  }
  return [...sums].map(([upTo, count]) => ({ upTo, count })).sort((a, b) => a.upTo - b.upTo);
}

function difference(now: readonly Bucket[], before: readonly Bucket[]): readonly Bucket[] {
  const known = new Map(before.map(({ upTo, count }) => [upTo, count]));
  return now.map(({ upTo, count }) => ({ upTo, count: Math.max(0, count - (known.get(upTo) ?? 0)) }));
}

/** As Prometheus' histogram_quantile: linear within a bucket; beyond the last bound, that bound. */
function quantile(buckets: readonly Bucket[], part: number): number | null {
  const all = buckets.at(-1)?.count ?? 0;
  if (all === 0) return null;
  const rank = part * all;
  const index = buckets.findIndex(({ count }) => count >= rank);
  const bucket = buckets[index];
  const below = buckets[index - 1];
  if (bucket === undefined || bucket.upTo === Number.POSITIVE_INFINITY) return below?.upTo ?? null;
  const from = below?.upTo ?? 0;
  const inBucket = bucket.count - (below?.count ?? 0);
  return inBucket === 0 ? bucket.upTo : from + ((bucket.upTo - from) * (rank - (below?.count ?? 0))) / inBucket;
}
