import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import type { UndoEntry } from '../../model/jobs.ts';
import type { UndoRecord } from '../../model/undo-record.ts';
import { writePrivate } from './private-file.ts';

/** What was there before each change, one file each, until it is used. */
export type UndoFolder = {
  /** Keeps it; of more than two hundred those go that were written the longest ago. Throws what fs throws. */
  keep(record: UndoRecord): void;
  /** Throws UserError where there is none of that id, or it cannot be read. */
  read(id: string): UndoRecord;
  /** The latest first, without the objects. What cannot be read is left out. */
  list(): readonly KeptEntry[];
  drop(id: string): void;
};

type KeptEntry = UndoEntry & Pick<UndoRecord, 'server' | 'cluster'>;

const most = 200;

export function createUndoFolder(stateDir: string): UndoFolder {
  const folder = join(stateDir, 'undo');
  // What an entry says never changes, and another program may add some: each file is read once.
  let known: ReadonlyMap<string, KeptEntry | undefined> = new Map();
  const fileOf = (id: string) => join(folder, `${id}.json`);

  function ids(): string[] {
    try {
      const names = readdirSync(folder).filter((name) => /^[\w-]+\.json$/.test(name));
      return names.map((name) => name.slice(0, -'.json'.length)).sort();
    } catch {
      // There is no folder before the first change.
      return [];
    }
  }

  function read(id: string): UndoRecord {
    const gone = new UserError('What was there before is no longer kept.', ':undo lists what can be taken back.');
    if (!/^[\w-]+$/.test(id)) throw gone;
    try {
      return JSON.parse(readFileSync(fileOf(id), 'utf8')) as UndoRecord;
    } catch {
      throw gone;
    }
  }

  function readEntry(id: string): KeptEntry | undefined {
    try {
      const record = read(id);
      if (!isWhole(record)) return undefined;
      const { before: _, after: __, resource: ___, ...entry } = record;
      return entry;
    } catch {
      return undefined;
    }
  }

  /** Names tell the time of servers, whose clocks differ; what was written last by this machine's clock stays. */
  function makeRoom(kept: string): void {
    const others = ids().filter((id) => id !== kept);
    if (others.length < most) return;
    const written = others.map((id) => ({ id, at: statSync(fileOf(id), { throwIfNoEntry: false })?.mtimeMs ?? 0 }));
    const oldest = written.toSorted((one, two) => one.at - two.at).slice(0, others.length - most + 1);
    for (const { id } of oldest) rmSync(fileOf(id), { force: true });
  }

  return {
    keep(record) {
      writePrivate(fileOf(record.id), `${JSON.stringify(record)}\n`);
      makeRoom(record.id);
    },
    read,
    list() {
      known = new Map(ids().map((id) => [id, known.has(id) ? known.get(id) : readEntry(id)]));
      return [...known.values()].filter((entry) => entry !== undefined).reverse();
    },
    drop(id) {
      if (/^[\w-]+$/.test(id)) rmSync(fileOf(id), { force: true });
    },
  };
}

function isWhole(record: UndoRecord): boolean {
  return typeof record?.id === 'string' && typeof record.server === 'string' && typeof record.object?.name === 'string';
}
