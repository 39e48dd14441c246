import type { Check } from '../check.ts';
import { az, managedCluster, suspectCluster } from './managed.ts';

export const monitoringOff: Check = {
  id: 'azure/monitoring-off',
  title: 'No logs are collected',
  why: 'Container Insights is off or has no workspace. What agents and pods said before they restarted is gone with them, and there are no flow logs to look into.',
  severity: 'note',
  needs: ['arm'],
  anyNetwork: true,
  look: (snapshot) =>
    suspectCluster(snapshot, ({ monitoring }) => !monitoring.containerInsights || monitoring.workspace === ''),
  tell(suspects, snapshot) {
    const cluster = managedCluster(snapshot);
    const isOn = cluster?.monitoring.containerInsights === true;
    return [
      {
        title: isOn
          ? 'Container Insights is on, but has no workspace'
          : 'no logs are collected: Container Insights is off',
        objects: suspects.map(({ object }) => object),
        evidence: [
          `Container Insights ${isOn ? 'on' : 'off'}, workspace ${cluster?.monitoring.workspace || 'none'}`,
          `managed Prometheus ${cluster?.monitoring.managedPrometheus ? 'on' : 'off'}`,
        ],
        reach: 'the cluster',
        next: `ciliscope plan enable-monitoring, or: ${az(cluster, 'aks enable-addons', '--addons monitoring --workspace-resource-id WORKSPACE')}`,
      },
    ];
  },
};
