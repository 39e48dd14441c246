import { expect, test } from 'vitest';
import type { Deployment } from '../../../src/simulator/world/shapes.ts';
import { aWorld, broken } from './fixture.ts';

test('within ten minutes pods come and go in several namespaces and a few Deployments roll to new versions', () => {
  const it = aWorld({ nodes: 8, pods: 320, churn: 3 });
  const images = () =>
    new Map(
      (it.store.list('Deployment') as Deployment[]).map(({ metadata, spec }) => [
        `${metadata.namespace}/${metadata.name}`,
        spec.template.spec.containers[0]?.image,
      ]),
    );
  const before = images();
  const busy = new Set<string>();
  let changes = 0;
  it.store.subscribe((event) => {
    if (event.resource.kind !== 'CiliumEndpoint' || event.type === 'MODIFIED') return;
    changes++;
    busy.add(event.key.split('/')[0] ?? '');
  });
  it.world.advance(600_000);
  const released = [...images()].filter(([key, image]) => before.get(key) !== image).map(([key]) => key);
  expect(busy.size).toBeGreaterThanOrEqual(4);
  expect(released.length).toBeGreaterThanOrEqual(3);
  expect(released.length).toBeLessThanOrEqual(10);
  // Releases are part of the churn, not on top of it.
  expect(changes).toBeGreaterThan(600 * 3 * 0.8);
  expect(changes).toBeLessThan(600 * 3 * 1.2);
  it.world.options.churn = 0;
  it.world.advance(60_000);
  expect(broken(it)).toEqual([]);
  const running = it.pods().map(({ metadata, spec }) => `${metadata.namespace} ${spec.containers[0]?.image}`);
  for (const key of released) expect(running).toContain(`${key.split('/')[0]} ${images().get(key)}`);
});
