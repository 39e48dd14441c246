// Which endpoints are closed but for what policies allow: their status.policy, which follows the policies of the cluster.
import { type Subject, subjectsOf } from '../../voices/policy-entries.ts';
import type { Core } from '../core.ts';
import type { Identity } from './identities.ts';

const POLICIES = new Set(['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy']);

type Direction = { enforcing: boolean; state: 'enforcing' | 'disabled' };
export type EndpointPolicy = { egress: Direction; ingress: Direction };

export type Enforcement = {
  /** status.policy of the endpoints of a namespace that have this identity. */
  of(namespace: string, identity: Identity): EndpointPolicy;
};

/** `changed` is told when the policies of a namespace became others; undefined: those of the whole cluster. */
export function createEnforcement(core: Core, changed: (namespace: string | undefined) => void): Enforcement {
  /** By namespace, '' for clusterwide policies; then by kind and name. */
  const known = new Map<string, Map<string, readonly Subject[]>>();

  core.listen((event) => {
    if (!POLICIES.has(event.resource.kind)) return;
    const { resource, object, type, previous } = event;
    if (previous !== undefined && previous.metadata.generation === object.metadata.generation) return;
    const { namespace, name } = object.metadata;
    const here = known.get(namespace ?? '') ?? new Map<string, readonly Subject[]>();
    known.set(namespace ?? '', here);
    if (type === 'DELETED') here.delete(`${resource.kind} ${name}`);
    else here.set(`${resource.kind} ${name}`, subjectsOf(object));
    changed(namespace);
  });

  return {
    of(namespace, identity) {
      const labels = Object.fromEntries(
        identity.labels.map((label) => {
          const at = label.indexOf('=');
          return [label.slice(0, at), label.slice(at + 1)];
        }),
      );
      const selecting = [namespace, '']
        .flatMap((home) => [...(known.get(home)?.values() ?? [])].flat())
        .filter((subject) => subject.selects(labels));
      const direction = (name: 'Ingress' | 'Egress'): Direction =>
        selecting.some(({ directions }) => directions.includes(name))
          ? { enforcing: true, state: 'enforcing' }
          : { enforcing: false, state: 'disabled' };
      return { egress: direction('Egress'), ingress: direction('Ingress') };
    },
  };
}
