import type { L7, PortRule, Rule } from './rule.ts';

/** A rule that matches, as the entries it becomes in the policy map of an endpoint. */
export type MatchedRule = { rule: Rule; covering: readonly PortRule[] };

/**
 * Of the rules that match, the ones whose entry the datapath goes by. Verdicts do not depend on it, but what Cilium
 * itself names as the reason does (`mapstate.go`, `bpf/lib/policy.h`): of denies the broadest stand for the narrower
 * ones they cover; an allow that redirects goes before one that does not; then the longer prefix of protocol and port
 * goes before the shorter, and a peer that is named before everybody.
 */
export function decidingRules(matched: readonly MatchedRule[], port: number): readonly Rule[] {
  if (matched.length < 2) return matched.map(({ rule }) => rule);
  const entries = matched.flatMap((one) => entriesOf(one, port));
  const standing = entries.filter((entry) => !entries.some((other) => displaces(other, entry)));
  const [best] = standing.toSorted(
    (a, b) => Number(b.redirect) - Number(a.redirect) || b.prefix - a.prefix || Number(b.named) - Number(a.named),
  );
  if (!best) return matched.map(({ rule }) => rule);
  const deciding = standing.filter((entry) => sameKey(entry, best) && entry.redirect === best.redirect);
  return [...new Set(deciding.map(({ rule }) => rule))];
}

/** Everybody on every port: of the own node Cilium then names its own exception for it. */
export function isAboutEverything({ peers, ports }: Rule): boolean {
  return ports === 'all' && peers.some(({ type }) => type === 'any');
}

type Entry = { rule: Rule; named: boolean; prefix: number; redirect: boolean };

function entriesOf({ rule, covering }: MatchedRule, port: number): readonly Entry[] {
  const named = !rule.peers.some(({ type }) => type === 'any');
  if (covering.length === 0) return [{ rule, named, prefix: 0, redirect: false }];
  return covering.map((one) => ({ rule, named, prefix: prefixOf(one, port), redirect: l7Of(one) !== undefined }));
}

function displaces(other: Entry, entry: Entry): boolean {
  const wider = other.prefix <= entry.prefix && (!other.named || entry.named);
  if (entry.rule.deny) return wider && !sameKey(other, entry);
  return wider && other.redirect && !entry.redirect;
}

function sameKey(a: Entry, b: Entry): boolean {
  return a.named === b.named && a.prefix === b.prefix;
}

const PROTOCOL_BITS = 8;
const PORT_BITS = 16;

/** How many bits of protocol and port the entry fixes; a range is cut into blocks of powers of two. */
function prefixOf(rule: PortRule, port: number): number {
  if (rule.type === 'icmp' || rule.name !== '') return PROTOCOL_BITS + PORT_BITS;
  if (rule.port === 0) return PROTOCOL_BITS;
  let free = 0;
  while (free < PORT_BITS) {
    const size = 2 ** (free + 1);
    const start = Math.floor(port / size) * size;
    if (start < rule.port || start + size - 1 > rule.endPort) break;
    free += 1;
  }
  return PROTOCOL_BITS + PORT_BITS - free;
}

export function l7Of(rule: PortRule): L7 | undefined {
  return rule.type === 'transport' ? rule.l7 : undefined;
}
