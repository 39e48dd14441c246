import { dateAndClock } from '../../model/clock.ts';
import type { ConfigMapRow } from '../../model/objects/others.ts';
import type { Edit } from '../../model/objects/row.ts';
import type { Check, Suspect } from '../check.ts';
import { isManaged, system } from '../installation.ts';
import { names } from '../words.ts';

type EditedConfig = Suspect & { row: ConfigMapRow; edits: readonly Edit[] };

/**
 * Tools in a person's hand. What AKS itself writes with goes by other names, one of them `kubectl-client-side-apply`
 * (its old add-on manager ran kubectl apply), so that one proves nothing.
 */
const byHand = /^(kubectl-(edit|patch|replace|set|annotate|label|create)|kubectl|k9s|lens|freelens|headlamp|octant)$/i;

export const unsupportedConfigEdit: Check<EditedConfig> = {
  id: 'cluster/unsupported-config-edit',
  title: 'cilium-config edited by hand',
  why: 'On a managed cluster the one supported edit of cilium-config is the key labels. AKS puts everything else back at its next reconcile; until then agents that restart run with settings the others do not have.',
  severity: 'warning',
  needs: ['configMaps', 'daemonSets'],
  look(snapshot) {
    const row = snapshot.tables.configMaps.named(system, 'cilium-config');
    if (!row || !isManaged(snapshot)) return [];
    const edits = row.edits.filter((edit) => byHand.test(edit.manager) && keysOf(edit).length > 0);
    if (edits.length === 0) return [];
    const since = Math.min(...edits.map(({ at }) => at));
    return [{ object: { kind: 'ConfigMap', namespace: system, name: row.name }, since, row, edits }];
  },
  tell: (suspects) =>
    suspects.map(({ object, since, row, edits }) => ({
      title: `cilium-config edited by hand: ${names(edits.flatMap(keysOf))}`,
      objects: [object],
      evidence: edits.map((edit) => {
        const keys = keysOf(edit).map((key) => (row.data[key] === undefined ? key : `${key}=${row.data[key]}`));
        return `${dateAndClock(edit.at)} by ${edit.manager}: ${names(keys, 5)}`;
      }),
      ...(since ? { since } : {}),
      reach: 'every agent that restarts',
      next: 'Put the old values back, or ask AKS support for the setting; then restart agents that took the edit.',
    })),
};

/** Keys of data this edit holds, without the one that may be edited. */
function keysOf(edit: Edit): string[] {
  return edit.fields
    .filter((field) => field.startsWith('data.') && field !== 'data.labels')
    .map((field) => field.slice('data.'.length));
}
