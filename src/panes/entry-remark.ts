import type { CiliumEndpointSliceRow, SliceEntry } from '../model/objects/cilium-endpoint-slice.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** How an entry of a slice differs from the endpoint it was copied from, '' when it does not. Means nothing while endpoints are not live. */
export function entryRemark(snapshot: Snapshot, slice: CiliumEndpointSliceRow, entry: SliceEntry): string {
  const endpoint = snapshot.tables.ciliumEndpoints.named(slice.endpointNamespace, entry.name);
  if (endpoint === undefined) return 'no such endpoint: stale';
  if (endpoint.identity !== entry.identity) return `endpoint has identity ${endpoint.identity || 'none'}`;
  if (endpoint.ip !== entry.ip) return `endpoint has address ${endpoint.ip || 'none'}`;
  if (endpoint.nodeIP !== entry.nodeIP) return `endpoint is on ${endpoint.nodeIP || 'no node'}`;
  return '';
}
