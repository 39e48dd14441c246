import type { Check } from '../src/checks/check.ts';
import { checks } from '../src/checks/index.ts';
import { lints } from '../src/checks/policies/index.ts';
import type { Lint } from '../src/checks/policies/lint.ts';

/** docs/checks.md: every check, and every lint of policies, as its own file describes it. */
export function checksPage(): string {
  const ofPolicies = new Set(lints.map(({ id }) => id));
  const sections = checks.filter(({ id }) => !ofPolicies.has(id)).map(section);
  return [
    '# What can be wrong\n\nMade from `src/checks` by `npm run docs`; change it there.\n',
    ...sections,
    `# What can be wrong with policies\n\n${OF_POLICIES}\n`,
    ...lints.map(lintSection),
  ].join('\n');
}

const OF_POLICIES = `The console and \`ciliscope check\` say it of the live cluster, \`ciliscope policy lint\` of files, too: there with file,
line and column. Each says the object, the place in it, what is wrong there, and the mend. What cannot be known from what
is given is not looked at, and that is said.`;

function section({ id, title, severity, why, needs, explains }: Check): string {
  return `## ${id}\n\n**${title}** · ${severity}\n\n${why}\n\nNeeds: ${needs.join(', ')}.${silences(explains)}\n`;
}

function lintSection({ id, title, severity, why, needs = [], byItself, blind }: Lint): string {
  const judgedBy = needs.filter((need) => need !== 'edits');
  const sentences = [
    byItself ? 'Judged by the policy’s own text.' : '',
    judgedBy.length > 0 ? `Needs ${judgedBy.join(' and ')} to judge it by.` : '',
    needs.includes('edits') ? 'Known only to one who watched the policy change: the console.' : '',
    blind ? 'Silent where cilium-config and the DaemonSets of kube-system do not say what AKS carries.' : '',
  ].filter((sentence) => sentence !== '');
  const last = sentences.length > 0 ? `\n\n${sentences.join(' ')}` : '';
  return `## ${id}\n\n**${title}** · ${severity}\n\n${why}${last}\n`;
}

function silences(explains: readonly { id: string; where: string }[] | undefined): string {
  if (explains === undefined || explains.length === 0) return '';
  return ` Explains: ${[...new Set(explains.map(({ id }) => id))].join(', ')}.`;
}
