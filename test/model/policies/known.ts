import type { KnownPolicies } from '../../../src/model/policies/known-policies.ts';
import { objectKey } from '../../../src/model/policies/read-facts.ts';
import { objectsOf, type Setting, shop } from './shop.ts';

/** The shop with these policies, as reports know it. */
export function knownShop(policies: string, setting: Setting = {}, edits: KnownPolicies['edits'] = []): KnownPolicies {
  const raws = new Map(objectsOf(policies).map((raw) => [objectKey(raw), raw]));
  return {
    engine: shop(policies, setting),
    edits,
    unread: [],
    written: ({ kind, namespace, name }) => raws.get(objectKey({ kind, metadata: { namespace, name } })),
  };
}
