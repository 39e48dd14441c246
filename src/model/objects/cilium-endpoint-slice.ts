import type { Intern } from '../intern.ts';
import type { Table } from '../table.ts';
import { firstAddress } from './cilium-endpoint.ts';
import { count, edits, head, list, record, text } from './raw.ts';
import type { RawObject, Row } from './row.ts';

export type SliceEntry = { name: string; identity: number; ip: string; ip6: string; nodeIP: string };

export type CiliumEndpointSliceRow = Row & {
  /** The pods' namespace (the slice itself is cluster-scoped). */
  endpointNamespace: string;
  endpoints: readonly SliceEntry[];
  /** Time of the newest managedFields entry, else creation. */
  changed: number;
  /** Who wrote it last, by managedFields. */
  manager: string;
};

/** The slices that hold an entry of this pod; more than one is a duplicate. */
export function slicesOf(
  slices: Table<CiliumEndpointSliceRow>,
  namespace: string,
  pod: string,
): readonly CiliumEndpointSliceRow[] {
  return slices.by('owner', pod).filter((slice) => slice.endpointNamespace === namespace);
}

/** The fields sit at the top level: this kind has no spec. */
export function projectCiliumEndpointSlice(raw: RawObject, intern: Intern): CiliumEndpointSliceRow {
  const row = head(raw, intern.line);
  const newest = edits(record(raw.metadata)).at(-1);
  return {
    ...row,
    endpointNamespace: intern.line(raw.namespace),
    endpoints: list(raw.endpoints, 5_000).map((one) => projectEntry(record(one), intern)),
    changed: newest?.at ?? row.created,
    manager: intern.line(newest?.manager ?? ''),
  };
}

function projectEntry(raw: RawObject, intern: Intern): SliceEntry {
  const networking = record(raw.networking);
  const address = firstAddress(networking.addressing);
  return {
    name: text(raw.name),
    identity: count(raw.id),
    ip: address.ip,
    ip6: address.ip6,
    nodeIP: intern.line(networking.node),
  };
}
