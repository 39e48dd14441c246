import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { KqlAsks } from '../model/azure/azure-asks.ts';
import { sanitiseLine, sanitiseText } from '../model/sanitise.ts';
import type { AskedQuery, HeldResult, QueryDesk, RanRunbook } from '../panes/query-desk.ts';
import { writePrivate } from '../sources/records/private-file.ts';
import { createStore } from '../ui/store.ts';
import { writeNew } from './write-new.ts';

/** The desk whose history is kept in the person's own state folder. A history that cannot be kept is only of this session. */
export function createQueryDesk(kql: KqlAsks, stateDir: string, env: NodeJS.ProcessEnv): QueryDesk {
  const history = createStore<readonly AskedQuery[]>(readHistory(stateDir));
  history.subscribe(() => writeHistory(stateDir, history.get()));
  const results: HeldResult[] = [];
  return {
    kql,
    history,
    resting: createStore(false),
    hold(result) {
      const held = results.filter((one) => one !== result);
      for (const one of held.splice(mostResults - 1)) one.empty();
      results.splice(0, results.length, result, ...held);
    },
    write: (path, pieces) => writeNew(resolve(path.replace(/^~(?=\/)/, env['HOME'] || homedir())), pieces),
    ran: createStore<readonly RanRunbook[]>([]),
    heads: () => results.flatMap((one) => one.head?.(headRows) ?? []),
  };
}

/** Nobody looks further back, and a file of a few hundred kilobytes is read at every start. */
const most = 100;
const longest = 20_000;
/** Of each result a report shows so many rows. */
const headRows = 10;
/** Up to 100,000 rows each. */
const mostResults = 3;

function readHistory(stateDir: string): readonly AskedQuery[] {
  try {
    const read: unknown = JSON.parse(readFileSync(join(stateDir, 'queries.json'), 'utf8'));
    return Array.isArray(read) ? read.flatMap(askedOf).slice(0, most) : [];
  } catch {
    // None yet, or written by something else: an empty history is no trouble.
    return [];
  }
}

/** Anybody may have edited the file. */
function askedOf(raw: unknown): AskedQuery[] {
  if (typeof raw !== 'object' || raw === null) return [];
  const { id, parameters, text, timespan, at } = raw as Record<string, unknown>;
  if (typeof text !== 'string' || typeof at !== 'number') return [];
  const named = typeof parameters === 'object' && parameters !== null ? Object.entries(parameters) : [];
  return [
    {
      id: sanitiseLine(id ?? '', 100),
      parameters: Object.fromEntries(named.map(([name, value]) => [sanitiseLine(name, 100), sanitiseLine(value, 300)])),
      text: sanitiseText(text, longest),
      timespan: sanitiseLine(timespan ?? '', 60),
      at,
    },
  ];
}

/** What somebody looked for may name people and secrets: the file is theirs alone, and there whole or not at all. */
function writeHistory(stateDir: string, history: readonly AskedQuery[]): void {
  const kept = history.filter(({ text }) => text.length <= longest).slice(0, most);
  try {
    writePrivate(join(stateDir, 'queries.json'), `${JSON.stringify(kept)}\n`);
  } catch {
    // Then it is of this session alone.
  }
}
