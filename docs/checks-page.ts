import { checks } from '../src/checks/index.ts';

/** docs/checks.md: every check as its own file describes it. */
export function checksPage(): string {
  const sections = checks.map(
    (check) =>
      `## ${check.id}\n\n**${check.title}** · ${check.severity}\n\n${check.why}\n\nNeeds: ${check.needs.join(', ')}.${silences(check.explains)}\n`,
  );
  return `# What can be wrong\n\nMade from \`src/checks\` by \`npm run docs\`; change it there.\n\n${sections.join('\n')}`;
}

function silences(explains: readonly { id: string; where: string }[] | undefined): string {
  if (explains === undefined || explains.length === 0) return '';
  return ` Explains: ${[...new Set(explains.map(({ id }) => id))].join(', ')}.`;
}
