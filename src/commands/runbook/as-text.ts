import { refText } from '../../model/ref.ts';
import type { RunbookResult, StepResult } from '../../model/runbook-result.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Runbook } from '../../runbooks/runbook.ts';
import { confidenceWords, endWords, resultWords, speaksWords } from '../../runbooks/words.ts';
import { wrap } from '../../ui/text.ts';
import { createTheme, type Glyphs } from '../../ui/theme.ts';

/** What a runbook found, for people: each step with its evidence, then the end. No escape codes. */
export function runbookAsText(
  runbook: Runbook,
  result: RunbookResult,
  { cluster }: Snapshot,
  { columns, ascii }: { columns: number; ascii: boolean },
): string {
  const theme = createTheme({ ascii, colour: false });
  const where = [cluster.context || cluster.server, cluster.kubernetesVersion.replace(/^v/, 'k8s ')];
  const lines = [
    where.filter((word) => word !== '').join('  '),
    '',
    ...hanging('', `${runbook.title} · ${runbook.id}`, columns),
    result.target === undefined ? 'about the cluster' : `about ${refText(result.target)}`,
    '',
    ...result.steps.flatMap((step) => stepLines(step, theme.glyphs, columns)),
    '',
    ...ending(result, theme.glyphs, columns),
    '',
  ];
  return theme.paint(lines.join('\n'), {});
}

function stepLines(step: StepResult, glyphs: Glyphs, columns: number): string[] {
  const words = resultWords[step.result];
  const told =
    step.result === 'told' || step.result === 'offered' ? step.text.split('\n').filter((line) => line !== '') : [];
  const why = told.length === 0 && step.text !== '' ? step.text : '';
  const state = [words, why].filter((word) => word !== '').join(': ');
  return [
    ...hanging(`${signOf(step, glyphs)} `, `${step.title}${state === '' ? '' : ` · ${state}`}`, columns),
    ...step.evidence.flatMap(({ speaks, text, source }) =>
      hanging(`    ${speaksWords[speaks].padEnd(8)}`, `${text} (${source})`, columns),
    ),
    ...told.flatMap((text) => hanging('    ', text, columns)),
  ];
}

function signOf({ result }: StepResult, glyphs: Glyphs): string {
  switch (result) {
    case 'found':
      return glyphs.error;
    case 'against':
    case 'nothing':
      return glyphs.ok;
    case 'not-looked':
      return glyphs.unknown;
    default:
      return '·';
  }
}

function ending(result: RunbookResult, glyphs: Glyphs, columns: number): string[] {
  const { cause, others, outcome, notLookedAt } = result;
  const sign = cause !== undefined ? glyphs.error : outcome === 'unknown' ? glyphs.unknown : glyphs.ok;
  return [
    ...hanging(`${sign} `, endWords(result), columns),
    ...(cause === undefined ? [] : hanging('  ', confidenceWords[cause.confidence], columns)),
    ...(cause === undefined ? [] : hanging(`  ${glyphs.arrow} `, cause.next, columns)),
    ...others.flatMap(({ text, confidence }) => hanging('  ', `Also ${confidence}: ${text}`, columns)),
    ...notLookedAt.flatMap(({ id, reason }) =>
      hanging(`${glyphs.unknown} `, `not looked at: ${id}: ${reason}`, columns),
    ),
  ];
}

/** Wrapped, with the lines after the first standing under the text. */
function hanging(lead: string, text: string, columns: number): string[] {
  const indent = ' '.repeat(lead.length);
  return wrap(text, Math.max(20, columns - lead.length)).map((line, at) => (at === 0 ? lead : indent) + line);
}
