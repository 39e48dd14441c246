import { readPlatformMetrics } from '../../model/azure/read-platform-metrics.ts';
import type { MetricSeries } from '../../model/metrics.ts';
import type { AzureConnection } from './azure-connection.ts';
import { answerProblem, connectionProblem } from './azure-problem.ts';

/** What is shown of a managed cluster's own metrics; all of them know an average. In Azure's names. */
const chosen = [
  'node_cpu_usage_percentage',
  'node_memory_working_set_percentage',
  'node_disk_usage_percentage',
  'apiserver_cpu_usage_percentage',
  'apiserver_memory_usage_percentage',
  'apiserver_current_inflight_requests',
  'etcd_database_usage_percentage',
];

/** The last three hours, a point every five minutes. Platform metrics are some minutes late (domain §8.3). */
export async function askPlatformMetrics(
  azure: AzureConnection,
  clusterId: string,
  signal: AbortSignal,
): Promise<readonly MetricSeries[]> {
  const { MetricsQueryClient } = await import('@azure/monitor-query');
  const options = azure.options('arm');
  const client = new MetricsQueryClient(azure.credential, options);
  try {
    const { metrics } = await client.queryResource(clusterId, chosen, {
      granularity: 'PT5M',
      timespan: { duration: 'PT3H' },
      aggregations: ['Average'],
      abortSignal: signal,
    });
    return readPlatformMetrics(metrics);
  } catch (error) {
    signal.throwIfAborted();
    const { statusCode, details } = error as { statusCode?: number; details?: unknown };
    const host = new URL(options.endpoint).host;
    if (typeof statusCode !== 'number') throw connectionProblem(error, host);
    const body = { error: (details as { error?: unknown } | undefined)?.error ?? details };
    throw answerProblem({ status: statusCode, headers: {}, body, host }, 'read its metrics', 'Monitoring Reader');
  }
}
