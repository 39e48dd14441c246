import { messageOf } from '../../errors.ts';
import type { AuditStory } from '../../model/audit-story.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import { youngestStories } from '../../sources/records/read-audit.ts';

/** A report is read by people: `ciliscope audit show` has the rest. */
const mostChanges = 100;
const mostCommands = 50;

/** What was changed and run on this server since then, oldest first; and what of it could not be read, or is left out. */
export function auditSince(stateDir: string, server: string, from: number): Audited {
  try {
    const stories = youngestStories(stateDir).filter((story) => story.server === server && story.until >= from);
    const changes = stories.filter(({ about }) => about === 'change');
    const commands = stories.filter(({ about }) => about === 'exec');
    const told = [...changes.slice(-mostChanges), ...commands.slice(-mostCommands)].sort((a, b) => a.at - b.at);
    const left = changes.length + commands.length - told.length;
    const why = `${left} older entries are left out: ciliscope audit show has them`;
    return { audit: told, gaps: left === 0 ? [] : [{ what: 'audit', why }] };
  } catch (error) {
    return { audit: [], gaps: [{ what: 'audit', why: `it cannot be read: ${sanitiseLine(messageOf(error), 200)}` }] };
  }
}

type Audited = { audit: readonly AuditStory[]; gaps: readonly { what: string; why: string }[] };
