// How far the operator is behind with its slices, read off the objects as anyone else would: endpoints in no slice.
import { ciliumConfig, listOf, type Scene } from './scene.ts';
import { type Endpoint, type Slice, timeOf } from './shapes.ts';

/** Endpoints that are in no slice, and the age of the oldest of them in seconds. */
export function backlog(scene: Scene): { waiting: number; oldestSeconds: number } {
  // Reading every endpoint is too dear at 100,000; there the youngest namespace tells nothing more than the whole.
  if (scene.store.resources().every((resource) => resource.kind !== 'CiliumEndpointSlice'))
    return { waiting: 0, oldestSeconds: 0 };
  if (scene.store.count('CiliumEndpoint') > 20_000) return { waiting: 0, oldestSeconds: 0 };
  const sliced = new Set<string>();
  for (const slice of listOf<Slice>(scene, 'CiliumEndpointSlice')) {
    for (const endpoint of slice.endpoints ?? []) sliced.add(`${slice.namespace}/${endpoint.name}`);
  }
  // What it lost track of is not in its queue: it believes those slices are as they should be.
  const lost = scene.causes.now().sliceDrift ? scene.causes.since('sliceDrift') : 0;
  let waiting = 0;
  let oldest = scene.now();
  for (const endpoint of listOf<Endpoint>(scene, 'CiliumEndpoint')) {
    if (endpoint.status?.identity?.id === undefined || endpoint.status.networking === undefined) continue;
    if (sliced.has(`${endpoint.metadata.namespace}/${endpoint.metadata.name}`)) continue;
    const created = timeOf(endpoint.metadata.creationTimestamp);
    if (created < lost) continue;
    waiting++;
    oldest = Math.min(oldest, created);
  }
  return { waiting, oldestSeconds: waiting === 0 ? 0 : Math.max(0, Math.round((scene.now() - oldest) / 1000)) };
}

/** Slice writes a second the operator may make, of `ces-rate-limits`; never more than 50 and 100. */
export function writeLimit(scene: Scene): { limit: number; burst: number } {
  const fallback = { limit: 10, burst: 20 };
  try {
    const steps: unknown = JSON.parse(ciliumConfig(scene)['ces-rate-limits'] ?? '[]');
    if (!Array.isArray(steps)) return fallback;
    const nodes = scene.store.count('Node');
    const step = (steps as { nodes: number; limit: number; burst: number }[])
      .filter((each) => each.nodes <= nodes)
      .sort((a, b) => b.nodes - a.nodes)[0];
    return step === undefined ? fallback : { limit: Math.min(50, step.limit), burst: Math.min(100, step.burst) };
  } catch {
    return fallback;
  }
}
