import type { World } from '../../world/world.ts';
import { person } from '../authority.ts';
import { clusterId } from '../azure-settings.ts';
import { guidOf } from '../guid.ts';
import type { Activity } from './activity-log.ts';

const minute = 60_000;
const hour = 60 * minute;

/** What was done through ARM before the world was shown: the ordinary things, and what the world's past says. */
export function pastActivity(world: World | undefined, now: number): Activity[] {
  const entries: Activity[] = [];
  const add = (ago: number, operation: string, title: string, resource: string, caller: string, ends?: number) => {
    const correlation = guidOf(`${ago} ${operation}`);
    const shared = { operation, title, resource, caller, correlation };
    entries.push({ ...shared, at: now - ago, status: 'Started' });
    if (ends !== undefined) entries.push({ ...shared, at: now - ends, status: 'Succeeded' });
  };
  const service = 'Microsoft.ContainerService/managedClusters';
  const credentials = `${service}/listClusterUserCredential/action`;
  add(
    26 * hour,
    `${service}/write`,
    'Create or Update Managed Cluster',
    clusterId(),
    person.name,
    26 * hour - 7 * minute,
  );
  add(5 * hour, credentials, 'List clusterUser credential', clusterId(), person.name, 5 * hour - 400);
  add(95 * minute, credentials, 'List clusterUser credential', clusterId(), pipeline, 95 * minute - 300);
  const upgrade = world?.causes.upgrade;
  if (world !== undefined && upgrade !== undefined) {
    const begun = world.options.history.find(({ ago }) => ago > 0)?.ago ?? 10 * minute;
    const pool = `${clusterId()}/agentPools/${upgrade.pool}`;
    add(
      begun + 9 * minute,
      `${service}/write`,
      'Create or Update Managed Cluster',
      clusterId(),
      person.name,
      begun + minute,
    );
    add(begun, `${service}/agentPools/write`, 'Create or Update Agent Pool', pool, person.name);
  }
  return entries.sort((a, b) => a.at - b.at);
}

/** The application that deploys to the cluster. */
const pipeline = '2d7f5b90-c418-4e3a-a6b9-0f8d1c52e743';
