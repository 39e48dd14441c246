import { createHash } from 'node:crypto';

/** A line of the audit in the file it stands in, counted from 1. */
export type AuditLine = { file: string; number: number; text: string };

/** What can be said of the chain: each line carries the hash of the text of the line before it. */
export type ChainReport = {
  lines: number;
  /** The first place that does not fit; the chain before it is whole. */
  broken: { file: string; line: number; why: string } | undefined;
  /** Lines from before there was a chain: nothing can be said of them. */
  unchained: number;
  /** Lines that were cut off while they were written (a kill, a full disk), and are in the chain as they stand. */
  cut: number;
  /** It goes on from lines that are not here: older ones were put aside. */
  goesOn: boolean;
  /** Hash of the last line: noted elsewhere, it shows whether lines were taken off the end. */
  head: string;
};

export function lineHash(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

export function verifyChain(lines: readonly AuditLine[]): ChainReport {
  let unchained = 0;
  let cut = 0;
  let goesOn = false;
  let chained = false;
  let before: AuditLine | undefined;
  let broken: ChainReport['broken'];
  for (const line of lines) {
    const prev = prevOf(line.text);
    const follows = before !== undefined && prev === lineHash(before.text);
    // What a program cut off is the beginning of a line: anything else somebody put there, whatever line follows it.
    if (!beginsLikeOurs(line.text)) broken ??= place(line, 'it is no line of ours, nor the beginning of one');
    else if (!isWhole(line.text)) cut += 1;
    // Of what was cut off the line after it tells whether it stood so when that was written.
    if (prev === 'none') {
      unchained += 1;
      if (chained) broken ??= place(line, 'it carries no hash of the line before it');
    } else if (prev !== undefined) {
      if (before === undefined) goesOn = prev !== '';
      else if (!follows) broken ??= place(line, wordsFor(line, before));
      chained = true;
    }
    before = line;
  }
  return {
    lines: lines.length,
    broken,
    unchained,
    cut,
    goesOn,
    head: before === undefined ? '' : lineHash(before.text),
  };
}

/** Undefined: neither JSON nor the beginning of a line of ours. 'none': one that has no hash. */
function prevOf(text: string): string | undefined {
  try {
    const { prev } = JSON.parse(text) as { prev?: unknown };
    return typeof prev === 'string' ? prev : 'none';
  } catch {
    // Cut off behind its hash: it vouches for the line before it all the same.
    return /^\{"prev":"(sha256:[0-9a-f]{64})"/.exec(text)?.[1];
  }
}

/** Lines from before there was a chain begin with the time. */
const beginnings = ['{"prev":"', '{"time":"'] as const;

function beginsLikeOurs(text: string): boolean {
  return text !== '' && beginnings.some((begin) => text.startsWith(begin) || begin.startsWith(text));
}

function isWhole(text: string): boolean {
  return text.trimEnd().endsWith('}');
}

function place({ file, number }: AuditLine, why: string): { file: string; line: number; why: string } {
  return { file, line: number, why };
}

function wordsFor(line: AuditLine, before: AuditLine | undefined): string {
  const where =
    before === undefined
      ? 'the line before it'
      : before.file === line.file
        ? `line ${before.number}`
        : `line ${before.number} of ${before.file}`;
  return `it does not follow ${where}: that one was changed, or lines between them were taken out or put in`;
}
