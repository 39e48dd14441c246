import { invalid } from '../api-error.ts';
import type { KubeObject, ObjectStore } from '../cluster.ts';

type Refusal = { binding: string; refuses: RegExp };

/** AKS binds its policy to these while ACNS does not carry such rules (Azure/AKS#4663). */
const refusals: readonly Refusal[] = [
  { binding: 'advanced-networking-cilium-l7-binding', refuses: /"(http|kafka|l7|l7proto)":/ },
  { binding: 'advanced-networking-cilium-fqdn-binding', refuses: /"(toFQDNs|dns)":/ },
];

/** Throws ApiError (422) where an admission policy that is bound here refuses the object. */
export function admit(store: ObjectStore, object: KubeObject): void {
  if (!/^Cilium(Clusterwide)?NetworkPolicy$/.test(object.kind)) return;
  const text = JSON.stringify([object['spec'], object['specs']]);
  for (const { binding, refuses } of refusals) {
    const bound = store.get('ValidatingAdmissionPolicyBinding', '', binding);
    if (bound === undefined || !refuses.test(text)) continue;
    const { policyName = '' } = (bound['spec'] ?? {}) as { policyName?: string };
    const message = `ValidatingAdmissionPolicy '${policyName}' with binding '${binding}' denied request: failed expression: !has(object.spec) || object.spec.all(rule, !has(rule.toPorts) || rule.toPorts.all(port, !has(port.rules)))`;
    throw invalid(object.kind, 'cilium.io', object.metadata.name, [
      { reason: 'FieldValueInvalid', message, field: '' },
    ]);
  }
}
