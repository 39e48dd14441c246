/** A right to change something, in RBAC's words. */
export type Right = {
  verb: 'create' | 'update' | 'patch' | 'delete';
  group: string;
  plural: string;
  /** `eviction` of pods. */
  subresource?: string;
  /**
   * Where it is needed: a namespace; '' = everywhere, or the kind has none. Absent: wherever the object is, so that having
   * it in one's own namespace is having it, and lacking it there says nothing of other namespaces.
   */
  namespace?: string;
};

/** A kind in a word or two: `create/update/delete networkpolicies`, `delete pods in kube-system`. */
export function rightWords(rights: readonly Right[]): readonly string[] {
  const byKind = Map.groupBy(rights, ({ plural, subresource, namespace }) => {
    const what = subresource === undefined ? plural : `${plural}/${subresource}`;
    return namespace ? `${what} in ${namespace}` : what;
  });
  return [...byKind].map(([what, same]) => `${[...new Set(same.map(({ verb }) => verb))].join('/')} ${what}`);
}

export function isSameRight(one: Right, other: Right): boolean {
  const fields = ['verb', 'group', 'plural', 'subresource', 'namespace'] as const;
  return fields.every((field) => one[field] === other[field]);
}
