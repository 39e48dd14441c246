import { list, record } from '../model/objects/raw.ts';
import type { PolicyRef } from '../model/policies/rule.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** Policies as they are written, with rules that a proxy for HTTP looks into. */
export function httpPolicies({ tables }: Snapshot): readonly PolicyRef[] {
  return [...tables.ciliumNetworkPolicies.rows.values()]
    .filter(({ body }) => [body['spec'], ...list(body['specs'])].some(looksIntoHttp))
    .map(({ namespace, name }) => ({ kind: 'CiliumNetworkPolicy', namespace, name }));
}

function looksIntoHttp(spec: unknown): boolean {
  const { ingress, egress } = record(spec);
  return [...list(ingress), ...list(egress)]
    .flatMap((rule) => list(record(rule)['toPorts']))
    .some((item) => record(record(item)['rules'])['http'] !== undefined);
}

/** `, acns-security-agent 12 of 12 ready`; '' where there is none. */
export function agentsOfAcns({ tables }: Snapshot): string {
  const row = tables.daemonSets.named('kube-system', 'acns-security-agent');
  return row === undefined ? '' : `, acns-security-agent ${row.ready} of ${row.desired} ready`;
}
