/** What kubectl and k9s users type behind a kind: `-n shop`, `shop`, `-A`, `-l app=web`, `app=web`, `--field-selector …`, `/word`. */
export type TableArgs = { namespace: string; labelSelector: string; fieldSelector: string; filter: string };

/** `scope` is the namespace the screens are narrowed to; `-A` and a namespace of one's own win over it. */
export function tableArgs(args: readonly string[], scope: string): TableArgs {
  const read: TableArgs = { namespace: scope, labelSelector: '', fieldSelector: '', filter: '' };
  const queue = [...args];
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (word === '-A' || word === '--all-namespaces') read.namespace = '';
    else if (word === '-n' || word === '--namespace') read.namespace = queue.shift() ?? '';
    else if (word === '-l' || word === '--selector') read.labelSelector = queue.shift() ?? '';
    else if (word === '--field-selector') read.fieldSelector = queue.shift() ?? '';
    else if (word.startsWith('/')) read.filter = [word.slice(1), ...queue.splice(0)].join(' ').trim();
    else if (word.includes('=')) read.labelSelector = word;
    else if (word !== '') read.namespace = word;
  }
  return read;
}

/** As it stands in the title. */
export function scopeText({ namespace, labelSelector, fieldSelector }: TableArgs, namespaced: boolean): string {
  return [namespaced ? namespace || 'all namespaces' : '', labelSelector && `-l ${labelSelector}`, fieldSelector]
    .filter(Boolean)
    .join(' ');
}
