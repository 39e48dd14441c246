import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import type { UndoRecord } from '../../model/undo-record.ts';
import { writePrivate } from './private-file.ts';

/** What was there before each change, one file each, until it is used. */
export type UndoFolder = {
  /** Keeps it; of more than two hundred the oldest go. Throws what fs throws. */
  keep(record: UndoRecord): void;
  /** Throws UserError where there is none of that id, or it cannot be read. */
  read(id: string): UndoRecord;
  /** The latest first. What cannot be read is left out. */
  list(): readonly UndoRecord[];
  drop(id: string): void;
};

const most = 200;

export function createUndoFolder(stateDir: string): UndoFolder {
  const folder = join(stateDir, 'undo');
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

  return {
    keep(record) {
      writePrivate(fileOf(record.id), `${JSON.stringify(record)}\n`);
      for (const id of ids().slice(0, -most)) rmSync(fileOf(id), { force: true });
    },
    read,
    list() {
      const known = ids().flatMap((id) => {
        try {
          return [read(id)];
        } catch {
          return [];
        }
      });
      return known.filter(isWhole).reverse();
    },
    drop(id) {
      if (/^[\w-]+$/.test(id)) rmSync(fileOf(id), { force: true });
    },
  };
}

function isWhole(record: UndoRecord): boolean {
  return typeof record?.id === 'string' && typeof record.server === 'string' && typeof record.object?.name === 'string';
}
