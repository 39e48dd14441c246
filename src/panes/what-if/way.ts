import type { PolicyRef } from '../../model/policies/rule.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import { policyName } from '../verdict-words.ts';

/** How one came to try something: what the pane's arguments say. */
export type Way =
  | Readonly<{ type: 'edit' | 'delete'; ref: PolicyRef }>
  | Readonly<{ type: 'file'; path: string }>
  | Readonly<{ type: 'template'; name: string }>
  | Readonly<{ type: 'mend'; what: string; yaml: string }>
  /** Not understood: what to type. */
  | Readonly<{ type: 'none'; reason: string }>;

/** `edit cnp shop/db`, `delete ccnp deny-all`, `template NAME`, or a file; other panes give kind, namespace and name apart. */
export function readWay(args: readonly string[]): Way {
  const [word = '', first = '', second = '', third] = args;
  if (word === '') return { type: 'none', reason: USAGE };
  if (word === 'mend') return { type: 'mend', what: first, yaml: second };
  if (word === 'template') return { type: 'template', name: first };
  if (word !== 'edit' && word !== 'delete') return { type: 'file', path: args.join(' ') };
  const kind = kindOf(first);
  if (kind === undefined) return { type: 'none', reason: `${sanitiseLine(first, 60)} is no kind of policy. ${USAGE}` };
  const [namespace, name] = third === undefined ? placeOf(second) : [second, third];
  if (name === '') return { type: 'none', reason: `Which ${kind}? ${USAGE}` };
  return { type: word, ref: { kind, namespace: kind === CLUSTERWIDE ? '' : namespace, name } };
}

const USAGE = ':whatif edit cnp NS/NAME, :whatif delete ccnp NAME, :whatif template NAME, or :whatif FILE.';
const CLUSTERWIDE = 'CiliumClusterwideNetworkPolicy';

/** `shop/db`; without a namespace it is the default one, as for kubectl. */
function placeOf(typed: string): readonly [string, string] {
  const slash = typed.indexOf('/');
  return slash < 0 ? ['default', typed] : [typed.slice(0, slash), typed.slice(slash + 1)];
}

function kindOf(word: string): PolicyRef['kind'] | undefined {
  const wanted = word.toLowerCase().split('.')[0] ?? '';
  return KINDS.find(([kind, ...words]) => kind.toLowerCase() === wanted || words.includes(wanted))?.[0];
}

const KINDS: readonly (readonly [PolicyRef['kind'], ...string[]])[] = [
  ['NetworkPolicy', 'netpol', 'np', 'networkpolicies'],
  ['CiliumNetworkPolicy', 'cnp', 'ciliumnetworkpolicies'],
  [CLUSTERWIDE, 'ccnp', 'ciliumclusterwidenetworkpolicies'],
];

/** For the title: `edit CNP shop/db`. */
export function wayTitle(way: Way): string {
  switch (way.type) {
    case 'edit':
    case 'delete':
      return `${way.type} ${policyName(way.ref)}`;
    case 'file':
      return sanitiseLine(way.path, 200);
    case 'template':
      return `template ${sanitiseLine(way.name, 100)}`;
    case 'mend':
      return sanitiseLine(way.what, 200);
    case 'none':
      return '';
  }
}
