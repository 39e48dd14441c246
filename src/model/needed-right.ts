import type { Right } from './right.ts';

/** What a right is good for. Everything but `view` may be left out, and then the rest works as it is. */
export type Feature = 'view' | 'logs' | 'exec' | 'metrics' | 'write';

/** Something that one must be allowed to do so that a part of this program works, in RBAC's words. */
export type NeededRight = {
  feature: Feature;
  verbs: readonly string[];
  group: string;
  plural: string;
  /** `log`, `exec`, `proxy`, `eviction`; ''. */
  subresource: string;
  /** Where alone it is needed; '' = everywhere, or the kind has none. */
  namespace: string;
  /** For reading: the source that lives on it; ''. */
  source: string;
};

/** How it stands with one of them, by the server's own word. */
export type HeldRight = NeededRight & {
  /** Verbs that are lacking everywhere. */
  missing: readonly string[];
  /** Of the others, those that are held in one's own namespace alone. */
  here: readonly string[];
};

export type HeldRights = {
  /** Of `held`, everything that was asked for. */
  held: readonly HeldRight[];
  /** One's own namespace. */
  namespace: string;
  /** As the server knows us; ''. */
  user: string;
};

/** Changes as rights that are needed: update and patch of one kind are one. */
export function neededToWrite(rights: readonly Right[]): readonly NeededRight[] {
  const key = ({ group, plural, subresource = '', namespace = '' }: Right) =>
    [group, plural, subresource, namespace].join(' ');
  return [...Map.groupBy(rights, key).values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const { group, plural, subresource = '', namespace = '' } = first;
    const verbs = [...new Set(same.map(({ verb }) => verb))];
    return [{ feature: 'write' as const, verbs, group, plural, subresource, namespace, source: '' }];
  });
}

/** `list/watch ciliumendpoints`, `get pods/log in kube-system`. */
export function neededText(verbs: readonly string[], { plural, subresource, namespace }: NeededRight): string {
  const what = subresource === '' ? plural : `${plural}/${subresource}`;
  return `${verbs.join('/')} ${what}${namespace === '' ? '' : ` in ${namespace}`}`;
}
