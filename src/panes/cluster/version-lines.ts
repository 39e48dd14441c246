import type { ManagedNetwork } from '../../model/azure/managed-cluster.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { supportOf } from '../../model/versions.ts';
import type { Theme } from '../../ui/theme.ts';
import { staleMark, troubleLines } from '../fact-spans.ts';
import type { Page } from '../page.ts';
import { type Spans, span } from '../spans.ts';

/** ` · asked for 1.34 · supported`: what Azure adds to the version that runs. */
export function supportSpans({ facts }: Snapshot): Spans {
  const cluster = facts.arm?.value;
  if (cluster === undefined) return [];
  const asked = cluster.kubernetesVersion === '' ? '' : ` · asked for ${cluster.kubernetesVersion}`;
  const support = supportOf(cluster.currentKubernetesVersion || cluster.kubernetesVersion);
  const hasLongTerm = /^AKSLongTermSupport$/i.test(cluster.supportPlan);
  const words = {
    standard: span(' · supported', 'dim'),
    lts: hasLongTerm ? span(' · long-term support', 'dim') : span(' · long-term support only, not taken', 'warning'),
    none: span(' · out of support', 'warning'),
  };
  return [span(asked, 'dim'), support === undefined ? span(' · support not known', 'dim') : words[support]];
}

/** To which versions Azure would upgrade it. */
export function upgradeLine(page: Page, snapshot: Snapshot, { glyphs }: Theme, now: number): void {
  const fact = snapshot.facts.armUpgrades;
  if (snapshot.facts.arm?.value === undefined || fact === undefined) return;
  if (fact.value === undefined) {
    troubleLines(page, 'upgrades', 'armUpgrades', snapshot, glyphs, now);
    return;
  }
  const { upgrades } = fact.value;
  const text = upgrades.map(({ version, isPreview }) => (isPreview ? `${version} (preview)` : version)).join(', ');
  page.field('upgrades', [
    span(text === '' ? 'none offered' : `to ${text}`, 'dim'),
    ...staleMark('armUpgrades', snapshot, glyphs, now),
  ]);
}

/** `pods 10.244.0.0/16 · services 10.0.0.0/16 · DNS 10.0.0.10`. */
export function rangesText({ podCidrs, serviceCidrs, dnsServiceIP }: ManagedNetwork): string {
  return [
    podCidrs.length === 0 ? '' : `pods ${podCidrs.join(', ')}`,
    serviceCidrs.length === 0 ? '' : `services ${serviceCidrs.join(', ')}`,
    dnsServiceIP === '' ? '' : `DNS ${dnsServiceIP}`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
