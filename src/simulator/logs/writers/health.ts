// What says that collection itself works: heartbeats, node metrics, the agent's own messages, the workspace's accounts.
import { azurePlace } from '../../azure/azure-settings.ts';
import { chanceBetween } from '../../voices/chance.ts';
import { getOf } from '../../voices/scene.ts';
import type { Node } from '../../voices/shapes.ts';
import { overCapFor } from '../ingestion.ts';
import { type Observed, unreadySince } from '../observed.ts';
import { datetimeText, type Writer, type Written } from '../row.ts';
import { cluster, minutes } from './inventory.ts';

const hourMs = 3_600_000;
const METRICS = [
  { name: 'cpuUsageNanoCores', least: 400_000_000, most: 2_600_000_000 },
  { name: 'memoryRssBytes', least: 6_000_000_000, most: 14_000_000_000 },
] as const;

export function writeHealth({ scene, settings, view }: Observed): Writer {
  return function* (from, to, budget) {
    const { monitoring, overDailyCap } = settings.now();
    const nodes = monitoring
      ? [...view.nodes.values()].map(({ created, ip, name, ready }) => ({
          ...{ created, ip, name },
          until: ready ? Number.POSITIVE_INFINITY : unreadySince(getOf<Node>(scene, 'Node', '', name)),
        }))
      : [];
    for (const at of minutes(from, to, budget, nodes.length * (1 + METRICS.length))) {
      for (const { created, ip, name, until } of nodes) {
        if (created > at || at > until) continue;
        yield heartbeat(name, ip, at);
        for (const { name: metric, least, most } of METRICS) {
          yield node(name, metric, chanceBetween(`${name} ${metric} ${at}`, least, most), at);
        }
      }
    }
    for (let at = Math.floor(from / hourMs + 1) * hourMs; at <= to; at += hourMs) {
      yield operation(at, overDailyCap && at > to - overCapFor);
      if (monitoring) yield agentSays(at);
      for (const table of monitoring ? ['ContainerLogV2', 'KubePodInventory', 'Heartbeat'] : []) yield usage(table, at);
    }
  };
}

function heartbeat(computer: string, ip: string, at: number): Written {
  return {
    table: 'Heartbeat',
    at,
    key: `${computer} ${at}`,
    batch: `${computer} ${at}`,
    by: 'agent',
    values: () => ({
      Computer: computer,
      Category: 'Azure Monitor Agent',
      OSType: 'Linux',
      OSName: 'Ubuntu',
      Version: '1.36.2',
      ComputerIP: ip,
      ResourceGroup: azurePlace.nodeResourceGroup,
      SubscriptionId: azurePlace.subscription,
    }),
  };
}

function node(computer: string, name: string, value: number, at: number): Written {
  return {
    table: 'InsightsMetrics',
    at,
    key: `${computer} ${name} ${at}`,
    batch: `${computer} ${at}`,
    by: 'agent',
    values: () => ({
      Name: name,
      Namespace: 'container.azm.ms/node',
      Origin: 'container.azm.ms',
      Computer: computer,
      Tags: JSON.stringify({ 'container.azm.ms/clusterId': cluster.ClusterId, hostName: computer }),
      Val: value,
    }),
  };
}

function agentSays(at: number): Written {
  return {
    table: 'KubeMonAgentEvents',
    at,
    key: `agent ${at}`,
    batch: `agent ${at}`,
    by: 'agent',
    values: () => ({
      ...cluster,
      Computer: '',
      Category: 'container.azm.ms/configmap',
      Level: 'Info',
      Message: 'No errors were found in the configuration of the agent',
      Tags: '{}',
    }),
  };
}

function operation(at: number, isOver: boolean): Written {
  return {
    table: 'Operation',
    at,
    key: `operation ${at}`,
    batch: `operation ${at}`,
    by: 'resource',
    values: () => ({
      OperationCategory: 'Data Collection Status',
      OperationStatus: isOver ? 'Warning' : 'Succeeded',
      OperationKey: `${at}`,
      Detail: isOver
        ? 'The data collection rate crossed the daily limit of 5 GB; data collection stopped. Ingestion status = OverQuota'
        : 'Data collection is running',
      Solution: 'LogManagement',
      Computer: '',
    }),
  };
}

function usage(table: string, at: number): Written {
  return {
    table: 'Usage',
    at,
    key: `${table} ${at}`,
    batch: `usage ${at}`,
    by: 'resource',
    values: () => ({
      DataType: table,
      QuantityUnit: 'MBytes',
      Solution: table === 'Heartbeat' ? 'LogManagement' : 'ContainerInsights',
      ResourceUri: cluster.ClusterId,
      MeterId: '',
      Quantity: chanceBetween(`${table} ${at} MB`, 200, 9_000) / 100,
      IsBillable: table !== 'Heartbeat',
      StartTime: datetimeText(at - hourMs),
      EndTime: datetimeText(at),
    }),
  };
}
