import { actions } from '../src/actions/index.ts';

/** docs/actions.md: every change the program can make, as its own file describes it. */
export function actionsPage(): string {
  const sections = actions.map(
    ({ id, title, says, dangerous }) =>
      `## ${id}\n\n**${title}**${dangerous ? " · asks for the cluster's name" : ''}\n\n${says}\n`,
  );
  return `${intro}\n${sections.join('\n')}`;
}

const intro = `# What can be changed

Made from \`src/actions\` by \`npm run docs\`; change it there.

Nothing is changed while the write window is closed, as it is at the start: \`:write\` opens it for ten minutes (\`:write 5m\`,
\`:write off\`; \`--write\` opens it at the start). Each change is shown before it is made: what it does, the API call and the
\`kubectl\` line that does the same, how far it reaches, and the difference by the server's own dry run. \`y\` does it; where it
is dangerous, or the cluster is protected, its name is typed. It is done when the watch shows it. What was there before is
kept until \`:undo\` uses it, and every change is told in the audit file.
`;
