import { list, record } from '../../model/objects/raw.ts';
import type { RawObject } from '../../model/objects/row.ts';
import type { ObjectRef } from '../../model/ref.ts';
import type { Snapshot } from '../../model/snapshot.ts';

/** A policy that lets its pods ask kube-dns, and what else of DNS its namespace's policies mention. */
export type DnsPolicy = {
  object: ObjectRef;
  /** Some egress rule of its namespace (or of the whole cluster) mentions this text. */
  mentions(text: RegExp): boolean;
};

/** Policies with an egress rule for port 53 that names kube-dns. By what is written: what else they allow is not asked. */
export function dnsPolicies({ tables }: Snapshot): readonly DnsPolicy[] {
  const all = [
    ...written('NetworkPolicy', tables.networkPolicies.rows.values()),
    ...written('CiliumNetworkPolicy', tables.ciliumNetworkPolicies.rows.values()),
    ...written('CiliumClusterwideNetworkPolicy', tables.ciliumClusterwideNetworkPolicies.rows.values()),
  ];
  const byNamespace = Map.groupBy(all, ({ namespace }) => namespace);
  return all
    .filter(({ rules }) => rules.some((rule) => rule.includes('kube-dns') && /"port":"?53"?[,}]/.test(rule)))
    .map(({ object, namespace }) => {
      const near = [...(byNamespace.get(namespace) ?? []), ...(byNamespace.get('') ?? [])];
      return { object, mentions: (text) => near.some(({ rules }) => rules.some((rule) => text.test(rule))) };
    });
}

type Row = { namespace: string; name: string; body: RawObject };

function written(kind: string, rows: Iterable<Row>) {
  return [...rows].map(({ namespace, name, body }) => ({
    object: namespace === '' ? { kind, name } : { kind, namespace, name },
    namespace,
    rules: [body['spec'], ...list(body['specs'])].flatMap((spec) =>
      list(record(spec)['egress']).map((rule) => JSON.stringify(rule)),
    ),
  }));
}
