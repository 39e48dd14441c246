import { existsSync } from 'node:fs';
import { readConfig } from '../../config.ts';
import { messageOf, UserError } from '../../errors.ts';
import type { AuditLine } from '../../sources/records/audit-chain.ts';
import { auditFile, auditLines } from '../../sources/records/audit-file.ts';
import type { Terminal } from '../command.ts';
import { version } from '../version.ts';

export type OpenAudit = { file: string; lines: readonly AuditLine[] };

/** The file that was named, or this user's own, with those put aside next to it. Throws UserError where it cannot be read. */
export function openAudit(named: string | undefined, { env }: Pick<Terminal, 'env'>): OpenAudit {
  const file = named ?? auditFile(readConfig({}, env, version()).stateDir);
  if (!existsSync(file)) {
    const hint =
      named === undefined ? 'Nothing was changed from here so far, and no command was run.' : 'Is that its name?';
    throw new UserError(`There is no audit file ${file}.`, hint);
  }
  const lines = linesOf(file);
  // To call any other file whole would be a verdict on nothing.
  if (lines.length > 0 && !lines.some(({ text }) => /^\{"(prev|time)":"/.test(text)))
    throw new UserError(`${file} is no audit file: none of its lines is one of ours.`);
  return { file, lines };
}

function linesOf(file: string): readonly AuditLine[] {
  try {
    return auditLines(file);
  } catch (error) {
    throw new UserError(`The audit file ${file} cannot be read (${messageOf(error)}).`);
  }
}
