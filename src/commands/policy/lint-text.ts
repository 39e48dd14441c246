import { lints } from '../../checks/policies/index.ts';
import type { Finding, NotLookedAt } from '../../model/finding.ts';
import { asJunit } from '../check/as-junit.ts';
import { answerText } from './answer-json.ts';
import type { ReadCluster } from './live-state.ts';
import type { Place } from './manifests.ts';

export type LintFinding = Finding & { where?: Place };

export type LintAnswer = {
  /** null = files were read. */
  cluster: ReadCluster | null;
  findings: readonly LintFinding[];
  /** Lints that could say nothing with what is known. */
  notLookedAt: readonly NotLookedAt[];
  /** How many policies were looked at. */
  policies: number;
  /** Policies of the newer tiers, which nothing is said about. */
  notEvaluated: readonly string[];
};

/** For people, for programs (output.md's shape of a finding), or for a build. */
export function lintText(answer: LintAnswer, form: 'text' | 'json' | 'junit', startedAt: number): string {
  const { findings, notLookedAt } = answer;
  if (form === 'junit') {
    const looked = lints.length - notLookedAt.length;
    const judgement = {
      findings,
      notLookedAt,
      notAsked: [],
      looked,
      of: lints.length,
      waiting: [],
      cleared: [],
      since: 0,
      at: Date.now(),
    };
    return asJunit(judgement, lints, startedAt, 'policy lint');
  }
  if (form === 'text') return forPeople(answer);
  const shown = findings.map(({ reach: _, ...finding }) => finding);
  const asked = { command: 'lint', cluster: answer.cluster, startedAt: new Date(startedAt).toISOString() };
  return answerText(asked, { findings: shown, notLookedAt });
}

function forPeople({ findings, notLookedAt, policies, notEvaluated }: LintAnswer): string {
  const lines = findings.flatMap(({ id, severity, title, evidence, next, where }) => [
    `${where ? `${where.file}:${where.line}:${where.column}: ` : ''}${severity}: ${title} (${id})`,
    `  ${[...evidence, next].join(' · ')}`,
  ]);
  const counts = (['error', 'warning', 'note'] as const)
    .map((severity) => ({ severity, count: findings.filter((one) => one.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => plural(count, severity));
  const wrong = counts.length === 0 ? 'nothing wrong' : counts.join(', ');
  const looked = lints.length - notLookedAt.length;
  const reasons = [...new Set(notLookedAt.map(({ reason }) => reason))];
  return `${[
    ...lines,
    ...notEvaluated.map((one) => `not evaluated: ${one}`),
    `${wrong} in ${policies === 1 ? '1 policy' : `${policies} policies`} · ${looked} of ${lints.length} lints looked`,
    ...(reasons.length > 0 ? [`  not the others: ${reasons.join('; ')}`] : []),
  ].join('\n')}\n`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
