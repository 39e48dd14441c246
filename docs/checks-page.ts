import { checks } from '../src/checks/index.ts';
import { lints } from '../src/checks/policies/index.ts';

/** docs/checks.md: every check, and every lint of policies, as its own file describes it. */
export function checksPage(): string {
  const sections = checks.map(
    (check) =>
      `## ${check.id}\n\n**${check.title}** · ${check.severity}\n\n${check.why}\n\nNeeds: ${check.needs.join(', ')}.${silences(check.explains)}\n`,
  );
  const ofPolicies = lints.map(({ id, title, severity, why }) => `## ${id}\n\n**${title}** · ${severity}\n\n${why}\n`);
  const intro = '# What can be wrong\n\nMade from `src/checks` by `npm run docs`; change it there.\n\n';
  const between =
    '# What can be wrong with policies\n\n`ciliscope policy lint` says it of files and of the live cluster.\n\n';
  return `${intro}${sections.join('\n')}\n${between}${ofPolicies.join('\n')}`;
}

function silences(explains: readonly { id: string; where: string }[] | undefined): string {
  if (explains === undefined || explains.length === 0) return '';
  return ` Explains: ${[...new Set(explains.map(({ id }) => id))].join(', ')}.`;
}
