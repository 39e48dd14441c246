import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../../errors.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import { type ExportFile, isExportPath } from './export-files.ts';

/** How many files were new, differed from what was there, were the same, and are gone. */
export type Written = { added: number; changed: number; same: number; removed: number };

/** Says that export made the folder, and which files of it are its own. */
const MARK = '.ciliscope-export';

/**
 * Makes the folder hold these files. What an earlier export wrote and is no more is removed; whatever else lies there
 * stays. Throws a UserError for a folder that holds something and was not made by export, unless `force`.
 */
export function writeExport(given: string, files: readonly ExportFile[], force: boolean): Written {
  const shown = sanitiseLine(given, 500);
  try {
    mkdirSync(given, { recursive: true });
    const root = realpathSync(given);
    const earlier = readMark(root);
    const held = readdirSync(root).filter((name) => name !== '.git');
    if (!earlier && held.length > 0 && !force)
      throw new UserError(`${shown} holds files and was not made by export.`, 'Give an empty folder, or --force.');
    const written: Written = { added: 0, changed: 0, same: 0, removed: 0 };
    const now = new Set(files.map(({ path }) => path));
    for (const { path } of files) mkdirSync(join(root, dirname(path)), { recursive: true });
    // Every folder is looked at before a file is written: a link among them leads somewhere else.
    for (const path of now) refuseLinks(root, path);
    for (const { path, text } of files) written[writeOne(join(root, path), text)] += 1;
    for (const path of earlier ?? []) {
      if (now.has(path) || !isExportPath(path) || !isThere(join(root, path))) continue;
      refuseLinks(root, path);
      rmSync(join(root, path));
      written.removed += 1;
    }
    const mark = ['Made by ciliscope policy export. It removes these files when they are no more in the cluster:'];
    writeOne(join(root, MARK), `${[...mark, ...now].join('\n')}\n`);
    return written;
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new UserError(`${shown} cannot be written (${code}).`);
  }
}

/** What an earlier export wrote; undefined where there was none. */
function readMark(root: string): readonly string[] | undefined {
  const path = join(root, MARK);
  if (!isThere(path)) return undefined;
  return readFileSync(path, 'utf8')
    .split('\n')
    .slice(1)
    .filter((line) => line !== '');
}

function refuseLinks(root: string, path: string): void {
  const folder = join(root, dirname(path));
  if (isThere(folder) && realpathSync(folder) !== folder)
    throw new UserError(`${sanitiseLine(folder, 500)} is a link to another folder.`, 'Nothing was written there.');
}

/** By a new file that takes the old one's place: a link there is replaced, never followed. */
function writeOne(path: string, text: string): 'added' | 'changed' | 'same' {
  const there = isThere(path);
  if (there && lstatSync(path).isFile() && readFileSync(path, 'utf8') === text) return 'same';
  const fresh = `${path}.${process.pid}.new`;
  writeFileSync(fresh, text, { flag: 'wx' });
  renameSync(fresh, path);
  return there ? 'changed' : 'added';
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
