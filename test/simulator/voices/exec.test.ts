import { describe, expect, it } from 'vitest';
import { policy, type SmallCluster, smallCluster } from './small-cluster.ts';

type Out = { code: number; stdout: string; stderr: string };

async function run(cluster: SmallCluster, words: string, pod = 'cilium-aaaaa'): Promise<Out> {
  const session = cluster.voices.exec(cluster.pod('kube-system', pod), 'cilium-agent', words.split(' '));
  if (session === undefined) throw new Error('the container does not run');
  const out: Out = { code: 0, stdout: '', stderr: '' };
  out.code = await session.run((channel, text) => {
    out[channel] += text;
  }, AbortSignal.timeout(500));
  return out;
}

const json = async (cluster: SmallCluster, words: string) => JSON.parse((await run(cluster, words)).stdout);

describe('a command in an agent', () => {
  it.each([
    [
      'cilium-dbg status -o json',
      { kubernetes: { state: 'Ok' }, ipam: { status: 'delegated to plugin' }, cluster: { self: 'node-1' } },
    ],
    ['cilium status -o json', { 'kube-proxy-replacement': { mode: 'True' } }],
    [
      'cilium-dbg endpoint list -o json',
      [
        {
          id: 100,
          status: { state: 'ready', identity: { id: 1001 }, policy: { realized: { 'policy-enabled': 'none' } } },
        },
      ],
    ],
    ['cilium-dbg endpoint get 100 -o json', [{ id: 100 }]],
    ['cilium-dbg endpoint health 100 -o json', { overallHealth: 'OK', connected: true }],
    ['cilium-dbg identity list --output=json', [{ id: 1, labels: ['reserved:host'] }]],
    [
      'cilium-dbg node list -o json',
      [{ name: 'node-1', 'primary-address': { ipv4: { ip: '10.0.0.1' } } }, { name: 'node-2' }],
    ],
    [
      'cilium-dbg bpf policy get 100 -o json',
      [{ Key: { TrafficDirection: 0, Identity: 0 } }, { Key: { TrafficDirection: 1, Identity: 0 } }],
    ],
    ['cilium-dbg encrypt status -o json', { mode: 'Disabled' }],
    ['cilium-dbg fqdn cache list -o json', []],
    ['cilium-dbg service list -o json', []],
    ['cilium-health status -o json', { local: { name: 'node-1' } }],
  ])('%s', async (words, expected) => {
    const answer = await json(smallCluster(), words);
    if (Array.isArray(expected)) expect(answer.slice(0, expected.length)).toMatchObject(expected);
    else expect(answer).toMatchObject(expected);
  });

  it('knows other nodes’ endpoints from the slices, with what is wrong in them', async () => {
    const cache = await json(smallCluster(), 'cilium-dbg bpf ipcache list -o json');
    expect(cache['10.244.0.5/32'][0]).toMatch(/^identity=1001 .*tunnelendpoint=0\.0\.0\.0/);
    expect(cache['10.244.1.6/32'][0]).toMatch(/^identity=2001 .*tunnelendpoint=10\.0\.0\.2/);
  });

  it('status --brief is OK, and an error where the agent has lost the API server', async () => {
    const cluster = smallCluster();
    expect(await run(cluster, 'cilium-dbg status --brief')).toMatchObject({ code: 0, stdout: 'OK\n' });
    const pod = cluster.pod('kube-system', 'cilium-aaaaa');
    (pod.status as { containerStatuses: { ready: boolean }[] }).containerStatuses.forEach((status) => {
      status.ready = false;
    });
    cluster.store.update(pod, 'kubelet', 'status');
    expect(await run(cluster, 'cilium-dbg status --brief')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('k8s api-server'),
    });
  });

  it('policy get carries its rules as a string of JSON', async () => {
    const cluster = smallCluster();
    cluster.store.create(
      policy('only-client', { endpointSelector: { matchLabels: { app: 'db' } }, ingress: [{}] }),
      'test',
    );
    const { policy: text, revision } = await json(cluster, 'cilium-dbg policy get -o json');
    expect(JSON.parse(text)[0].labels[1]).toMatchObject({ value: 'only-client' });
    expect(revision).toBeGreaterThan(1);
  });

  it('drops what one policy was written to let in and another now stops', async () => {
    const cluster = smallCluster();
    const clients = policy('db-clients', {
      endpointSelector: { matchLabels: { app: 'db' } },
      ingress: [
        {
          fromEndpoints: [{ matchLabels: { app: 'client' } }],
          toPorts: [{ ports: [{ port: '5432', protocol: 'TCP' }] }],
        },
      ],
    });
    cluster.store.create(clients, 'test');
    const drops = async () =>
      (await json(cluster, 'cilium-dbg metrics list -o json -p drop_count')).filter(
        (each: { labels: { reason: string } }) => each.labels.reason === 'Policy denied',
      );
    expect(await drops()).toEqual([]);
    cluster.store.create(
      policy('deny-all', { endpointSelector: { matchLabels: { app: 'client' } }, egress: [{}] }),
      'test',
    );
    expect(await drops()).toMatchObject([{ labels: { direction: 'EGRESS' }, value: 300 }]);
    const { stdout } = await run(cluster, 'cilium-dbg monitor --type drop -j');
    const [first] = stdout.split('\n').filter((line) => line.startsWith('{'));
    expect(JSON.parse(first ?? '')).toMatchObject({
      reason: 'Policy denied',
      source: 100,
      srcLabel: 1001,
      dstLabel: 2002,
      summary: { l4: { dst: '5432' } },
    });
  });

  it.each([
    ['sh', 'exec: "sh": executable file not found in $PATH'],
    ['/bin/bash', 'exec: "/bin/bash": stat /bin/bash: no such file or directory'],
  ])('%s is not in the image', (word, error) => {
    const cluster = smallCluster();
    expect(cluster.voices.exec(cluster.pod('kube-system', 'cilium-aaaaa'), 'cilium-agent', [word])?.error).toBe(error);
  });

  it('is not run where the container does not run', () => {
    const cluster = smallCluster();
    expect(
      cluster.voices.exec(cluster.pod('kube-system', 'cilium-bbbbb'), 'cilium-agent', ['cilium-dbg', 'status']),
    ).toBeUndefined();
  });

  it('that does not exist is refused as the program refuses it', async () => {
    const out = await run(smallCluster(), 'cilium-dbg frobnicate');
    expect(out).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('unknown command "frobnicate" for "cilium-dbg"'),
    });
  });
});

describe('metrics', () => {
  it('are exposed by the agent with one TYPE line per name', () => {
    const cluster = smallCluster();
    const text = cluster.voices.metrics(cluster.pod('kube-system', 'cilium-aaaaa'), 9962) ?? '';
    expect(text).toContain('# TYPE cilium_endpoint gauge\ncilium_endpoint 1\n');
    expect(text).toContain('cilium_endpoint_state{endpoint_state="ready"} 1\n');
    const names = text
      .split('\n')
      .filter((line) => line.startsWith('# TYPE'))
      .map((line) => line.split(' ')[2]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('are not to be had on other ports or of an agent that does not run', () => {
    const cluster = smallCluster();
    expect(cluster.voices.metrics(cluster.pod('kube-system', 'cilium-aaaaa'), 8080)).toBeUndefined();
    expect(cluster.voices.metrics(cluster.pod('kube-system', 'cilium-bbbbb'), 9962)).toBeUndefined();
  });
});
