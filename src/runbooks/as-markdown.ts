import { clock } from '../model/clock.ts';
import { refText } from '../model/ref.ts';
import type { RunbookResult, StepResult } from '../model/runbook-result.ts';
import type { Runbook } from './runbook.ts';
import { confidenceWords, endWords, resultWords, speaksWords } from './words.ts';

/** What a runbook found, for a ticket: the end first, then each step with its evidence. */
export function runbookAsMarkdown(runbook: Runbook, result: RunbookResult, where: string, at: number): string {
  const { cause, others, notLookedAt, steps, target } = result;
  const about = target === undefined ? 'the cluster' : code(refText(target));
  return [
    `## ${runbook.title}`,
    '',
    `Runbook \`${runbook.id}\` about ${about} on ${code(where)}, ${new Date(at).toISOString().slice(0, 10)} ${clock(at)}`,
    '',
    `**${escaped(endWords(result))}**${cause === undefined ? '' : ` (${confidenceWords[cause.confidence]})`}`,
    '',
    ...(cause === undefined ? [] : [`Next: ${escaped(cause.next)}`, '']),
    ...list(others.map((one) => `also ${one.confidence}: ${escaped(one.text)}`)),
    ...list(notLookedAt.map(({ id, reason }) => `not looked at: ${code(id)}: ${escaped(reason)}`)),
    '### Steps',
    '',
    ...steps.flatMap(stepLines),
    '',
  ].join('\n');
}

function stepLines(step: StepResult): string[] {
  const words = [resultWords[step.result], step.text.replaceAll('\n', '; ')].filter((word) => word !== '').join(': ');
  return [
    `- **${escaped(step.title)}**${words === '' ? '' : `: ${escaped(words)}`}`,
    ...step.evidence.map(
      ({ speaks, text, source }) => `  - ${speaksWords[speaks]}: ${escaped(text)} _(${escaped(source)})_`,
    ),
  ];
}

function list(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [...lines.map((line) => `- ${line}`), ''];
}

/** Names come from the cluster: none of them may be markup. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#!~]/g, '\\$&');
}

function code(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}
