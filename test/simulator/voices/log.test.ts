import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/simulator/cluster.ts';
import { endpoint, now, type SmallCluster, smallCluster } from './small-cluster.ts';

async function lines(cluster: SmallCluster, pod: KubeObject, container: string, previous = false): Promise<string[]> {
  const log = cluster.voices.log(pod, container, { previous, follow: false, signal: new AbortController().signal });
  const out: string[] = [];
  let at = 0;
  for await (const line of log ?? []) {
    expect(line.at).toBeGreaterThanOrEqual(at);
    expect(line.at).toBeLessThanOrEqual(cluster.clock.now);
    at = line.at;
    out.push(line.line);
  }
  return out;
}

describe('a container’s log', () => {
  it('of an agent tells its start and the endpoints that exist, in slog’s form', async () => {
    const cluster = smallCluster();
    const log = await lines(cluster, cluster.pod('kube-system', 'cilium-aaaaa'), 'cilium-agent');
    expect(log[0]).toMatch(/^time=2026-11-22T01:00:00\.\d{9}Z level=info msg="/);
    expect(log.join('\n')).toContain('k8s mode: Allowing localhost to reach local endpoints');
    const created = log.find((line) => line.includes('Successful endpoint creation'));
    expect(created).toContain('ciliumEndpointName=shop/client endpointID=100 identity=1001 ipv4=10.244.0.5');
    expect(log.join('\n')).not.toContain('shop/db');
  });

  it('of an older agent is written as logrus writes', async () => {
    const cluster = smallCluster();
    const pod = cluster.pod('kube-system', 'cilium-aaaaa');
    const spec = pod.spec as { containers: { image: string }[] };
    for (const container of spec.containers) container.image = 'cilium:v1.16.6';
    const [first] = await lines(cluster, pod, 'cilium-agent');
    expect(first).toMatch(/^time="[^"]+" level=info msg=".*" subsys=agent$/);
  });

  it('of a crashing init container ends with its last words, with and without --previous', async () => {
    const cluster = smallCluster();
    const pod = cluster.pod('kube-system', 'cilium-bbbbb');
    expect((await lines(cluster, pod, 'mount-bpf-fs')).at(-1)).toBe('mount: permission denied');
    expect((await lines(cluster, pod, 'mount-bpf-fs', true)).at(-1)).toBe('mount: permission denied');
  });

  it.each([
    ['cilium-aaaaa', 'no-such-container', false],
    ['cilium-aaaaa', 'cilium-agent', true],
    ['cilium-bbbbb', 'cilium-agent', false],
  ])('is none for %s %s (previous %s)', (name, container, previous) => {
    const cluster = smallCluster();
    const pod = cluster.pod('kube-system', name);
    const options = { previous, follow: false, signal: new AbortController().signal };
    expect(cluster.voices.log(pod, container, options)).toBeUndefined();
  });

  it('says the same twice', async () => {
    const cluster = smallCluster();
    const pod = cluster.pod('kube-system', 'cilium-aaaaa');
    expect(await lines(cluster, pod, 'cilium-agent')).toEqual(await lines(cluster, pod, 'cilium-agent'));
  });

  it('followed, tells of a new endpoint as it comes and ends with the pod', async () => {
    const cluster = smallCluster();
    const pod = cluster.pod('kube-system', 'cilium-aaaaa');
    const log = cluster.voices.log(pod, 'cilium-agent', {
      previous: false,
      follow: true,
      signal: new AbortController().signal,
    });
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { line } of log ?? []) {
        seen.push(line);
        if (line.includes('Daemon initialization completed')) {
          for (const object of endpoint('late', 'node-1', '10.0.0.1', '10.244.0.9', 101, 1001, 0))
            cluster.store.create(object, 'test');
        }
        if (line.includes('ciliumEndpointName=shop/late') && line.includes('Successful')) {
          cluster.store.remove('Pod', 'kube-system', 'cilium-aaaaa');
        }
      }
    })();
    await reading;
    expect(seen.join('\n')).toContain('endpointID=101');
    expect(now).toBe(cluster.clock.now);
  });
});
