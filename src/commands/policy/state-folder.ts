import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import type { RawObject } from '../../model/objects/row.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import { readText, unreadable } from './input-text.ts';
import { isStranger, misreadAt, objectsOf, placeManifests } from './manifests.ts';

/**
 * The objects in the *.json, *.yaml and *.yml files of a folder and those below it. Throws a UserError for a bad one;
 * `skip` leaves out what says neither kind nor version, as it lies beside policies in a repository.
 */
export function readFolder(folder: string, strangers: 'refuse' | 'skip' = 'refuse'): readonly RawObject[] {
  return filesIn(folder).flatMap((file) => readObjects(file, strangers));
}

/** The *.json, *.yaml and *.yml files of a folder and those below it, in order of their names. */
export function filesIn(folder: string): readonly string[] {
  return listing(folder)
    .filter((file) => /\.(?:json|ya?ml)$/.test(file))
    .sort()
    .filter(isFile);
}

/** Links are followed, but no folder is entered a second time. */
function listing(folder: string, entered = new Set<string>()): readonly string[] {
  try {
    const real = realpathSync(folder);
    if (entered.has(real)) return [];
    entered.add(real);
    return readdirSync(folder).flatMap((name) => {
      const path = join(folder, name);
      return isFolder(path) ? listing(path, entered) : [path];
    });
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw unreadable(folder, error);
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** What is neither a file nor a folder could be a policy that is not there now. */
function isFile(path: string): boolean {
  try {
    if (statSync(path).isFile()) return true;
  } catch (error) {
    throw unreadable(path, error);
  }
  throw new UserError(`${sanitiseLine(path, 500)} is neither a file nor a folder.`);
}

/** The objects of one file, by its ending. */
function readObjects(file: string, strangers: 'refuse' | 'skip'): readonly RawObject[] {
  const text = readText(file);
  if (!file.endsWith('.json')) return placeManifests(text, file, strangers).map(({ raw }) => raw);
  const value = parseJson(text, file);
  if (strangers === 'skip' && isStranger(value)) return [];
  return objectsOf(value, sanitiseLine(file, 500));
}

/** Throws a UserError that says where the text stops being JSON; `oneLine` = its name says the line already. */
export function parseJson(text: string, given: string, oneLine = false): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const name = sanitiseLine(given, 500);
    const place = misreadAt(text);
    const why = sanitiseLine(error instanceof Error ? error.message : error, 200);
    if (!place) throw new UserError(`${name} is no JSON: ${why}.`);
    const line = oneLine ? '' : `, line ${place.line}`;
    throw new UserError(`${name}${line}, column ${place.column}: no JSON: ${place.what}.`);
  }
}
