import { slicesOf } from '../objects/cilium-endpoint-slice.ts';
import { refText } from '../ref.ts';
import type { Snapshot } from '../snapshot.ts';
import type { IntendedPod } from './intended.ts';
import type { Difference } from './truth.ts';

/** The tier that needs no command: pod, CiliumEndpoint, slice and identity of each pod, as the API server has them. */
export function compareObjects(snapshot: Snapshot, pods: readonly IntendedPod[], sliced: boolean): Difference[] {
  return pods.flatMap((one) => compareOne(snapshot, one, sliced));
}

function compareOne({ tables }: Snapshot, { pod, endpoint }: IntendedPod, sliced: boolean): Difference[] {
  const object = { kind: 'Pod', namespace: pod.namespace, name: pod.name };
  const own = refText(object);
  const differs = (key: string, intended: [string, string], realised: [string, string]): Difference => ({
    ...{ type: 'objects', aspect: 'objects', node: '', object, key },
    intended: { text: intended[0], source: intended[1] },
    realised: { text: realised[0], source: realised[1] },
  });
  if (endpoint === undefined) {
    return [differs('endpoint', [`it runs with address ${pod.ip}`, own], ['there is none', 'CiliumEndpoint'])];
  }
  const source = refText({ ...object, kind: 'CiliumEndpoint' });
  const found: Difference[] = [];
  if (endpoint.complete && endpoint.ip !== pod.ip && endpoint.ip6 !== pod.ip) {
    found.push(differs('address', [`address ${pod.ip}`, own], [`address ${endpoint.ip || endpoint.ip6}`, source]));
  }
  if (endpoint.identity >= 256 && tables.ciliumIdentities.named('', String(endpoint.identity)) === undefined) {
    found.push(
      differs(
        'identity',
        [`identity ${endpoint.identity}`, source],
        ['there is none of that number', 'CiliumIdentity'],
      ),
    );
  }
  if (!sliced || !endpoint.complete) return found;
  const entries = slicesOf(tables.ciliumEndpointSlices, pod.namespace, pod.name).flatMap((slice) =>
    slice.endpoints.filter(({ name }) => name === pod.name).map((entry) => ({ slice: slice.name, entry })),
  );
  if (entries.length === 0) {
    found.push(
      differs(
        'slice',
        [`${endpoint.ip} has identity ${endpoint.identity}`, source],
        ['in none', 'CiliumEndpointSlices'],
      ),
    );
  }
  for (const { slice, entry } of entries) {
    if (entry.identity === endpoint.identity && entry.ip === endpoint.ip) continue;
    const intended = `${endpoint.ip} has identity ${endpoint.identity}`;
    const realised = `${entry.ip} has identity ${entry.identity}`;
    found.push(differs(`slice ${slice}`, [intended, source], [realised, `CiliumEndpointSlice ${slice}`]));
  }
  return found;
}
