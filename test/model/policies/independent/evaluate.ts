import type { RawObject } from '../../../../src/model/objects/row.ts';
import { type Asked, configOf, type End, endOf } from './identity.ts';
import { entriesOf } from './policies.ts';

// A second answer to `may A talk to B?`, read from Cilium's documentation and source without a look at ours: for each
// question it reads every policy again and tries every rule. Slow, plain, and wrong in other places than ours.

export type Question = { from: Asked; to: Asked; port: number; protocol: string };
export type Side = { verdict: 'allow' | 'deny'; reason: string; policies: readonly string[] };
export type Answer = { verdict: 'allow' | 'deny'; egress: Side; ingress: Side };
/** A rule of a policy as it stands for one end, in one direction. */
export type Entry = {
  policy: string;
  deny: boolean;
  defaultDeny: boolean;
  /** Whether the other end, on this port, is meant. */
  matches(peer: End, question: Question, target: End): boolean;
};

export function evaluate(objects: readonly RawObject[], question: Question): Answer {
  const from = endOf(question.from, question.to, objects);
  const to = endOf(question.to, question.from, objects);
  const egress = side('egress', from, to, question, objects);
  const ingress = side('ingress', to, from, question, objects);
  return { verdict: egress.verdict === 'allow' && ingress.verdict === 'allow' ? 'allow' : 'deny', egress, ingress };
}

function side(
  direction: 'egress' | 'ingress',
  subject: End,
  peer: End,
  question: Question,
  objects: readonly RawObject[],
): Side {
  const free: Side = { verdict: 'allow', reason: 'not-isolated', policies: [] };
  const mode = configOf(objects)['enable-policy'] ?? 'default';
  if (!subject.enforced || mode === 'never') return free;
  const entries = entriesOf(direction, subject, objects);
  const target = direction === 'ingress' ? subject : peer;
  const matching = entries.filter((one) => one.matches(peer, question, target));
  const names = (of: readonly Entry[]) => [...new Set(of.map(({ policy }) => policy))].sort();
  const denying = matching.filter(({ deny }) => deny);
  if (denying.length > 0) return { verdict: 'deny', reason: 'explicit-deny', policies: names(denying) };
  const allowing = matching.filter(({ deny }) => !deny);
  if (allowing.length > 0) return { verdict: 'allow', reason: 'rule', policies: names(allowing) };
  const isolating = entries.filter(({ defaultDeny }) => defaultDeny);
  if (mode !== 'always' && isolating.length === 0) return free;
  // Kubernetes mode: allow-localhost is always.
  if (direction === 'ingress' && peer.isHost) return { verdict: 'allow', reason: 'local-host', policies: [] };
  return { verdict: 'deny', reason: 'default-deny', policies: names(isolating) };
}
