import type { Row } from './row.ts';

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
