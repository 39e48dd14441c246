import { runbooks } from '../src/runbooks/index.ts';
import type { Runbook } from '../src/runbooks/runbook.ts';

/** docs/runbooks.md: every runbook, as its own file describes it, with what it looks at. */
export function runbooksPage(): string {
  return [intro, ...runbooks.map(section)].join('\n');
}

function section({ id, title, says, from, target, steps }: Runbook): string {
  const about = target === undefined ? 'the cluster' : `a ${target.kinds.join(' or a ')}`;
  const lines = steps.map(
    ({ id: step, title: words, type }) => `- \`${step}\` ${words}${type === 'look' ? '' : ` (${type}s)`}`,
  );
  const leads = from.length === 0 ? '' : `\n\nLed to by: ${from.join(', ')}.`;
  return `## ${id}\n\n**${title}** · about ${about}\n\n${says}\n\n${lines.join('\n')}${leads}\n`;
}

const intro = `# From a symptom to its cause

Made from \`src/runbooks\` by \`npm run docs\`; change it there.

\`ciliscope runbook ID\` runs the looking part and answers by the exit code: 0 ruled out, 1 a cause was found, 2 it could not
be told; in the console \`:runbook ID\` runs it and offers what may be done. Steps look by themselves; looking changes nothing.
Each shows what speaks for and against, and a step that could not look says why: that is never taken for "nothing found".
"Not this" is said only where every step that decides could look.
`;
