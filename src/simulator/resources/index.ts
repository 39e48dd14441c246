import type { ResourceType } from '../cluster.ts';
import { core } from './core.ts';
import { others } from './others.ts';
import { workloads } from './workloads.ts';

/** The kinds every server has: core, apps, discovery, networking, coordination, events, policy, storage, apiextensions. */
export function builtInResources(): readonly ResourceType[] {
  return [...core, ...workloads, ...others];
}

export { customResourceDefinitions } from './definitions.ts';
