import type { KindId } from '../kinds.ts';
import { POLICY_SOURCES, TIERED_SOURCES } from './read-facts.ts';

/** Every table that verdicts rest on: what is not in here is not followed, not waited for and not asked about again. */
export const POLICY_TABLES = [
  'pods',
  'namespaces',
  'ciliumEndpoints',
  'ciliumIdentities',
  'nodes',
  'services',
  'endpointSlices',
  'configMaps',
  'daemonSets',
  ...POLICY_SOURCES,
  ...TIERED_SOURCES,
  'ciliumCidrGroups',
] as const satisfies readonly KindId[];
