import type { PairReport, SideReport } from '../../model/policies/policy-asks.ts';
import type { Direction } from '../../model/policies/rule.ts';
import { policyName } from '../verdict-words.ts';
import { oneSentence } from './one-sentence.ts';

/** `by ingress of db: default deny of CNP shop/db`; of what is allowed both directions, of what is unknown why. */
export function verdictSentence(answer: PairReport): string {
  const sides = (['egress', 'ingress'] as const).filter((direction) => answer[direction].verdict === answer.verdict);
  const told = sides.map((direction) => sideText(answer, direction));
  if (answer.verdict === 'allow') return told.join(' · ');
  if (answer.verdict === 'unknown')
    return `not known: ${[...new Set(sides.map((one) => doubtOf(answer[one])))].join('; ')}`;
  return `by ${told.join(' and by ')}`;
}

/** The end without what sort of thing it is: of `3 pods of Deployment shop/checkout` only `shop/checkout`. */
export function shortEnd(text: string): string {
  return text.replace(SORT, '').replace(/ \([^)]*\)$|, [^,]*$/, '');
}

const SORT = /^(?:(?:\d+ pods|the pod) of .* (?=[^ ]+$)|(?:pod|service|entity|node|the name) )/;

function sideText(answer: PairReport, direction: Direction): string {
  const side = answer[direction];
  const of = shortName(direction === 'egress' ? answer.from : answer.to);
  return `${direction} of ${of}: ${reasonText(side)}`;
}

function doubtOf({ doubts, reason }: SideReport): string {
  return oneSentence(doubts)[0] ?? reason;
}

function shortName(text: string): string {
  const name = shortEnd(text);
  return name.slice(name.lastIndexOf('/') + 1);
}

function reasonText({ reason, rules, isolating, verdict }: SideReport): string {
  const byRule = rules.map(({ policy, path }) => `${policyName(policy)}${path === '' ? '' : ` ${path}`}`);
  const by = byRule.length > 0 ? byRule : verdict === 'deny' ? isolating.map(policyName) : [];
  const [first, ...others] = by;
  if (first === undefined) return reason;
  return `${reason} of ${first}${others.length === 0 ? '' : ` and ${others.length} more`}`;
}
