import type { SourceId } from '../model/link.ts';
import { POLICY_TABLES } from '../model/policies/policy-tables.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** What verdicts rest on; whose trouble is to be told first stands first. */
export const policySources = [
  'pods',
  'systemPods',
  'networkPolicies',
  'ciliumNetworkPolicies',
  'ciliumClusterwideNetworkPolicies',
  'namespaces',
  'ciliumIdentities',
  'ciliumEndpoints',
  'nodes',
  'services',
  'endpointSlices',
  'configMaps',
] as const satisfies readonly SourceId[];

/** Another text whenever a verdict may be another one: not with a pod that comes to others of its kind. */
export function policyVersion({ epoch, policiesRevision, links }: Snapshot): string {
  return `${epoch} ${policiesRevision} ${policySources.map((source) => links.get(source)?.phase).join(' ')}`;
}

/** Another text whenever anything is said otherwise that answers are made of: which pods there are, and how many. */
export function policyTables({ tables }: Snapshot): string {
  return POLICY_TABLES.map((kind) => tables[kind].version).join(' ');
}
