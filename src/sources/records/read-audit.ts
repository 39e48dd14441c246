import type { AuditEntry } from '../../model/audit.ts';
import { type AuditStory, auditStories } from '../../model/audit-story.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import type { AuditLine } from './audit-chain.ts';
import { auditFile, youngestLines } from './audit-file.ts';

/** Bytes that are read for the youngest stories: some three thousand lines. */
const tailBytes = 1_000_000;

/** The youngest changes and commands of everybody who shares the state folder, the oldest of them first. */
export function youngestStories(stateDir: string): readonly AuditStory[] {
  return storiesOf(youngestLines(auditFile(stateDir), tailBytes));
}

/** Lines that are none are passed over: what they mean for the chain is said elsewhere. */
export function storiesOf(lines: readonly AuditLine[]): readonly AuditStory[] {
  return auditStories(lines.flatMap(({ text }) => entryOf(text) ?? []));
}

const longest = 2_000;

/** The file is ours, and yet only a file: whatever text stands in it is fit to be drawn. */
function entryOf(line: string): AuditEntry | undefined {
  try {
    const entry = JSON.parse(line) as Record<string, unknown>;
    if (typeof entry['time'] !== 'string' || typeof entry['request'] !== 'string') return undefined;
    const texts = Object.entries(entry).map(([key, value]) => [
      key,
      typeof value === 'string' ? sanitiseLine(value, longest) : value,
    ]);
    const missing = {
      session: '',
      context: '',
      server: '',
      user: '',
      action: '',
      object: '',
      outcome: 'sending',
      job: 0,
    };
    return { ...missing, ...Object.fromEntries(texts) } as AuditEntry;
  } catch {
    return undefined;
  }
}
