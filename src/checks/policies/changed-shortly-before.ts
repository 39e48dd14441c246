import { clock } from '../../model/clock.ts';
import type { PolicyEdit } from '../../model/policies/policy-edit.ts';
import { type Policy, policyKey } from '../../model/policies/rule.ts';
import type { Ground } from './ground.ts';
import type { Lint } from './lint.ts';

export const changedShortlyBefore: Lint = {
  id: 'policies/changed-shortly-before',
  title: 'Change of a policy that newly denies',
  why: 'A policy was changed within the last hour, and connections between pods that were allowed before are denied since. What fails now may have begun there.',
  severity: 'note',
  needs: ['edits'],
  goesBy: 'edits',
  look(policy, ground) {
    const first = ground.firstEdits().get(policyKey(policy.ref));
    return first ? tell(first, policy, ground) : [];
  },
  lookAround(ground) {
    const there = new Set(ground.facts.policies.map(({ ref }) => policyKey(ref)));
    const gone = (ground.edits ?? []).filter(({ ref, before }) => before && !there.has(policyKey(ref)));
    return gone.flatMap((edit) =>
      tell(edit, undefined, ground).map((lapse) => {
        const { kind, namespace, name } = edit.ref;
        return { ...lapse, object: namespace === '' ? { kind, name } : { kind, namespace, name } };
      }),
    );
  },
};

const shortlyMs = 3_600_000;

function lastAt({ ref, at }: PolicyEdit, { edits = [] }: Ground): number {
  return edits.findLast((one) => policyKey(one.ref) === policyKey(ref))?.at ?? at;
}

function tell(edit: PolicyEdit, now: Policy | undefined, ground: Ground) {
  const { pairs, all } = ground.newlyDenied.of(edit.before, now);
  const [first] = pairs;
  if (first === undefined) return [];
  const what = edit.before === undefined ? 'made' : now === undefined ? 'deleted' : 'changed';
  const by = edit.who === '' ? '' : ` by ${edit.who}`;
  const more = pairs.length - 1;
  const others = more === 0 ? '' : ` and ${more}${all ? '' : ' or more'} other pair${more === 1 ? '' : 's'}`;
  return [
    {
      path: 'policy',
      text: `${what} at ${clock(edit.at)}${by}, which newly denies ${first}${others}`,
      next: 'If that was not meant, put back the version before.',
      since: edit.at,
      until: lastAt(edit, ground) + shortlyMs,
    },
  ];
}
