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

/** Another text whenever a verdict may be another one. */
export function policyVersion({ epoch, tables, links }: Snapshot): string {
  const versions = policySources.map((source) => `${links.get(source)?.phase} ${tables[kindOf(source)].version}`);
  return `${epoch} ${versions.join(' ')} ${besides.map((kind) => tables[kind].version).join(' ')}`;
}

function kindOf(source: (typeof policySources)[number]): KindId {
  return source in kinds ? (source as KindId) : 'pods';
}
