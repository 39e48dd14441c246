// ARM put together: what is there, what is under way, and who answers for what.
import type { DatabaseTable } from '../../kql/database.ts';
import { answerJson } from '../answers.ts';
import { azurePlace, clusterId } from '../azure-settings.ts';
import type { AzureAnswer, AzureRequest } from '../route.ts';
import { type ActivityLog, createActivityLog } from './activity-log.ts';
import { agentPoolRoutes } from './agent-pools.ts';
import { createArm } from './arm.ts';
import { collectionOf } from './collection.ts';
import { firedAlertRoutes } from './fired-alerts.ts';
import type { Ground } from './ground.ts';
import { addon, advancedNetworking } from './managed-cluster-object.ts';
import { keep, managedClusterRoutes } from './managed-clusters.ts';
import { auditOf, diagnosticSettingObject } from './monitoring-objects.ts';
import { createOperations, type Operations } from './operations.ts';
import { type PastOperation, pastActivity } from './past-activity.ts';
import { plainRoutes } from './plain-resources.ts';
import { platformMetricRoutes } from './platform-metrics.ts';
import { resourceGraphRoutes } from './resource-graph.ts';
import { createResourceStore, type Properties } from './resource-store.ts';
import { seeds } from './seeds.ts';
import { workspaceTableRoutes } from './workspace-tables.ts';

export type Subscription = {
  answer(request: AzureRequest): AzureAnswer;
  operations: Operations;
  /** Of the control plane, as the cluster says: `v1.34.2`. */
  version(): string;
  activity: ActivityLog;
  close(): void;
};

type Options = Pick<Ground, 'url' | 'world' | 'settings' | 'pace' | 'now' | 'kubeconfig'> & {
  story: readonly PastOperation[];
  /** When the world was first shown: the past is counted from there. */
  shown: number;
  operationFails(): { code: string; message: string } | undefined;
  tables(): readonly Pick<DatabaseTable, 'name' | 'plan' | 'columns'>[];
};

export function createSubscription(options: Options): Subscription {
  const { url, world, settings, pace, now } = options;
  const { subscription, location } = azurePlace;
  const operations = createOperations({ url, subscription, location, pace, now, fails: options.operationFails });
  const resources = createResourceStore(seeds(world, settings.now(), options.story));
  const activity = createActivityLog({
    ...{ url, now, pageSize: () => pace.pageSize, seeds: pastActivity(world, options.shown, options.story) },
    delayMs: () => settings.now().delay.resource[0] * 1000,
  });
  const ground: Ground = {
    ...{ url, world, settings, pace, now, kubeconfig: options.kubeconfig },
    resources,
    operations,
    activity,
  };
  const routes = {
    ...managedClusterRoutes(ground),
    ...agentPoolRoutes(ground),
    ...plainRoutes(ground, (type) => {
      if (type !== 'Microsoft.Insights/diagnosticSettings') return;
      settings.change({ audit: auditOf(resources.list(type, clusterId())) });
    }),
    ...platformMetricRoutes(ground),
    ...firedAlertRoutes(ground),
    ...workspaceTableRoutes(ground, options.tables),
    ...resourceGraphRoutes(ground),
    'GET microsoft.insights eventtypes/*/values': activity.answer,
    'GET microsoft.authorization permissions': () => answerJson(200, { value: [contributor] }),
  };
  settings.listen({ before() {}, after: () => follow(ground) });
  return {
    answer: createArm({ subscription, routes }),
    operations,
    activity,
    version: () => `v${resources.get(clusterId())?.properties['currentKubernetesVersion']}`,
    close: operations.close,
  };
}

/** What the signed-in ones may do. */
const contributor = {
  actions: ['*'],
  notActions: ['Microsoft.Authorization/*/Delete', 'Microsoft.Authorization/*/Write'],
  dataActions: [],
  notDataActions: [],
};

/** The cluster and its diagnostic setting say what the settings say now, where they say something else. */
function follow(ground: Ground): void {
  const { resources } = ground;
  const settings = ground.settings.now();
  const cluster = resources.get(clusterId());
  if (cluster !== undefined) {
    const { monitoring, flowLogs } = collectionOf(cluster, settings);
    if (monitoring !== settings.monitoring || flowLogs !== settings.flowLogs) {
      const { properties } = cluster;
      const addonProfiles = { ...(properties['addonProfiles'] as Properties), omsagent: addon(settings) };
      const network = properties['networkProfile'] as Properties;
      const networkProfile =
        settings.flowLogs === 'none' ? network : { advancedNetworking: advancedNetworking(), ...network };
      const next = { ...cluster, properties: { ...properties, addonProfiles, networkProfile } };
      keep(ground, next, String(properties['provisioningState']));
    }
  }
  const diagnostics = resources.list('Microsoft.Insights/diagnosticSettings', clusterId());
  if (auditOf(diagnostics) === settings.audit) return;
  for (const { id } of diagnostics) resources.remove(id);
  const setting = diagnosticSettingObject(settings);
  if (setting !== undefined) resources.put(setting);
}
