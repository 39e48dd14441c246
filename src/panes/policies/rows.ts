import { compareText } from '../../model/compare-text.ts';
import type { KindId } from '../../model/kinds.ts';
import type { PolicyRow } from '../../model/objects/others.ts';
import type { Edit } from '../../model/objects/row.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { age } from '../../ui/text.ts';
import type { Column } from '../../ui/widgets/fit-columns.ts';
import type { Cell } from '../../ui/widgets/Table.tsx';

/** A policy of any of the three kinds, with its kind's name. */
export type Policy = PolicyRow & { kind: string; short: string };

export const policyKinds = [
  { id: 'networkPolicies', kind: 'NetworkPolicy', short: 'NP' },
  { id: 'ciliumNetworkPolicies', kind: 'CiliumNetworkPolicy', short: 'CNP' },
  { id: 'ciliumClusterwideNetworkPolicies', kind: 'CiliumClusterwideNetworkPolicy', short: 'CCNP' },
] as const satisfies readonly { id: KindId; kind: string; short: string }[];

/** Rejected ones first, then by namespace and name; of one namespace when the screens are narrowed to one. */
export function policyRows(snapshot: Snapshot, scope: string): readonly Policy[] {
  const rows = policyKinds.flatMap(({ id, kind, short }) =>
    [...snapshot.tables[id].rows.values()].map((row): Policy => ({ ...row, kind, short })),
  );
  const here = scope === '' ? rows : rows.filter((row) => row.namespace === '' || row.namespace === scope);
  return here.sort(
    (a, b) =>
      Number(isRejected(b)) - Number(isRejected(a)) ||
      compareText(a.namespace, b.namespace) ||
      compareText(a.name, b.name) ||
      compareText(a.kind, b.kind),
  );
}

/** Valid=False: Cilium refused it, so nothing of it is enforced. */
export function isRejected(policy: PolicyRow): boolean {
  return policy.valid === 'False';
}

export const columns: readonly Column[] = [
  { id: 'kind', title: 'KIND', min: 4, max: 4 },
  { id: 'namespace', title: 'NAMESPACE', min: 9, max: 20 },
  { id: 'name', title: 'NAME', min: 20, max: 48 },
  { id: 'subject', title: 'SELECTS', min: 10, max: 44, cut: 'end', grow: true },
  { id: 'direction', title: 'DIRECTION', min: 9, max: 9 },
  { id: 'rules', title: 'RULES', min: 5, align: 'right', drop: 4 },
  { id: 'valid', title: 'VALID', min: 8, max: 8, drop: 3 },
  { id: 'age', title: 'AGE', min: 4, align: 'right', clock: true },
  { id: 'changed', title: 'CHANGED', min: 7, align: 'right', clock: true, drop: 1 },
  { id: 'by', title: 'BY', min: 8, max: 28, cut: 'end', drop: 2 },
];

export function policyCells(policy: Policy, now: number): readonly Cell[] {
  const last = lastChange(policy.edits);
  return [
    policy.short,
    policy.namespace,
    policy.name,
    policy.subject,
    directions(policy),
    String(policy.ruleCount),
    validCell(policy),
    age(now - policy.created),
    last === undefined ? '' : age(now - last.at),
    last?.manager ?? '',
  ];
}

function directions({ ingress, egress }: PolicyRow): string {
  return ingress && egress ? 'in, out' : ingress ? 'in' : egress ? 'out' : 'none';
}

// NetworkPolicies have no such condition; CiliumNetworkPolicies get it from the operator, some time after they are made.
function validCell(policy: Policy): Cell {
  if (isRejected(policy)) return { text: 'rejected', tone: 'error' };
  if (policy.valid === 'True') return { text: 'valid', tone: 'ok' };
  return { text: policy.kind === 'NetworkPolicy' ? '' : 'unknown', tone: 'dim' };
}

/** The newest edit of the object itself: what controllers write into the status says nothing about who changed it. */
function lastChange(edits: readonly Edit[]): Edit | undefined {
  return edits
    .filter((edit) => edit.subresource === '')
    .reduce<Edit | undefined>((last, edit) => (last && last.at >= edit.at ? last : edit), undefined);
}
