import { compare, inc, parse } from 'semver';
import type { Properties, Resource } from './resource-store.ts';

/** What AKS offers in this autumn: the last one is a preview. */
export const offered = ['1.33.6', '1.33.7', '1.34.1', '1.34.2', '1.34.3', '1.35.0', '1.35.1', '1.36.0'] as const;
const previews = new Set<string>(['1.36.0']);

/** What a version becomes that may be a minor alone: its newest patch. */
export function patchOf(version: string): string {
  return offered.findLast((one) => one === version || one.startsWith(`${version}.`)) ?? version;
}

/** `upgradeProfiles/default`: patches of the same minor version, and the next minor. */
export function upgradeProfile(cluster: Resource) {
  const { properties } = cluster;
  const pools = (properties['agentPoolProfiles'] ?? []) as Properties[];
  const of = (version: unknown) => ({
    kubernetesVersion: String(version),
    osType: 'Linux',
    upgrades: upgradesOf(String(version)),
  });
  return {
    id: `${cluster.id}/upgradeprofiles/default`,
    name: 'default',
    type: 'Microsoft.ContainerService/managedClusters/upgradeprofiles',
    properties: {
      controlPlaneProfile: of(properties['currentKubernetesVersion'] ?? properties['kubernetesVersion']),
      agentPoolProfiles: pools.map((pool) => ({ name: pool['name'], ...of(pool['currentOrchestratorVersion']) })),
    },
  };
}

export function upgradesOf(version: string): { kubernetesVersion: string; isPreview?: true }[] {
  const current = parse(version);
  if (current === null) return [];
  const next = inc(`${current.major}.${current.minor}.0`, 'minor') ?? '';
  const isOffered = (one: string) => {
    const { minor } = parse(one) ?? { minor: -1 };
    return (minor === current.minor && compare(one, version) > 0) || minor === parse(next)?.minor;
  };
  return offered
    .filter(isOffered)
    .map((one) => ({ kubernetesVersion: one, ...(previews.has(one) ? { isPreview: true as const } : {}) }));
}
