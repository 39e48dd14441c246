// Microsoft.Insights/metrics of the managed cluster: what Azure measures by itself, a point a minute, some minutes late.
import { chance } from '../../voices/chance.ts';
import { answerJson } from '../answers.ts';
import type { AzureAnswer } from '../route.ts';
import { ArmError } from './arm-error.ts';
import type { ArmRequest, ArmRoutes } from './arm-request.ts';
import type { Ground } from './ground.ts';
import { isOurs } from './managed-clusters.ts';

type Metric = {
  name: string;
  title: string;
  unit: 'Percent' | 'Count' | 'Bytes';
  aggregations: readonly string[];
  /** What it is about, and by how much it wavers. The world's own count replaces the first where it has one. */
  about: number;
  wavers: number;
  of?(ground: Ground): number;
};

const average = ['Average', 'Maximum', 'Minimum'];
const sums = ['Average', 'Total'];

const metrics: readonly Metric[] = [
  percent('node_cpu_usage_percentage', 'CPU Usage Percentage', 34, 9),
  percent('node_memory_rss_percentage', 'Memory RSS Percentage', 41, 3),
  percent('node_memory_working_set_percentage', 'Memory Working Set Percentage', 57, 4),
  percent('node_disk_usage_percentage', 'Disk Used Percentage', 38, 0.5),
  percent('apiserver_cpu_usage_percentage', 'API Server CPU Usage Percentage', 18, 7),
  percent('apiserver_memory_usage_percentage', 'API Server Memory Usage Percentage', 44, 2),
  percent('etcd_cpu_usage_percentage', 'ETCD CPU Usage Percentage', 9, 3),
  percent('etcd_memory_usage_percentage', 'ETCD Memory Usage Percentage', 31, 2),
  percent('etcd_database_usage_percentage', 'ETCD Database Usage Percentage', 4.2, 0.2),
  {
    ...{ name: 'apiserver_current_inflight_requests', title: 'Inflight Requests', unit: 'Count', aggregations: sums },
    ...{ about: 6, wavers: 4 },
  },
  {
    ...{ name: 'kube_pod_status_ready', title: 'Number of pods in Ready state', unit: 'Count', aggregations: sums },
    ...{ about: 0, wavers: 0 },
    of: ({ world }) => [...(world?.view.pods.values() ?? [])].filter(({ ready }) => ready).length,
  },
  {
    ...{ name: 'kube_node_status_condition', title: 'Statuses for various node conditions', unit: 'Count' },
    ...{ aggregations: sums, about: 0, wavers: 0 },
    of: ({ world }) => world?.view.nodes.size ?? 0,
  },
];

function percent(name: string, title: string, about: number, wavers: number): Metric {
  return { name, title, unit: 'Percent', aggregations: average, about, wavers };
}

const minute = 60_000;
/** Points of the newest minutes are not there yet. */
const lateMs = 2 * minute;
const mostNames = 20;

export function platformMetricRoutes(ground: Ground): ArmRoutes {
  return {
    'GET microsoft.insights metrics': (request) => answerMetrics(ground, request),
    'GET microsoft.insights metricdefinitions': ({ path }) => {
      checkResource(ground, path.scope);
      return answerJson(200, { value: metrics.map((metric) => definition(path.scope, metric)) });
    },
  };
}

