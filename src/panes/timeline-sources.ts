import type { SourceId } from '../model/link.ts';

/** What the timeline is told from: the first ones decide whether it can be believed. */
export const timelineSources: readonly SourceId[] = [
  'systemPods',
  'nodes',
  'daemonSets',
  'ciliumNetworkPolicies',
  'configMaps',
  'events',
];
