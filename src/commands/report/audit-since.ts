import type { AuditStory } from '../../model/audit-story.ts';
import { youngestStories } from '../../sources/records/read-audit.ts';

/** A report is read by people: `ciliscope audit show` has the rest. */
const mostChanges = 100;
const mostCommands = 50;

/** What was changed and run on this server since then, oldest first; none where no audit can be read. */
export function auditSince(stateDir: string, server: string, from: number): readonly AuditStory[] {
  try {
    const stories = youngestStories(stateDir).filter((story) => story.server === server && story.until >= from);
    const changes = stories.filter(({ about }) => about === 'change').slice(-mostChanges);
    const commands = stories.filter(({ about }) => about === 'exec').slice(-mostCommands);
    return [...changes, ...commands].sort((a, b) => a.at - b.at);
  } catch {
    return [];
  }
}
