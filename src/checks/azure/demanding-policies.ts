import { list, record } from '../../model/objects/raw.ts';
import type { RawObject } from '../../model/objects/row.ts';
import type { ObjectRef } from '../../model/ref.ts';
import type { Snapshot } from '../../model/snapshot.ts';

/** What a policy asks of the network beyond addresses and ports. */
export type Demand = 'names' | 'layer 7';

/** Policies that go by names (toFQDNs, DNS rules) or look into connections (HTTP, Kafka …), by what is written in them. */
export function demandingPolicies(snapshot: Snapshot): readonly { object: ObjectRef; demands: readonly Demand[] }[] {
  const { ciliumNetworkPolicies, ciliumClusterwideNetworkPolicies } = snapshot.tables;
  return snapshot.memo.same('demanding-policies', [ciliumNetworkPolicies, ciliumClusterwideNetworkPolicies], '', () => [
    ...policiesOf('CiliumNetworkPolicy', [...ciliumNetworkPolicies.rows.values()]),
    ...policiesOf('CiliumClusterwideNetworkPolicy', [...ciliumClusterwideNetworkPolicies.rows.values()]),
  ]);
}

type Written = { namespace: string; name: string; body: RawObject };

function policiesOf(kind: string, rows: readonly Written[]) {
  return rows
    .map(({ namespace, name, body }) => ({
      object: namespace === '' ? { kind, name } : { kind, namespace, name },
      demands: demandsOf(body),
    }))
    .filter(({ demands }) => demands.length > 0);
}

function demandsOf(body: RawObject): readonly Demand[] {
  const rules = [body['spec'], ...list(body['specs'])]
    .map(record)
    .flatMap((spec) => [...list(spec['egress']), ...list(spec['ingress'])].map(record));
  const l7 = rules.flatMap((rule) => list(rule['toPorts']).map((port) => record(record(port)['rules'])));
  const names = rules.some((rule) => list(rule['toFQDNs']).length > 0) || l7.some((one) => one['dns'] !== undefined);
  const deeper = l7.some((one) => DEEPER.some((key) => one[key] !== undefined));
  return [...(names ? (['names'] as const) : []), ...(deeper ? (['layer 7'] as const) : [])];
}

const DEEPER = ['http', 'kafka', 'l7', 'l7proto'];
