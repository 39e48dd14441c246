import type { AuditEntry } from './audit.ts';
import type { JobOutcome } from './jobs.ts';
import { time } from './objects/raw.ts';

/** One change or one command as the audit tells it: its lines put together. */
export type AuditStory = {
  /** Unique among the stories of one file. */
  id: string;
  about: 'change' | 'exec';
  /** When it began, and when it was last told of: by the server's clock. */
  at: number;
  until: number;
  user: string;
  context: string;
  /** ''= the line does not say. */
  cluster: string;
  server: string;
  action: string;
  /** `drain Node aks-np2-0004`; of a command its words. */
  title: string;
  object: string;
  difference: string;
  /** `open`: nothing tells how it ended. It may go on, or the program ended before it was known. */
  outcome: JobOutcome | 'done' | 'open';
  said: string;
  calls: readonly AuditCall[];
};

export type AuditCall = {
  at: number;
  request: string;
  object: string;
  /** `open`: it was sent, and nothing tells what became of it. */
  outcome: 'done' | 'refused' | 'unknown' | 'open';
  said: string;
  /** More than one where it was refused and sent again. */
  tries: number;
};

/** The lines of one file, the oldest first, as stories in the order of their beginnings. */
export function auditStories(entries: readonly AuditEntry[]): readonly AuditStory[] {
  const stories = new Map<string, AuditStory>();
  for (const entry of entries) {
    const id = idOf(entry, stories);
    stories.set(id, told(stories.get(id) ?? begun(id, entry), entry));
  }
  return [...stories.values()];
}

/** Operations of Azure have no number: a request that is told to be sent begins one of its own. */
function idOf(
  { session, job, about, request, time: at, outcome }: AuditEntry,
  known: ReadonlyMap<string, unknown>,
): string {
  if (job > 0) return `${session ?? ''} ${about === 'exec' ? 'exec' : 'job'} ${job}`;
  const under = [...known.keys()].findLast((id) => id.endsWith(` ${request}`));
  return outcome === 'sending' || under === undefined ? `${at} ${request}` : under;
}

function begun(id: string, entry: AuditEntry): AuditStory {
  const at = time(entry.time);
  const { user, context, cluster = '', server, action, object } = entry;
  return {
    ...{ id, about: entry.about === 'exec' ? 'exec' : 'change', at, until: at },
    ...{ user, context, cluster, server, action, object },
    title: entry.about === 'exec' ? entry.request : (entry.title ?? `${action} ${object}`),
    ...{ difference: '', outcome: 'open', said: '', calls: [] },
  };
}

function told(story: AuditStory, entry: AuditEntry): AuditStory {
  const { about, said = '', difference = '' } = entry;
  const until = Math.max(story.until, time(entry.time));
  const base = { ...story, until, difference: story.difference || difference };
  if (about !== undefined) return { ...base, outcome: entry.outcome === 'sending' ? 'open' : entry.outcome, said };
  const calls = withCall(story.calls, entry);
  // Operations of Azure, and lines of old, have one request and no line for their end.
  const outcome = entry.title === undefined ? (calls[0]?.outcome ?? 'open') : 'open';
  return { ...base, calls, outcome, said: calls.at(-1)?.said ?? '' };
}

function withCall(calls: readonly AuditCall[], { request, object, outcome, said = '', time: at }: AuditEntry) {
  const before = calls.find((call) => call.request === request);
  const known: AuditCall = before ?? { at: time(at), request, object, outcome: 'open', said: '', tries: 0 };
  const now: AuditCall =
    outcome === 'sending'
      ? { ...known, outcome: 'open', tries: known.tries + 1 }
      : { ...known, outcome: outcome === 'refused' || outcome === 'unknown' ? outcome : 'done', said };
  return before === undefined ? [...calls, now] : calls.map((call) => (call === before ? now : call));
}
