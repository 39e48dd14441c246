import { kinds } from './kinds.ts';
import { record, text } from './objects/raw.ts';
import type { RawObject } from './objects/row.ts';
import type { PolicyRef } from './policies/rule.ts';
import type { Right } from './right.ts';
import type { ApiKind } from './writes.ts';

type Changeable = { group: string; versions: readonly string[]; plural: string; kind: string; namespaced: boolean };

/** The kinds of policies, which are watched: what the write window asks our rights for. */
export const policyKinds: readonly Changeable[] = [
  kinds.networkPolicies,
  kinds.ciliumNetworkPolicies,
  kinds.ciliumClusterwideNetworkPolicies,
];

/** What changing one of these takes. Those of namespaces may be allowed in some of them. */
export function policyRights<V extends Right['verb']>(...verbs: readonly V[]): readonly (Right & { verb: V })[] {
  return policyKinds.flatMap(({ group, plural, namespaced }) =>
    verbs.map((verb) => ({ verb, group, plural, ...(namespaced ? {} : { namespace: '' }) })),
  );
}

const changeable: readonly Changeable[] = [...policyKinds, kinds.ciliumCidrGroups];

/** Enough of a policy to say where it is. */
export function bareObject({ kind, namespace, name }: PolicyRef): RawObject {
  const apiVersion = kind === 'NetworkPolicy' ? 'networking.k8s.io/v1' : 'cilium.io/v2';
  return { apiVersion, kind, metadata: namespace === '' ? { name } : { namespace, name } };
}

/** Where the server has an object that may be changed, and under which name; undefined for any other kind or version. */
export function placeOf(object: RawObject): { resource: ApiKind; namespace: string; name: string } | undefined {
  const [group = '', version = ''] = text(object.apiVersion).split('/');
  const found = changeable.find((one) => one.group === group && one.kind === object.kind);
  if (found === undefined || !found.versions.includes(version)) return undefined;
  const metadata = record(object.metadata);
  const { plural, kind, namespaced } = found;
  return {
    resource: { group, version, plural, kind },
    // As kubectl has it where no namespace is written.
    namespace: namespaced ? text(metadata.namespace) || 'default' : '',
    name: text(metadata.name),
  };
}
