import type { RawObject } from '../../../model/objects/row.ts';
import { readFacts } from '../../../model/policies/read-facts.ts';
import type { KubeObject } from '../../cluster.ts';

/** What Cilium says against a policy, '' where it takes it; `config` is ConfigMap cilium-config. */
export function rejectionOf(policy: KubeObject, config: KubeObject | undefined): string {
  const objects = [policy, ...(config === undefined ? [] : [config])] as readonly RawObject[];
  const { policies } = readFacts(objects, { version: '', dialect: 'cilium' });
  const [reason] = policies.flatMap(({ rejected }) => rejected);
  return reason === undefined ? '' : rejectionText(policy.kind, reason);
}

/** Cilium does not say where in the policy: `reason` begins with its path. */
export function rejectionText(kind: string, reason: string): string {
  const [, ...words] = reason.split(': ');
  const text = words.join(': ');
  return kind === 'NetworkPolicy' ? text : `Invalid ${kind} spec: ${text}`;
}
