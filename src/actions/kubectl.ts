import { shellWord } from '../model/shell-word.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { type WriteRequest, writePath } from '../model/writes.ts';

/** A patch is written out up to this length; else it is FILE. */
const shortest = 200;

/** The command that does the same, ready to be copied. `FILE` is the object as it is shown. */
export function kubectlLine(request: WriteRequest, cluster: Pick<Snapshot, 'cluster'>): string {
  const { verb, resource, namespace, name, body, subresource } = request;
  const where = namespace === '' ? [] : ['-n', shellWord(namespace)];
  const kind = resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
  const patch = JSON.stringify(body ?? {});
  const what = {
    create: ['create', '-f', 'FILE'],
    replace: ['replace', '-f', 'FILE'],
    apply: ['apply', '--server-side', '--field-manager=ciliscope', '-f', 'FILE'],
    patch: [
      ...['patch', kind, shellWord(name), '--type=merge'],
      ...(patch.length > shortest ? ['--patch-file', 'FILE'] : ['-p', shellWord(patch)]),
    ],
    delete: ['delete', kind, shellWord(name)],
  }[verb];
  // There is no word of its own for an eviction.
  const raw = ['create', '--raw', shellWord(writePath(request)), '-f', 'FILE'];
  return kubectlOn(cluster, subresource === undefined ? [...where, ...what] : raw);
}

/** `words`, already fit for a shell, on the cluster that is watched. */
export function kubectlOn({ cluster }: Pick<Snapshot, 'cluster'>, words: readonly string[]): string {
  const context = cluster.context === '' ? [] : ['--context', shellWord(cluster.context)];
  return ['kubectl', ...context, ...words].join(' ');
}
