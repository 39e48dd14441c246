import type { World } from '../../world/world.ts';
import { person } from '../authority.ts';
import { clusterId } from '../azure-settings.ts';
import { guidOf } from '../guid.ts';
import type { Activity } from './activity-log.ts';
import { upgradeBegan } from './managed-cluster-object.ts';

/** Something that was done to the cluster through ARM before it is shown. */
export type PastOperation = {
  /** Milliseconds before the present. */
  ago: number;
  /** Beneath `Microsoft.ContainerService/managedClusters/`: `write`, `agentPools/write` … */
  operation: string;
  title: string;
  /** Absent: the cluster itself. A pool on which its last operation failed stays failed. */
  pool?: string;
  by: 'person' | 'pipeline';
  /** Milliseconds; absent: it goes on. */
  lasted?: number;
  failed?: string;
};

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** The application that deploys to the cluster. */
const pipeline = '2d7f5b90-c418-4e3a-a6b9-0f8d1c52e743';
const service = 'Microsoft.ContainerService/managedClusters';
const credentials = { operation: 'listClusterUserCredential/action', title: 'List clusterUser credential' };
const change = { operation: 'write', title: 'Create or Update Managed Cluster' };

/** What happens to every cluster. */
const ordinary: readonly PastOperation[] = [
  { ...change, ago: 26 * hour, by: 'person', lasted: 7 * minute },
  { ...credentials, ago: 5 * hour, by: 'person', lasted: second },
  { ...credentials, ago: 95 * minute, by: 'pipeline', lasted: second },
];

/** The activity log before the world was shown: the ordinary things, the scenario's, and what the world is doing now. */
export function pastActivity(world: World | undefined, now: number, story: readonly PastOperation[]): Activity[] {
  return [...ordinary, ...story, ...upgrading(world, now)]
    .flatMap((one) => entriesOf(one, now))
    .sort((a, b) => a.at - b.at);
}

/** The control plane first, then the pool, which goes on. */
function upgrading(world: World | undefined, now: number): PastOperation[] {
  const began = upgradeBegan(world);
  const pool = world?.causes.upgrade?.pool;
  if (began === undefined || pool === undefined) return [];
  const ago = now - began;
  return [
    { ...change, ago: ago + 9 * minute, by: 'person', lasted: 8 * minute },
    { operation: 'agentPools/write', title: 'Create or Update Agent Pool', pool, ago, by: 'person' },
  ];
}

function entriesOf({ ago, operation, title, pool, by, lasted, failed }: PastOperation, now: number): Activity[] {
  const shared = {
    ...{ operation: `${service}/${operation}`, title },
    caller: by === 'person' ? person.name : pipeline,
    resource: pool === undefined ? clusterId() : `${clusterId()}/agentPools/${pool}`,
    correlation: guidOf(`${ago} ${operation}`),
  };
  const started: Activity = { ...shared, at: now - ago, status: 'Started' };
  if (lasted === undefined) return [started];
  const at = now - ago + lasted;
  if (failed === undefined) return [started, { ...shared, at, status: 'Succeeded' }];
  return [started, { ...shared, at, status: 'Failed', message: failed }];
}
