import { shellWord } from '../model/shell-word.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { WriteRequest } from '../model/writes.ts';

/** The command that does the same, ready to be copied. `FILE` is the object as it is shown. */
export function kubectlLine(request: WriteRequest, { cluster }: Pick<Snapshot, 'cluster'>): string {
  const { verb, resource, namespace, name } = request;
  const where = [
    ...(cluster.context === '' ? [] : ['--context', shellWord(cluster.context)]),
    ...(namespace === '' ? [] : ['-n', shellWord(namespace)]),
  ];
  const kind = resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
  const what = {
    create: ['create', '-f', 'FILE'],
    replace: ['replace', '-f', 'FILE'],
    apply: ['apply', '--server-side', '--field-manager=ciliscope', '-f', 'FILE'],
    patch: ['patch', kind, shellWord(name), '--type=merge', '--patch-file', 'FILE'],
    delete: ['delete', kind, shellWord(name)],
  }[verb];
  return ['kubectl', ...where, ...what].join(' ');
}
