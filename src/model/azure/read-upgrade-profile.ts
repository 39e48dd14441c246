import { at, flag, list, record, text } from '../objects/raw.ts';
import type { UpgradeProfile } from './azure-facts.ts';

/** `upgradeProfiles/default` as ARM has it (domain §1.1). Never throws; what is absent or odd reads as not said. */
export function readUpgradeProfile(raw: unknown): UpgradeProfile {
  const properties = at(raw, 'properties');
  const control = at(properties, 'controlPlaneProfile');
  return {
    current: text(at(control, 'kubernetesVersion')),
    upgrades: upgradesOf(control),
    pools: list(at(properties, 'agentPoolProfiles'), 200).map((pool) => ({
      name: text(at(pool, 'name')),
      current: text(at(pool, 'kubernetesVersion')),
      upgrades: upgradesOf(pool),
    })),
  };
}

function upgradesOf(profile: unknown): UpgradeProfile['upgrades'] {
  return list(at(profile, 'upgrades'), 100)
    .map(record)
    .map((upgrade) => ({ version: text(upgrade.kubernetesVersion), isPreview: flag(upgrade.isPreview) }))
    .filter(({ version }) => version !== '');
}
