import { stringify } from 'yaml';
import type { NeededRight } from '../../model/needed-right.ts';

export type Subject = { kind: 'User' | 'Group'; name: string };

/** A ClusterRole for what is needed everywhere, a Role for each namespace where alone something is, and their bindings. */
export function rolesYaml(needed: readonly NeededRight[], name: string, subjects: readonly Subject[]): string {
  const documents: object[] = [];
  for (const [namespace, rights] of Map.groupBy(needed, (right) => right.namespace)) {
    const kind = namespace === '' ? 'ClusterRole' : 'Role';
    const metadata = { name, ...(namespace === '' ? {} : { namespace }) };
    documents.push({ apiVersion: `${group}/v1`, kind, metadata, rules: rulesOf(rights) });
    if (subjects.length === 0) continue;
    documents.push({
      apiVersion: `${group}/v1`,
      kind: `${kind}Binding`,
      metadata,
      roleRef: { apiGroup: group, kind, name },
      subjects: subjects.map((subject) => ({ ...subject, apiGroup: group })),
    });
  }
  return documents.map((document) => stringify(document, { lineWidth: 0, aliasDuplicateObjects: false })).join('---\n');
}

const group = 'rbac.authorization.k8s.io';

/** Rights to kinds of one group with the same verbs are one rule, as people write them. */
function rulesOf(rights: readonly NeededRight[]): readonly object[] {
  const alike = Map.groupBy(rights, (right) => `${right.group} ${[...right.verbs].sort().join(' ')}`);
  return [...alike.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const resources = same.map(({ plural, subresource }) => (subresource === '' ? plural : `${plural}/${subresource}`));
    return [{ apiGroups: [first.group], resources: [...new Set(resources)].sort(), verbs: first.verbs }];
  });
}
