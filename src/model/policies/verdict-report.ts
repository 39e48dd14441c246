import type { AnsweredPair } from './answered-pair.ts';
import { bothSides, type DirectionVerdict, ruleText } from './direction-verdict.ts';
import { earlierVerdicts } from './earlier-verdicts.ts';
import type { KnownPolicies } from './known-policies.ts';
import { findNamedEnd, type NamedEnd } from './named-ends.ts';
import { type PairPort, pairPorts } from './pair-ports.ts';
import type { NamedQuestion, PairReport, VerdictReport } from './policy-asks.ts';
import type { PolicyEdit } from './policy-edit.ts';
import { policyKey } from './rule.ts';
import { l7Words } from './rule-words.ts';
import { sideReport } from './side-report.ts';
import { isItself, type Side, sideWords } from './sides.ts';
import { smallestChanges } from './smallest-change.ts';
import type { Turns } from './turns.ts';
import type { Answer, Engine } from './verdict.ts';

/** May A talk to B, why, and what would let it? A sentence where an end cannot be found. */
export function* verdictReport(
  known: KnownPolicies,
  question: NamedQuestion,
  now: number,
): Turns<VerdictReport | string> {
  const ends = yield* findBoth(known, question);
  if (typeof ends === 'string') return ends;
  const { from, to } = ends;
  const { pairs, left } = yield* pairsOf(known, from, to, question);
  if (pairs.length === 0) return noPairs(from, to);
  const engines = new Map<PolicyEdit, Engine>();
  const sorted = pairs.toSorted((a, b) => RANK[a.answer.verdict] - RANK[b.answer.verdict]);
  const unread =
    left === 0
      ? known.unread
      : [...known.unread, `of ${left + MOST_ASKED} kinds of pairs ${MOST_ASKED} were looked at`];
  const answers: PairReport[] = [];
  for (const [index, pair] of sorted.entries()) {
    yield;
    answers.push(yield* pairReport(known, pair, index < MOST_MENDED, engines));
  }
  return {
    from: from.text,
    to: to.text,
    answers,
    at: now,
    unread,
  };
}

const RANK = { deny: 0, unknown: 1, allow: 2 } as const;
/** A mend is tried on the whole cluster before it is offered. */
const MOST_MENDED = 3;
/** A service of very many kinds of pods would keep the worker busy for long. */
const MOST_ASKED = 5_000;
/** Asks between two turns: about a millisecond's. */
const A_TURN = 50;

function* findBoth(
  { engine }: KnownPolicies,
  question: NamedQuestion,
): Turns<{ from: NamedEnd; to: NamedEnd } | string> {
  const find = (typed: string, perNode = false) => findNamedEnd(engine.index, typed, perNode);
  const from = find(question.from);
  yield;
  const to = find(question.to);
  yield;
  if (typeof from === 'string') return from;
  if (typeof to === 'string') return to;
  // Of one certain node it matters which pods are on it.
  const again = (end: NamedEnd, typed: string, other: NamedEnd) =>
    other.sides.some(({ node }) => node === 'a node') ? find(typed, true) : end;
  const source = again(from, question.from, to);
  yield;
  const target = again(to, question.to, from);
  yield;
  return typeof source === 'string' || typeof target === 'string' ? { from, to } : { from: source, to: target };
}

/** Pairs whose answers are the same for the same reasons are one. */
function* pairsOf(
  { engine }: KnownPolicies,
  from: NamedEnd,
  to: NamedEnd,
  question: NamedQuestion,
): Turns<{ pairs: readonly AnsweredPair[]; left: number }> {
  const found = new Map<string, AnsweredPair>();
  let asked = 0;
  let left = 0;
  for (const source of from.sides) {
    for (const target of to.sides) {
      if (isItself(source, target)) continue;
      for (const port of pairPorts(engine.index, source, target, to, question)) {
        asked += 1;
        if (asked % A_TURN === 0) yield;
        if (asked > MOST_ASKED) {
          left += 1;
          continue;
        }
        const { port: number, protocol } = port.port;
        const one = { from: source.peer, to: target.peer, port: number, protocol };
        const answer = engine.ask(one);
        const key = keyOf(source, target, port, answer);
        const known = found.get(key) ?? {
          ...{ from: source, to: target, port, question: one, answer },
          pods: { from: new Set(), to: new Set() },
        };
        for (const pod of source.pods) known.pods.from.add(pod);
        for (const pod of target.pods) known.pods.to.add(pod);
        found.set(key, known);
      }
    }
  }
  return { pairs: [...found.values()], left };
}

function keyOf(from: Side, to: Side, port: PairPort, { verdict, egress, ingress, notes }: Answer): string {
  const why = ({ reason, rules, isolating, doubts }: DirectionVerdict) => [
    ...[reason, doubts, isolating.map(policyKey)],
    rules.map(({ policy, path }) => [policyKey(policy), path]),
  ];
  return JSON.stringify([sideWords(from), sideWords(to), port, verdict, why(egress), why(ingress), notes]);
}

function* pairReport(
  known: KnownPolicies,
  pair: AnsweredPair,
  mended: boolean,
  engines: Map<PolicyEdit, Engine>,
): Turns<PairReport> {
  const { from, to, port, question, answer, pods } = pair;
  const { engine } = known;
  const { verdict, egress, ingress, l7, notes } = answer;
  const mend = mended && verdict === 'deny' ? yield* smallestChanges(known, pair) : [];
  const earlier = earlierVerdicts(known, pair, engines);
  return {
    from: sideWords(from),
    to: sideWords(to),
    pods: [pods.from.size, pods.to.size],
    port: port.port,
    verdict,
    egress: sideReport(engine, question, 'egress', egress, from),
    ingress: sideReport(engine, question, 'ingress', ingress, to),
    l7: l7 && verdict === bothSides(egress.verdict, ingress.verdict) ? l7Words(l7) : '',
    notes: [...new Set([port.note, ...notes, ...nodeNotes(from, to), ...denyNotes(answer)])].filter(
      (note) => note !== '',
    ),
    mend,
    earlier,
  };
}

/** Why no further rule can help. */
function denyNotes({ egress, ingress }: Answer): readonly string[] {
  const denying = [egress, ingress].filter(({ reason }) => reason === 'explicit-deny').flatMap(({ rules }) => rules);
  if (denying.length === 0) return [];
  const named = denying.map(ruleText).join(' and ');
  return [`${named} would have to go or say less: a rule that denies wins over every rule that allows`];
}

function nodeNotes(from: Side, to: Side): readonly string[] {
  return [from, to]
    .filter(({ node, pods }) => node !== '' && pods.length > 0)
    .map(({ pods, kind, namespace, name }) => {
      const what =
        pods.length === 1
          ? `pod ${pods[0]?.namespace}/${pods[0]?.name} is`
          : `the pods of ${kind} ${namespace}/${name} are`;
      return `${what} in the node’s network: to policies it is the node, and no policy holds for it`;
    });
}

function noPairs(from: NamedEnd, to: NamedEnd): string {
  const { service } = to;
  if (service?.named && service.of.ports.length === 0)
    return `Service ${service.of.namespace}/${service.of.name} has no ports.`;
  if (service?.named) return `No pod behind service ${service.of.namespace}/${service.of.name} has the port it names.`;
  return `${from.text} and ${to.text} are one and the same: what a pod sends to itself no policy sees.`;
}
