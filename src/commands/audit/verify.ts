import type { Command as Program } from 'commander';
import { type ChainReport, verifyChain } from '../../sources/records/audit-chain.ts';
import type { Command } from '../command.ts';
import { openAudit } from './open-audit.ts';

/** Whether the audit is as it was written. */
export const verify: Command = {
  name: 'verify',
  summary: 'say whether the audit file is as it was written: every line carries the hash of the line before it',
  describe(program: Program) {
    program
      .argument('[file]', 'another audit file than your own; those put aside (.1, .2 …) are read with it')
      .option('--json', 'print one JSON object')
      .addHelpText(
        'after',
        '\nLines taken off the end leave no trace in the file: compare the last hash with one noted before.',
      )
      .addHelpText('after', '\nExit code: 0 whole, 1 broken, 2 could not be read.');
  },
  async run([named], { json }, { stdout, env }) {
    const startedAt = new Date().toISOString();
    const { file, lines } = openAudit(named, { env });
    const report = verifyChain(lines);
    const whole = report.broken === undefined;
    stdout.write(
      json
        ? `${JSON.stringify({ version: 1, command: 'audit verify', cluster: '', startedAt, file, whole, ...report })}\n`
        : reportText(file, report),
    );
    return whole ? 0 : 1;
  },
};

function reportText(file: string, { lines, broken, unchained, cut, goesOn, head }: ChainReport): string {
  const said = [
    broken === undefined
      ? `${file}: whole, ${count(lines)}`
      : `${file}: broken at line ${broken.line} of ${broken.file}: ${broken.why}`,
    ...(unchained > 0 ? [`${count(unchained)} at its beginning from before there was a chain`] : []),
    ...(cut > 0 ? [`${count(cut)} cut off while being written: a program that was killed, or a full disk`] : []),
    ...(goesOn ? ['its beginning goes on from older lines that are not kept any more'] : []),
    ...(head === '' ? [] : [`last line: ${head}`]),
  ];
  return `${said.join('\n  ')}\n`;
}

function count(lines: number): string {
  return `${lines.toLocaleString('en-US')} ${lines === 1 ? 'line' : 'lines'}`;
}
