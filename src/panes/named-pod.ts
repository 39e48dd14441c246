import type { Snapshot } from '../model/snapshot.ts';
import type { TruthTarget } from '../model/truth/truth.ts';

/** `pod shop/web-1`, `node aks-np1-0`; the word may be left out: with a slash it is a pod. */
export function typedTarget(args: readonly string[]): TruthTarget | undefined {
  const [first = '', second] = args;
  const [word, name] = second === undefined ? ['', first] : [first.toLowerCase(), second];
  if (name === '' || !/^(|po|pod|pods|no|node|nodes)$/.test(word)) return undefined;
  const at = name.indexOf('/');
  if (word.startsWith('no') || (word === '' && at < 0)) return { kind: 'Node', name };
  return at > 0 ? { kind: 'Pod', namespace: name.slice(0, at), name: name.slice(at + 1) } : undefined;
}

/** What could be meant, for completion: the word, then at most as many names as one can read. */
export function targetsTyped(
  { tables }: Snapshot,
  words: readonly ('pod' | 'node')[],
  typed: readonly string[],
): readonly string[] {
  if (typed.length <= 1) return words;
  const begun = typed.at(-1) ?? '';
  if (typed[0] === 'node')
    return matching(
      [...tables.nodes.rows.values()].map(({ name }) => name),
      begun,
    );
  const found: string[] = [];
  for (const pod of tables.pods.rows.values()) {
    if (pod.hostNetwork || !`${pod.namespace}/${pod.name}`.startsWith(begun)) continue;
    found.push(`${pod.namespace}/${pod.name}`);
    if (found.length >= mostNames) break;
  }
  return found;
}

const mostNames = 200;

function matching(names: readonly string[], begun: string): readonly string[] {
  return names.filter((name) => name.startsWith(begun)).slice(0, mostNames);
}
