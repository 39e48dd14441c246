import { basename } from 'node:path';
import type { Command as Program } from 'commander';
import { UserError } from '../../errors.ts';
import { type AuditLine, type ChainReport, lineHash, verifyChain } from '../../sources/records/audit-chain.ts';
import type { Command } from '../command.ts';
import { openAudit } from './open-audit.ts';

/** Whether the audit is as it was written. */
export const verify: Command = {
  name: 'verify',
  summary: 'say whether the audit file is as it was written: every line carries the hash of the line before it',
  describe(program: Program) {
    program
      .argument('[file]', 'another audit file than your own; those put aside (.1, .2 …) are read with it')
      .option('--noted <hash>', 'the hash of a last line, as it was noted: say whether that line is still there')
      .option('--json', 'print one JSON object')
      .addHelpText(
        'after',
        '\nThat lines were taken off the end, or the last one changed, leaves no trace in the file: note the hash of the last line that is printed, and give it to --noted later.',
      )
      .addHelpText('after', '\nExit code: 0 whole, 1 broken, 2 could not be read.');
  },
  async run([named], { json, noted }, { stdout, env }) {
    const startedAt = new Date().toISOString();
    const { file, lines } = openAudit(named, { env });
    // No line, no verdict.
    if (lines.length === 0)
      throw new UserError(`${file} is empty: whether lines were taken out cannot be said.`, 'Nothing writes it empty.');
    const report = withNoted(withEmptied(verifyChain(lines), basename(file), lines), noted, lines);
    const whole = report.broken === undefined;
    stdout.write(
      json
        ? `${JSON.stringify({ version: 1, command: 'audit verify', cluster: '', startedAt, file, whole, ...report })}\n`
        : reportText(file, report),
    );
    return whole ? 0 : 1;
  },
};

/** A file is begun with a line: one that is empty next to those put aside has lost what was in it. */
function withEmptied(report: ChainReport, file: string, lines: readonly AuditLine[]): ChainReport {
  if (lines.some((line) => line.file === file)) return report;
  const why = `it is empty, and ${lines.at(-1)?.file} is there: what was written after that was taken out`;
  return { ...report, broken: report.broken ?? { file, line: 1, why } };
}

/** The line is there as it was when its hash was noted, or what came after the chain's last whole place is not. */
function withNoted(report: ChainReport, noted: unknown, lines: readonly AuditLine[]): ChainReport {
  if (typeof noted !== 'string') return report;
  const hash = `sha256:${noted
    .trim()
    .toLowerCase()
    .replace(/^sha256:/, '')}`;
  if (!/^sha256:[0-9a-f]{64}$/.test(hash))
    throw new UserError('--noted takes a hash as `audit verify` prints it: sha256: and 64 digits.');
  if (lines.some(({ text }) => lineHash(text) === hash)) return report;
  const last = lines.at(-1);
  const older = report.goesOn ? ', or it is older than what is kept' : '';
  const why = `no line has the hash that was noted: that line was changed or taken off the end, with what followed it${older}`;
  return { ...report, broken: report.broken ?? { file: last?.file ?? '', line: last?.number ?? 0, why } };
}

function reportText(file: string, { lines, broken, unchained, cut, goesOn, head }: ChainReport): string {
  const said = [
    broken === undefined
      ? `${file}: whole, ${count(lines)}`
      : `${file}: broken at line ${broken.line} of ${broken.file}: ${broken.why}`,
    ...(unchained > 0 ? [`${count(unchained)} at its beginning from before there was a chain`] : []),
    ...(cut > 0 ? [`${count(cut)} cut off while being written: a program that was killed, or a full disk`] : []),
    ...(goesOn ? ['its beginning goes on from older lines that are not kept any more'] : []),
    ...(head === '' ? [] : [`last line: ${head}`, endNote]),
  ];
  return `${said.join('\n  ')}\n`;
}

const endNote =
  'lines taken off the end, or a changed last line, cannot be seen: note this hash elsewhere, for --noted';

function count(lines: number): string {
  return `${lines.toLocaleString('en-US')} ${lines === 1 ? 'line' : 'lines'}`;
}
