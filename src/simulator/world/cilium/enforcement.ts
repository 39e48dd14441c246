// Which endpoints are closed but for what policies allow: their status.policy, which follows the policies of the cluster.
import type { RawObject } from '../../../model/objects/row.ts';
import { readFacts } from '../../../model/policies/read-facts.ts';
import type { Direction, Spec } from '../../../model/policies/rule.ts';
import { matchSelector } from '../../../model/policies/selector.ts';
import type { Core } from '../core.ts';
import type { Identity } from './identities.ts';

const POLICIES = new Set(['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy']);

type Enforced = { enforcing: boolean; state: 'enforcing' | 'disabled' };
export type EndpointPolicy = { egress: Enforced; ingress: Enforced };

export type Enforcement = {
  /** status.policy of the endpoints of a namespace that have this identity. */
  of(namespace: string, identity: Identity): EndpointPolicy;
};

/** `changed` is told when the policies of a namespace became others; undefined: those of the whole cluster. */
export function createEnforcement(core: Core, changed: (namespace: string | undefined) => void): Enforcement {
  /** By namespace, '' for clusterwide policies; then by kind and name. */
  const known = new Map<string, Map<string, readonly Spec[]>>();

  core.listen((event) => {
    if (!POLICIES.has(event.resource.kind)) return;
    const { resource, object, type, previous } = event;
    if (previous !== undefined && previous.metadata.generation === object.metadata.generation) return;
    const { namespace, name } = object.metadata;
    const here = known.get(namespace ?? '') ?? new Map<string, readonly Spec[]>();
    known.set(namespace ?? '', here);
    if (type === 'DELETED') here.delete(`${resource.kind} ${name}`);
    else here.set(`${resource.kind} ${name}`, specsOf(object as RawObject));
    changed(namespace);
  });

  return {
    of(namespace, identity) {
      const of = new Map(
        identity.labels.map((label): [string, string] => {
          const at = label.indexOf('=');
          return [label.slice(0, at), label.slice(at + 1)];
        }),
      );
      const selecting = [namespace, '']
        .flatMap((home) => [...(known.get(home)?.values() ?? [])].flat())
        .filter(({ subject }) => subject.type === 'pods' && isSelected(subject.selector, of));
      const enforced = (direction: Direction): Enforced =>
        selecting.some(({ rules }) => rules.some((rule) => rule.defaultDeny && rule.direction === direction))
          ? { enforcing: true, state: 'enforcing' }
          : { enforcing: false, state: 'disabled' };
      return { egress: enforced('egress'), ingress: enforced('ingress') };
    },
  };
}

/** None where Cilium would not take it. */
function specsOf(policy: RawObject): readonly Spec[] {
  const { policies } = readFacts([policy], { version: '', dialect: 'cilium' });
  return policies.flatMap(({ specs }) => specs);
}

function isSelected(selector: Spec['subject']['selector'], of: ReadonlyMap<string, string>): boolean {
  return matchSelector(selector, { of, unknownPrefix: '' }) === 'yes';
}
