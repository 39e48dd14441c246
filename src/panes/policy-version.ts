import { type KindId, kinds } from '../model/kinds.ts';
import type { SourceId } from '../model/link.ts';
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

/** Few clusters have these, and no answer waits for them; but verdicts rest on them where they are. */
const besides = [
  'ciliumCidrGroups',
  'daemonSets',
  'clusterNetworkPolicies',
  'adminNetworkPolicies',
  'baselineAdminNetworkPolicies',
] as const satisfies readonly KindId[];

/** Another text whenever a verdict may be another one: not with a pod that comes to others of its kind. */
export function policyVersion({ epoch, policiesRevision, links }: Snapshot): string {
  return `${epoch} ${policiesRevision} ${policySources.map((source) => links.get(source)?.phase).join(' ')}`;
}

/** Another text whenever anything is said otherwise that answers are made of: which pods there are, and how many. */
export function policyTables({ tables }: Snapshot): string {
  return [...policySources.map(kindOf), ...besides].map((kind) => tables[kind].version).join(' ');
}

function kindOf(source: (typeof policySources)[number]): KindId {
  return source in kinds ? (source as KindId) : 'pods';
}
