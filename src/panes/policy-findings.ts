import { checks } from '../checks/index.ts';
import type { Finding, Judgement, Severity } from '../model/finding.ts';
import { refKey } from '../model/ref.ts';
import type { Glyphs, Tone } from '../ui/theme.ts';

/** What is wrong with one policy, at a glance: `✖ 2`; `id` is the check of the worst. */
export type FindingCount = { worst: Severity; count: number; id: string };

/** The findings about policies. */
export function policyFindings({ findings }: Pick<Judgement, 'findings'>): readonly Finding[] {
  return findings.filter(isAboutPolicies);
}

/** The same by the key of the policies they name. */
export function countFindings(judgement: Pick<Judgement, 'findings'>): ReadonlyMap<string, FindingCount> {
  const counts = new Map<string, FindingCount>();
  for (const { id, severity, objects } of policyFindings(judgement)) {
    for (const object of objects) {
      const key = refKey(object);
      const before = counts.get(key);
      const isWorst = before === undefined || rank(severity) < rank(before.worst);
      const { worst, id: first } = isWorst ? { worst: severity, id } : { worst: before.worst, id: before.id };
      counts.set(key, { worst, count: (before?.count ?? 0) + 1, id: first });
    }
  }
  return counts;
}

/** 0 = the worst. */
export function rank(severity: Severity): number {
  return order.indexOf(severity);
}

/** `✖`, `▲`, and a point for what is only worth knowing. */
export function severityLook(severity: Severity, glyphs: Glyphs): { sign: string; tone: Tone } {
  return severity === 'note' ? { sign: '·', tone: 'dim' } : { sign: glyphs[severity], tone: severity };
}

/** How many of the checks of policies have looked, and why the others did not. */
export function looked(judgement: Judgement): {
  looked: number;
  of: number;
  not: readonly { id: string; reason: string }[];
} {
  const of = checks.filter(isAboutPolicies).length;
  const not = judgement.notLookedAt.filter(isAboutPolicies);
  return { looked: judgement.of === 0 ? 0 : Math.max(0, of - not.length), of, not };
}

const order: readonly Severity[] = ['error', 'warning', 'note'];

const isAboutPolicies = ({ id }: { id: string }) => id.startsWith('policies/');
