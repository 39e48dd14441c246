import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import type { RawObject } from '../../model/objects/row.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import { objectsOf, parseManifests } from './manifests.ts';

/** The objects in the *.json, *.yaml and *.yml files of a folder and those below it. Throws a UserError for a bad one. */
export function readFolder(folder: string): readonly RawObject[] {
  return filesIn(folder).flatMap(readObjects);
}

/** The *.json, *.yaml and *.yml files of a folder and those below it, in order of their names. */
export function filesIn(folder: string): readonly string[] {
  return listing(folder)
    .filter((file) => /\.(?:json|ya?ml)$/.test(file))
    .sort()
    .map((file) => join(folder, file))
    .filter((file) => statSync(file).isFile());
}

function listing(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch (error) {
    throw unreadable(folder, error);
  }
}

/** The objects of one file, by its ending. */
function readObjects(file: string): readonly RawObject[] {
  const text = readText(file);
  if (!file.endsWith('.json')) return parseManifests(text, file);
  return objectsOf(parseJson(text, file), file);
}

export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** Throws a UserError that says where the text stops being JSON. */
export function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${name} is no JSON: ${sanitiseLine(error instanceof Error ? error.message : error, 200)}.`);
  }
}

function unreadable(path: string, error: unknown): UserError {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const why = code === 'ENOENT' ? 'is not there' : code === 'ENOTDIR' ? 'is no folder' : `cannot be read (${code})`;
  return new UserError(`${sanitiseLine(path, 500)} ${why}.`);
}
