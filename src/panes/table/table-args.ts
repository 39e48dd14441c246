/** What kubectl and k9s users type behind a kind: `-n shop`, `shop`, `-A`, `-l app=web`, `app=web`, `--field-selector …`, `/word`. */
export type TableArgs = {
  namespace: string;
  labelSelector: string;
  fieldSelector: string;
  filter: string;
  /** One sentence where it cannot be meant; '' otherwise. */
  problem: string;
};

/** `scope` is the namespace the screens are narrowed to; `-A` and a namespace of one's own win over it. */
export function tableArgs(args: readonly string[], scope: string): TableArgs {
  const read: TableArgs = { namespace: scope, labelSelector: '', fieldSelector: '', filter: '', problem: '' };
  const queue = args.flatMap(parted);
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    const flag = flags[word];
    if (word === '-A' || word === '--all-namespaces') read.namespace = '';
    else if (flag !== undefined) {
      const value = queue.shift() ?? '';
      if (value === '' || /^[-/]/.test(value)) return { ...read, problem: `${word} needs ${flag.needs}.` };
      read[flag.of] = value;
    } else if (word.startsWith('/')) read.filter = [word.slice(1), ...queue.splice(0)].join(' ').trim();
    else if (word.startsWith('-')) return { ...read, problem: `${word} means nothing here. ${known}` };
    else if (word.includes('=')) read.labelSelector = word;
    else if (word !== '') read.namespace = word;
  }
  return read;
}

type Flag = Readonly<{ of: 'namespace' | 'labelSelector' | 'fieldSelector'; needs: string }>;

const namespace: Flag = { of: 'namespace', needs: 'a namespace behind it, as in -n shop; -A shows all of them' };
const selector: Flag = { of: 'labelSelector', needs: 'labels behind it, as in -l app=web' };
const flags: Readonly<Record<string, Flag>> = {
  '-n': namespace,
  '--namespace': namespace,
  '-l': selector,
  '--selector': selector,
  '--field-selector': { of: 'fieldSelector', needs: 'a field behind it, as in --field-selector spec.nodeName=NODE' },
};
const known = 'Behind a kind may stand -n NAMESPACE, -A, -l LABEL=VALUE, --field-selector FIELD=VALUE, /WORDS.';

/** `--namespace=shop` is two words. */
function parted(word: string): readonly string[] {
  const [, flag = '', value = ''] = /^(--[a-z-]+)=(.*)$/.exec(word) ?? [];
  return flag === '' ? [word] : [flag, value];
}

/** As it stands in the title. */
export function scopeText({ namespace, labelSelector, fieldSelector }: TableArgs, namespaced: boolean): string {
  return [namespaced ? namespace || 'all namespaces' : '', labelSelector && `-l ${labelSelector}`, fieldSelector]
    .filter(Boolean)
    .join(' ');
}
