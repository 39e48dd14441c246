// What is collected, by what the managed cluster says: changed through ARM, the workspace follows.
import type { AzureSettings } from '../azure-settings.ts';
import type { Properties, Resource } from './resource-store.ts';

/** The settings that follow from the cluster. Under which name flow logs are kept stays as it was. */
export function collectionOf(
  { properties }: Resource,
  before: AzureSettings,
): Pick<AzureSettings, 'monitoring' | 'flowLogs'> {
  const addon = (properties['addonProfiles'] as { omsagent?: Addon } | undefined)?.omsagent;
  const network = properties['networkProfile'] as { advancedNetworking?: { enabled?: boolean } } | undefined;
  const insights = (properties['azureMonitorProfile'] as { containerInsights?: Properties } | undefined)
    ?.containerInsights;
  const monitoring = addon?.enabled === true || insights?.['enabled'] === true;
  const config = addon?.config ?? {};
  const asked =
    [config['enableContainerNetworkLogs'], config['enableRetinaNetworkFlags']].some((one) =>
      /^true$/i.test(String(one)),
    ) || insights?.['containerNetworkLogs'] === 'Enabled';
  const isOn = monitoring && asked && network?.advancedNetworking?.enabled === true;
  if (!isOn) return { monitoring, flowLogs: 'none' };
  return { monitoring, flowLogs: before.flowLogs === 'none' ? 'analytics' : before.flowLogs };
}

type Addon = { enabled?: boolean; config?: Properties | null };
