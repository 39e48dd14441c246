import type { World } from '../../world/world.ts';
import type { AzurePace } from '../azure-pace.ts';
import type { LiveSettings } from '../azure-settings.ts';
import type { ActivityLog } from './activity-log.ts';
import { ArmError } from './arm-error.ts';
import type { ArmRequest } from './arm-request.ts';
import type { Operations } from './operations.ts';
import type { Resource, ResourceStore } from './resource-store.ts';

/** What every provider of the simulated ARM stands on. */
export type Ground = {
  /** Where ARM is. */
  url(): string;
  world: World | undefined;
  settings: LiveSettings;
  pace: AzurePace;
  /** Of the world. */
  now(): number;
  resources: ResourceStore;
  operations: Operations;
  activity: ActivityLog;
  /** The kubeconfig that the cluster's user credentials are. */
  kubeconfig(): string;
};

/** The resource that was asked for. Throws ArmError (404). */
export function found(ground: Ground, { path }: ArmRequest): Resource {
  checkGroup(ground, path.id);
  const resource = ground.resources.get(path.id);
  if (resource !== undefined) return resource;
  const [namespace = '', ...types] = path.type.split('/');
  const named = types.map((type, index) => `${type}/${path.names[index]}`).join('/');
  const group = path.resourceGroup === '' ? '' : ` under resource group '${path.resourceGroup}'`;
  throw new ArmError(
    404,
    'ResourceNotFound',
    `The Resource '${namespace}/${named}'${group} was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}

/** Throws ArmError (404) where the group of an ID is none. */
export function checkGroup({ resources }: Ground, id: string): void {
  const [group, name] = /^\/subscriptions\/[^/]+\/resourcegroups\/([^/]+)/i.exec(id) ?? [];
  if (group === undefined || resources.get(group) !== undefined) return;
  throw new ArmError(404, 'ResourceGroupNotFound', `Resource group '${name}' could not be found.`);
}
