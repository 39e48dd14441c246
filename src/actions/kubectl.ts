import type { Snapshot } from '../model/snapshot.ts';
import type { WriteRequest } from '../model/writes.ts';

/** The command that does the same, ready to be copied. `FILE` is the object as it is shown. */
export function kubectlLine(request: WriteRequest, { cluster }: Pick<Snapshot, 'cluster'>): string {
  const { verb, resource, namespace, name } = request;
  const where = [
    ...(cluster.context === '' ? [] : ['--context', quoted(cluster.context)]),
    ...(namespace === '' ? [] : ['-n', quoted(namespace)]),
  ];
  const kind = resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
  const what = {
    create: ['create', '-f', 'FILE'],
    replace: ['replace', '-f', 'FILE'],
    apply: ['apply', '--server-side', '--field-manager=ciliscope', '-f', 'FILE'],
    patch: ['patch', kind, quoted(name), '--type=merge', '--patch-file', 'FILE'],
    delete: ['delete', kind, quoted(name)],
  }[verb];
  return ['kubectl', ...where, ...what].join(' ');
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
