import type { Finding, Judgement } from '../model/finding.ts';

/** So long a finding is called new, ms. */
const newMs = 2 * 60_000;
/** What is told within this long of the first judgement was found standing: lists arrive one after the other. */
const arrivingMs = 30_000;

/** `new`: it began, or was first seen, a moment ago; what was there when we came is standing. */
export function findingMark(finding: Finding, { since }: Pick<Judgement, 'since'>, now: number): 'new' | 'standing' {
  if (finding.since !== undefined && finding.since > 0) return now - finding.since < newMs ? 'new' : 'standing';
  const { told = 0 } = finding;
  return told - since > arrivingMs && now - told < newMs ? 'new' : 'standing';
}