function answerMetrics(ground: Ground, { path, query }: ArmRequest): AzureAnswer {
  checkResource(ground, path.scope);
  const names = (query.get('metricnames') ?? 'node_cpu_usage_percentage').split(',').map((name) => name.trim());
  if (names.length > mostNames) {
    throw bad(
      `Requested metrics count: ${names.length} bigger than the maximum allowed number of metrics per request: ${mostNames}.`,
    );
  }
  const step = durationMs(query.get('interval') ?? 'PT1M');
  const now = ground.now();
  const { from, to } = rangeOf(query.get('timespan') ?? 'PT1H', now);
  const aggregation = (query.get('aggregation') ?? 'Average').split(',').map((one) => one.trim().toLowerCase());
  const value = names.map((name) => {
    const metric = metrics.find((one) => one.name === name.toLowerCase());
    if (metric === undefined) throw unknown(name);
    return {
      id: `${path.scope}/providers/Microsoft.Insights/metrics/${metric.name}`,
      type: 'Microsoft.Insights/metrics',
      name: { value: metric.name, localizedValue: metric.title },
      displayDescription: metric.title,
      unit: metric.unit,
      timeseries: [{ metadatavalues: [], data: points(ground, metric, { from, to, step, aggregation }) }],
      errorCode: 'Success',
    };
  });
  return answerJson(200, {
    cost: Math.round((to - from) / minute),
    timespan: `${new Date(from).toISOString()}/${new Date(to).toISOString()}`,
    interval: query.get('interval') ?? 'PT1M',
    value,
    namespace: 'Microsoft.ContainerService/managedClusters',
    resourceregion: 'westeurope',
  });
}

type Span = { from: number; to: number; step: number; aggregation: readonly string[] };

/** The same moment has the same value, whoever asks and when; a moment without a value has none of its fields. */
function points(ground: Ground, metric: Metric, { from, to, step, aggregation }: Span) {
  const data: Record<string, unknown>[] = [];
  const about = metric.of?.(ground) ?? metric.about;
  for (let at = Math.floor(from / step) * step; at < to; at += step) {
    const timeStamp = new Date(at).toISOString();
    if (at > ground.now() - lateMs) {
      data.push({ timeStamp });
      continue;
    }
    const wave = 0.7 * Math.sin(at / (25 * minute)) + 0.6 * chance(`${metric.name} ${at}`) - 0.3;
    const value = about + metric.wavers * wave;
    const kept = Math.max(0, Math.round(value * 100) / 100);
    data.push({ timeStamp, ...Object.fromEntries(aggregation.map((one) => [one, kept])) });
  }
  return data;
}

function definition(resourceId: string, { name, title, unit, aggregations }: Metric) {
  return {
    id: `${resourceId}/providers/microsoft.insights/metricdefinitions/${name}`,
    resourceId,
    namespace: 'Microsoft.ContainerService/managedClusters',
    category: 'Nodes (PREVIEW)',
    name: { value: name, localizedValue: title },
    isDimensionRequired: false,
    unit,
    primaryAggregationType: 'Average',
    supportedAggregationTypes: ['None', ...aggregations],
    metricAvailabilities: ['PT1M', 'PT5M', 'PT15M', 'PT1H'].map((timeGrain) => ({ timeGrain, retention: 'P93D' })),
    dimensions: [],
  };
}

function checkResource({ resources }: Ground, id: string): void {
  if (isOurs(id)) return;
  if (resources.get(id) === undefined) {
    throw new ArmError(404, 'ResourceNotFound', `The Resource '${id.split('/providers/').at(-1)}' was not found.`);
  }
}

function rangeOf(timespan: string, now: number): { from: number; to: number } {
  const [begin = '', end = ''] = timespan.split('/');
  if (end === '') return { from: now - durationMs(begin), to: now };
  const isLength = (text: string) => text.startsWith('P');
  const to = isLength(end) ? Date.parse(begin) + durationMs(end) : Date.parse(end);
  const from = isLength(begin) ? to - durationMs(begin) : Date.parse(begin);
  if (Number.isNaN(from) || Number.isNaN(to)) throw bad(`The timespan '${timespan}' is invalid.`);
  return { from, to };
}

/** ISO 8601 as far as it is asked with: days, hours, minutes. */
function durationMs(text: string): number {
  const [, days, hours, minutes] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(text) ?? [];
  const ms = (Number(days ?? 0) * 1440 + Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * minute;
  if (ms === 0) throw bad(`The duration '${text}' is invalid.`);
  return ms;
}

function unknown(name: string): ArmError {
  const known = metrics.map((one) => one.name).join(',');
  return bad(
    `Failed to find metric configuration for provider: Microsoft.ContainerService, resource Type: managedClusters, metric: ${name}, Valid metrics: ${known}`,
  );
}

function bad(message: string): ArmError {
  return new ArmError(400, 'BadRequest', message);
}
