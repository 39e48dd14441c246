import type { Check, Suspect } from '../check.ts';
import { names, number } from '../words.ts';

type Churn = Suspect & { label: string; identities: number; values: number };

/** Labels with another value for each run of something: each run takes identities of its own (domain §9). */
const runLabels = ['spark-app-selector', 'spark-app-name', 'spark-exec-id'];
/** Fewer are soon given back. */
const many = 100;

export const identityChurn: Check<Churn> = {
  id: 'endpoints/identity-churn',
  title: 'Identities that every run makes anew',
  why: 'Labels that differ with each run of a job make an identity of each run. They are handed to every agent and every policy map and taken back again, all day long, and count against the 65,280 there are.',
  severity: 'note',
  needs: ['ciliumIdentities'],
  everyMs: 30_000,
  look(snapshot) {
    const { ciliumIdentities } = snapshot.tables;
    return snapshot.memo.same('identity-churn', [ciliumIdentities], '', () => {
      const found = new Map<string, { identities: number; values: Set<string> }>();
      for (const { securityLabels } of ciliumIdentities.rows.values()) {
        for (const label of runLabels) {
          const value = securityLabels[`k8s:${label}`];
          if (value === undefined) continue;
          const one = found.get(label) ?? { identities: 0, values: new Set<string>() };
          one.identities += 1;
          one.values.add(value);
          found.set(label, one);
        }
      }
      return [...found]
        .filter(([, { values }]) => values.size >= many)
        .map(([label, { identities, values }]) => ({
          ...{ object: { kind: 'Cluster', name: snapshot.cluster.context || 'cluster' }, key: label },
          ...{ label, identities, values: values.size },
        }));
    });
  },
  tell(suspects) {
    const most = Math.max(...suspects.map(({ identities }) => identities));
    const labels = names(suspects.map(({ label }) => label));
    return [
      {
        title: `${number(most)} identities by labels of single runs: ${labels}`,
        objects: suspects.map(({ object }) => object),
        evidence: suspects.map(
          ({ label, identities, values }) => `${label}: ${number(values)} values, ${number(identities)} identities`,
        ),
        reach: `${number(most)} identities`,
        next: `Leave them out of identities: key labels in cilium-config, for example "${suspects.map(({ label }) => `!${label}`).join(' ')}"; then restart the agents.`,
      },
    ];
  },
};
