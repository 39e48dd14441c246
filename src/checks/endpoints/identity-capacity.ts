import { identities, slopeText } from '../../model/capacity.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Check } from '../check.ts';
import { names, number } from '../words.ts';

/** Shares of all numbers there are: from the first on it is told, from the second on it is urgent. */
const full = 0.8;
const urgent = 0.95;

export const identityCapacity: Check = {
  id: 'endpoints/identity-capacity',
  title: 'Identities run out',
  why: 'Each set of pod labels takes one of 65,280 identities. When none is left, pods with new labels get no network, in the whole cluster.',
  severity: 'warning',
  needs: ['ciliumIdentities'],
  everyMs: 10_000,
  // Which labels make them is part of its evidence.
  explains: [{ id: 'endpoints/identity-churn', where: 'all' }],
  look: (snapshot) =>
    identities(snapshot).share >= full ? [{ object: { kind: 'Cluster', name: nameOf(snapshot) } }] : [],
  tell(suspects, snapshot) {
    const { used, most, share, slope } = identities(snapshot);
    const growth = slopeText(slope);
    return [
      {
        severity: share >= urgent ? 'error' : 'warning',
        title: `${number(used)} of ${number(most)} identities in use (${Math.floor(share * 100)} %)${growth && `, ${growth}`}`,
        objects: suspects.map(({ object }) => object),
        evidence: [
          ...(slope ? [`growth ${number(slope.perHour)} an hour`] : []),
          ...topNamespaces(snapshot),
          ...topLabels(snapshot),
        ],
        reach: 'the cluster',
        next: 'Exclude the label with the most values from identities: key labels in cilium-config, for example "!spark-app-selector"; then restart the agents.',
      },
    ];
  },
};

function nameOf(snapshot: Snapshot): string {
  return snapshot.cluster.context || 'cluster';
}

function topNamespaces(snapshot: Snapshot): string[] {
  const counts = [...snapshot.tables.ciliumIdentities.counts('namespace')].sort(([, a], [, b]) => b - a);
  if (counts.length === 0) return [];
  return [`by namespace: ${names(counts.slice(0, 3).map(([namespace, n]) => `${namespace} ${number(n)}`))}`];
}

/** The labels whose values differ most: each of their values makes an identity. */
function topLabels(snapshot: Snapshot): string[] {
  const { ciliumIdentities } = snapshot.tables;
  return snapshot.memo.same('identity-labels', [ciliumIdentities], '', () => {
    const values = new Map<string, Set<string>>();
    for (const { securityLabels } of ciliumIdentities.rows.values()) {
      for (const [key, value] of Object.entries(securityLabels)) {
        const known = values.get(key) ?? new Set<string>();
        values.set(key, known.add(value));
      }
    }
    const top = [...values].map(([key, all]) => ({ key, n: all.size })).sort((a, b) => b.n - a.n);
    const telling = top.filter(({ n }) => n > 100).slice(0, 3);
    return telling.length > 0 ? [`by label: ${names(telling.map(({ key, n }) => `${key} ${number(n)} values`))}`] : [];
  });
}
