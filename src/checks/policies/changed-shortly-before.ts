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
  look: (policy, ground) => tell(ground.editsByPolicy().get(policyKey(policy.ref)) ?? [], policy, ground),
  lookAround(ground) {
    const there = new Set(ground.facts.policies.map(({ ref }) => policyKey(ref)));
    return [...ground.editsByPolicy()].flatMap(([key, edits]) => {
      const [first] = edits;
      if (first === undefined || there.has(key)) return [];
      const { kind, namespace, name } = first.ref;
      const object = namespace === '' ? { kind, name } : { kind, namespace, name };
      return tell(edits, undefined, ground).map((lapse) => ({ ...lapse, object }));
    });
  },
};

const shortlyMs = 3_600_000;

/** What the changes of one policy, the newest last, newly deny together, and which of them began it. */
function tell(edits: readonly PolicyEdit[], now: Policy | undefined, ground: Ground) {
  const [oldest] = edits;
  if (oldest === undefined || (oldest.before === undefined && now === undefined)) return [];
  const { pairs, all } = ground.newlyDenied.of(oldest.before, now);
  const edit = edits.length === 1 || pairs.length === 0 ? oldest : begunBy(edits, now, pairs, ground);
  const [first] = edit === oldest ? pairs : deniedSince(edit, now, pairs, ground);
  if (first === undefined) return [];
  const what = edit.before === undefined ? 'made' : edit.after === undefined ? 'deleted' : 'changed';
  const by = edit.who === '' ? '' : ` by ${edit.who}`;
  const more = pairs.length - 1;
  const others = more === 0 ? '' : ` and ${more}${all ? '' : ' or more'} other pair${more === 1 ? '' : 's'}`;
  // What several changes deny is not laid at the door of the last.
  const since = edit === oldest ? '' : `; since ${clock(oldest.at)} it was changed ${edits.length} times`;
  return [
    {
      path: 'policy',
      text: `${what} at ${clock(edit.at)}${by}, which newly denies ${first}${others}${since}`,
      next: 'If that was not meant, put back the version before.',
      since: edit.at,
      until: (edits.at(-1) ?? edit).at + shortlyMs,
    },
  ];
}

/** The newest change but for which some of the pairs were allowed; only the last few are looked at. */
function begunBy(
  edits: readonly PolicyEdit[],
  now: Policy | undefined,
  pairs: readonly string[],
  ground: Ground,
): PolicyEdit {
  const [oldest, ...later] = edits;
  const found = later.slice(-mostLooked).findLast((edit) => deniedSince(edit, now, pairs, ground).length > 0);
  return found ?? (oldest as PolicyEdit);
}

const mostLooked = 5;

function deniedSince({ before }: PolicyEdit, now: Policy | undefined, pairs: readonly string[], ground: Ground) {
  if (before === undefined && now === undefined) return [];
  const among = new Set(pairs);
  return ground.newlyDenied.of(before, now).pairs.filter((pair) => among.has(pair));
}
