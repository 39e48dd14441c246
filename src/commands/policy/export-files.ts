import { UserError } from '../../errors.ts';
import { record } from '../../model/objects/raw.ts';
import type { RawObject } from '../../model/objects/row.ts';
import { asWritten, WRITTEN_KINDS } from '../../model/policies/written.ts';
import { yamlOf } from '../../model/policies/written-yaml.ts';
import { sanitiseLine } from '../../model/sanitise.ts';

/** A file of the export: its path in the folder, with `/`, and its text. */
export type ExportFile = { path: string; text: string };

/** A file for each policy and group, in order of their paths. Throws a UserError for a name that is no file's. */
export function exportFiles(objects: readonly RawObject[]): readonly ExportFile[] {
  return objects
    .filter(({ kind }) => WRITTEN_KINDS.includes(String(kind)))
    .map((raw) => ({ path: pathOf(raw), text: yamlOf(asWritten(raw)) }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Whether a path is one of an export: nothing that leads out of the folder is. */
export function isExportPath(path: string): boolean {
  const [folder = '', file = '', ...more] = path.split('/');
  return more.length === 0 && (folder === CLUSTERWIDE || NAME.test(folder)) && FILE.test(file) && !file.includes('..');
}

/** No namespace can have this name. */
const CLUSTERWIDE = '_clusterwide';
const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const FILE = /^[a-z]+-[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.yaml$/;

/** `shop/networkpolicy-web.yaml`. Names are the server's word: one that would lead elsewhere is refused. */
function pathOf(raw: RawObject): string {
  const { namespace, name } = record(raw.metadata);
  const folder = namespace === undefined || namespace === '' ? CLUSTERWIDE : String(namespace);
  const path = `${folder}/${String(raw.kind).toLowerCase()}-${String(name)}.yaml`;
  if (isExportPath(path)) return path;
  throw new UserError(
    `${sanitiseLine(raw.kind, 60)} ${sanitiseLine(namespace, 100)}/${sanitiseLine(name, 260)} cannot be the name of a file.`,
    'Nothing was written.',
  );
}
