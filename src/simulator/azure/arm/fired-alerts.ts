// Microsoft.AlertsManagement/alerts: what fires follows from what is wrong in the world.
import type { World } from '../../world/world.ts';
import { answerJson } from '../answers.ts';
import { azurePlace, clusterId, workspaceId } from '../azure-settings.ts';
import { guidOf } from '../guid.ts';
import type { ArmRoutes } from './arm-request.ts';
import { pageOf } from './arm-request.ts';
import type { Ground } from './ground.ts';

type Fired = { rule: string; severity: number; target: string; signal: 'Log' | 'Metric'; description: string };

export function firedAlertRoutes(ground: Ground): ArmRoutes {
  /** Since when each has been firing, and those that have ended. */
  const since = new Map<string, { fired: Fired; at: number; ended: number }>();
  return {
    'GET microsoft.alertsmanagement alerts'(request) {
      const now = ground.now();
      const firing = firingIn(ground.world);
      for (const fired of firing) {
        const known = since.get(fired.rule);
        if (known === undefined || known.ended > 0) since.set(fired.rule, { fired, at: now - startedAgo, ended: 0 });
      }
      for (const one of since.values()) {
        if (one.ended === 0 && !firing.some(({ rule }) => rule === one.fired.rule)) one.ended = now;
      }
      const target = request.query.get('targetResource')?.toLowerCase();
      const all = [...since.values()]
        .filter(({ fired }) => target === undefined || fired.target.toLowerCase() === target)
        .map(({ fired, at, ended }) => alertObject(fired, at, ended));
      return answerJson(200, pageOf(all, request, ground.url(), ground.pace.pageSize));
    },
  };
}

/** The causes were there before the world was shown. */
const startedAgo = 17 * 60_000;

function firingIn(world: World | undefined): Fired[] {
  if (world === undefined) return [];
  const { causes, view } = world;
  const fired: Fired[] = [];
  if (causes.fails.some(({ labels }) => labels['k8s-app'] === 'cilium')) {
    fired.push({
      rule: 'cilium-agent-restarts',
      ...{ severity: 2, target: workspaceId(), signal: 'Log' },
      description: 'An agent of Cilium was restarted more than three times in a quarter of an hour.',
    });
  }
  if ([...view.nodes.values()].some(({ ready }) => !ready)) {
    fired.push({
      rule: 'NodeNotReady',
      ...{ severity: 3, target: clusterId(), signal: 'Metric' },
      description: 'A node has not been ready for five minutes.',
    });
  }
  return fired;
}

function alertObject({ rule, severity, target, signal, description }: Fired, at: number, ended: number) {
  const guid = guidOf(`${rule} ${at}`);
  const isLog = signal === 'Log';
  const group = `/subscriptions/${azurePlace.subscription}/resourceGroups/${azurePlace.resourceGroup}`;
  return {
    id: `${target}/providers/Microsoft.AlertsManagement/alerts/${guid}`,
    type: 'Microsoft.AlertsManagement/alerts',
    name: rule,
    properties: {
      essentials: {
        severity: `Sev${severity}`,
        signalType: signal,
        alertState: 'New',
        monitorCondition: ended === 0 ? 'Fired' : 'Resolved',
        targetResource: target,
        targetResourceName: target.split('/').at(-1),
        targetResourceGroup: azurePlace.resourceGroup,
        targetResourceType: isLog
          ? 'Microsoft.OperationalInsights/workspaces'
          : 'Microsoft.ContainerService/managedClusters',
        monitorService: isLog ? 'Log Alerts V2' : 'Prometheus',
        alertRule: isLog
          ? `${group}/providers/Microsoft.Insights/scheduledQueryRules/${rule}`
          : `${group}/providers/Microsoft.AlertsManagement/prometheusRuleGroups/node-rules-${azurePlace.cluster}`,
        description,
        startDateTime: new Date(at).toISOString(),
        lastModifiedDateTime: new Date(ended === 0 ? at : ended).toISOString(),
        lastModifiedUserName: 'System',
        ...(ended === 0 ? {} : { monitorConditionResolvedDateTime: new Date(ended).toISOString() }),
        actionStatus: { isSuppressed: false },
      },
    },
  };
}
