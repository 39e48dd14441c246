import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../src/simulator/cluster.ts';
import { faults } from '../../../src/simulator/faults/index.ts';
import type { CiliumEndpoint, CiliumEndpointSlice, Deployment, Pod } from '../../../src/simulator/world/shapes.ts';
import { aWorld, broken } from './fixture.ts';

const TAINT = 'node.cilium.io/agent-not-ready';
type Lease = KubeObject & { spec: { holderIdentity: string; renewTime: string; leaseTransitions: number } };
type Counts = { desiredNumberScheduled: number };
const lease = (store: ReturnType<typeof aWorld>['store']) =>
  store.get('Lease', 'kube-system', 'cilium-operator-resource-lock') as Lease;

describe('a cluster at rest', () => {
  test('is settled from the first moment and stays as it is', () => {
    const it = aWorld({ nodes: 6, pods: 150, acns: true });
    expect(broken(it)).toEqual([]);
    const before = it.store.version;
    const written: string[] = [];
    const off = it.store.subscribe((event) => void written.push(event.resource.kind));
    it.world.advance(60_000);
    off();
    expect(it.store.version).toBeGreaterThan(before);
    expect(new Set(written)).toEqual(new Set(['Lease']));
  });

  test('has the pods that were asked for, and an endpoint for each', () => {
    const it = aWorld({ nodes: 20, pods: 500 });
    const applications = it.pods().filter((pod) => pod.metadata.namespace !== 'kube-system');
    expect(applications.filter((pod) => pod.status.phase === 'Running')).toHaveLength(500);
    expect(it.agents()).toHaveLength(20);
    expect(it.operators()).toHaveLength(2);
  });

  test('is the same for the same seed, and another for another', () => {
    const names = (seed: number) =>
      aWorld({ seed })
        .pods()
        .map((pod) => `${pod.metadata.name} ${pod.metadata.uid} ${pod.status.podIP}`);
    expect(names(7)).toEqual(names(7));
    expect(names(7)).not.toEqual(names(8));
  });

  test('one leader renews the lease', () => {
    const it = aWorld();
    const first = lease(it.store).spec;
    it.world.advance(10_000);
    const second = lease(it.store).spec;
    expect(second.holderIdentity).toBe(first.holderIdentity);
    expect(Date.parse(second.renewTime)).toBeGreaterThan(Date.parse(first.renewTime) + 5_000);
  });

  test('without Cilium there is nothing of it', () => {
    const it = aWorld({ mode: 'no-cilium' });
    expect([it.agents(), it.endpoints(), it.slices(), it.operators()]).toEqual([[], [], [], []]);
    expect(it.pods('kube-system').some((pod) => pod.metadata.name.startsWith('kube-proxy-'))).toBe(true);
    it.remove(it.pods('shop')[0] as Pod);
    it.world.advance(30_000);
    expect(it.pods().filter((pod) => pod.status.phase !== 'Running')).toEqual([]);
  });
});

describe('the agent', () => {
  test('comes back by its DaemonSet through its init containers, and its node is tainted meanwhile', () => {
    const it = aWorld();
    const gone = it.agents()[0] as Pod;
    const node = gone.spec.nodeName ?? '';
    it.remove(gone);
    it.until(() => !it.agents().some((pod) => pod.metadata.name === gone.metadata.name));
    const next = () => it.agents().find((pod) => pod.spec.nodeName === node);
    it.until(() => next()?.status.initContainerStatuses?.some((status) => status.state.waiting !== undefined) ?? false);
    it.until(() => it.node(node).spec.taints?.some((taint) => taint.key === TAINT) ?? false);
    const seconds = it.until(() => next()?.status.conditions?.find((one) => one.type === 'Ready')?.status === 'True');
    expect(seconds).toBeGreaterThan(3);
    expect(next()?.status.initContainerStatuses?.map((status) => status.state.terminated?.exitCode)).toEqual([
      0, 0, 0, 0, 0, 0,
    ]);
    it.until(() => !it.node(node).spec.taints?.some((taint) => taint.key === TAINT));
    expect(broken(it)).toEqual([]);
  });

  test('that crashes in an init container backs off, and no pod on its node gets a network', () => {
    const it = aWorld();
    const [one, two] = it.agents() as [Pod, Pod];
    const node = one.spec.nodeName ?? '';
    const fails = [
      {
        namespace: 'kube-system',
        labels: { 'k8s-app': 'cilium' },
        where: { nodes: [node] },
        container: 'mount-bpf-fs',
        exitCode: 32,
        message: 'mount: permission denied',
      },
    ];
    it.world.change({ fails });
    it.world.reboot({ nodes: [node] });
    it.world.advance(10 * 60_000);
    const agent = it.agents().find((pod) => pod.spec.nodeName === node);
    const status = agent?.status.initContainerStatuses?.find((each) => each.name === 'mount-bpf-fs');
    expect(status?.state.waiting?.reason ?? 'running').toMatch(/CrashLoopBackOff|running/);
    expect(status?.lastState.terminated).toMatchObject({ exitCode: 32, message: 'mount: permission denied' });
    expect(status?.restartCount).toBeGreaterThan(4);
    expect(it.node(node).spec.taints?.map((taint) => taint.key)).toContain(TAINT);
    expect(it.node(two.spec.nodeName ?? '').spec.taints).toBeUndefined();
    const messages = it
      .warnings()
      .filter((event) => event['reason'] === 'FailedCreatePodSandBox')
      .map((event) => String(event['message']));
    expect(messages.some((message) => message.includes('unable to connect to Cilium agent'))).toBe(true);
    it.world.change({ fails: [] });
    it.world.advance(12 * 60_000);
    expect(it.node(node).spec.taints).toBeUndefined();
    expect(broken(it)).toEqual([]);
  });

  test('that is not ready has its node tainted until it is', () => {
    const it = aWorld();
    const node = it.agents()[0]?.spec.nodeName ?? '';
    const unready = [
      {
        namespace: 'kube-system',
        labels: { 'k8s-app': 'cilium' },
        where: { nodes: [node] },
        container: 'cilium-agent',
        probe: 'HTTP probe failed with statuscode: 503',
      },
    ];
    it.world.change({ unready });
    it.until(() => it.node(node).spec.taints?.some((taint) => taint.key === TAINT) ?? false);
    // Every probe that fails is told, until the recorder's spam filter has had enough.
    const told = () => Number(it.warnings().find(({ reason }) => reason === 'Unhealthy')?.['count']);
    it.world.advance(5 * 60_000);
    expect(told()).toBeGreaterThanOrEqual(10);
    expect(told()).toBeLessThanOrEqual(12);
    it.world.advance(30 * 60_000);
    expect(told()).toBeLessThanOrEqual(33);
    it.world.change({ unready: [] });
    it.until(() => it.node(node).spec.taints === undefined);
    const last = told();
    it.world.advance(5 * 60_000);
    expect(told()).toBe(last);
  });

  test('leaves a node whose labels its DaemonSet does not want', () => {
    const it = aWorld();
    const node = it.nodes()[2]?.metadata.name ?? '';
    it.edit('Node', '', node, (object) => {
      object.metadata.labels = { ...object.metadata.labels, type: 'virtual-kubelet' };
    });
    it.until(() => !it.agents().some((pod) => pod.spec.nodeName === node));
    const desired = () =>
      ((it.store.get('DaemonSet', 'kube-system', 'cilium') as KubeObject)['status'] as Counts).desiredNumberScheduled;
    it.until(() => desired() === 5);
  });

  test('gives a pod another identity when its labels change', () => {
    const it = aWorld();
    const pod = it.pods('shop')[0] as Pod;
    const key = [pod.metadata.namespace ?? '', pod.metadata.name] as const;
    const identity = () => (it.store.get('CiliumEndpoint', ...key) as CiliumEndpoint).status?.identity?.id;
    const before = identity();
    it.edit('Pod', ...key, (object) => {
      object.metadata.labels = { ...object.metadata.labels, tier: 'gold' };
    });
    it.until(() => identity() !== before);
    it.world.advance(3_000);
    expect(broken(it)).toEqual([]);
  });

  test('does not write an endpoint again that somebody deleted', () => {
    const it = aWorld();
    const victim = it.endpoints()[0] as KubeObject;
    it.remove(victim);
    it.world.advance(20_000);
    const key = `${victim.metadata.namespace}/${victim.metadata.name}`;
    expect(broken(it)).toEqual([`pod without endpoint ${key}`]);
  });
});

describe('definitions that are removed and come back', () => {
  test('what was refused meanwhile is written: the pods born then have their endpoints', () => {
    const it = aWorld();
    const fault = faults.find(({ id }) => id === 'crd-removed');
    const end = fault?.begin?.({ store: it.store } as never, { id: 'crd-removed' });
    expect(it.store.resources().map(({ kind }) => kind)).not.toContain('CiliumEndpoint');
    const old = it.pods('shop').slice(0, 3) as Pod[];
    for (const pod of old) it.remove(pod);
    it.world.advance(60_000);
    expect(it.pods('shop').every(({ metadata }) => old.every((one) => one.metadata.name !== metadata.name))).toBe(true);
    void end?.();
    it.world.advance(60_000);
    expect(broken(it)).toEqual([]);
  });
});

describe('the operator', () => {
  test('writes a deleted slice again under its name', () => {
    const it = aWorld();
    const slice = it.slices()[0] as CiliumEndpointSlice;
    it.remove(slice);
    const seconds = it.until(() => it.slices().some((one) => one.metadata.name === slice.metadata.name), 10);
    expect(seconds).toBeGreaterThanOrEqual(0.5);
    expect(broken(it)).toEqual([]);
  });

  test('leaves a slice edited by hand until it next changes', () => {
    const it = aWorld();
    const slice = it.slices().find((one) => one.namespace === 'shop') as CiliumEndpointSlice;
    it.edit<CiliumEndpointSlice>('CiliumEndpointSlice', '', slice.metadata.name, (object) => {
      for (const entry of object.endpoints.slice(0, 1)) entry.id = 4711;
    });
    it.world.advance(30_000);
    expect(broken(it)).toEqual([`identity of shop/${slice.endpoints[0]?.name}`]);
    it.remove(it.pods('shop').find((pod) => pod.metadata.name === slice.endpoints[1]?.name) as Pod);
    it.world.advance(30_000);
    expect(broken(it)).toEqual([]);
  });

  test('that is deleted hands the lease over; a restarted one puts drift right', () => {
    const it = aWorld();
    const before = lease(it.store).spec;
    it.world.change({ sliceDrift: true });
    it.world.advance(5_000);
    const kinds = broken(it)
      .map((problem) => problem.replace(/\S+\/\S+/, 'POD'))
      .sort();
    const missing = ['POD in 0 slices', 'address of POD', 'identity of POD'];
    expect(kinds).toEqual([...missing, 'POD in 2 slices', 'identity of POD', 'stale POD', 'stale POD'].sort());
    it.remove(it.operators().find((pod) => before.holderIdentity.startsWith(`${pod.spec.nodeName}-`)) as Pod);
    const seconds = it.until(
      () => lease(it.store).spec.holderIdentity !== before.holderIdentity && lease(it.store).spec.holderIdentity !== '',
    );
    expect(seconds).toBeLessThan(10);
    expect(lease(it.store).spec.leaseTransitions).toBe(before.leaseTransitions + 1);
    it.world.advance(30_000);
    expect(broken(it)).toEqual([]);
  });

  test('that is down renews nothing, writes nothing and taints nobody', () => {
    const it = aWorld();
    it.world.change({
      fails: [
        {
          namespace: 'kube-system',
          labels: { 'io.cilium/app': 'operator' },
          container: 'cilium-operator',
          exitCode: 1,
          message: 'no',
        },
      ],
    });
    it.world.advance(20_000);
    const { renewTime } = lease(it.store).spec;
    it.remove(it.pods('shop')[0] as Pod);
    const agent = it.agents()[0] as Pod;
    it.remove(agent);
    it.world.advance(5_000);
    expect(it.node(agent.spec.nodeName ?? '').spec.taints).toBeUndefined();
    it.world.advance(40_000);
    expect(lease(it.store).spec.renewTime).toBe(renewTime);
    expect(broken(it).some((problem) => problem.endsWith('in 0 slices'))).toBe(true);
    it.world.change({ fails: [] });
    it.world.advance(10 * 60_000);
    expect(broken(it)).toEqual([]);
  });

  test('writes as fast as it may', () => {
    const it = aWorld({ pods: 400, nodes: 8, churn: 20 });
    it.world.change({ sliceWritesPerSecond: 0.2 });
    let written = 0;
    const off = it.store.subscribe((event) => {
      if (event.resource.kind === 'CiliumEndpointSlice') written++;
    });
    it.world.advance(60_000);
    off();
    expect(written).toBeGreaterThanOrEqual(10);
    expect(written).toBeLessThanOrEqual(14);
  });
});

test('the API server is behind default/kubernetes, at an address that is no node’s', () => {
  const it = aWorld();
  it.world.advance(60_000);
  const slices = it.store.list('EndpointSlice', 'default');
  expect(slices).toMatchObject([
    {
      metadata: { name: 'kubernetes', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
      ports: [{ name: 'https', port: 443 }],
    },
  ]);
  const endpoints = slices.flatMap((slice) => slice['endpoints'] as { addresses: string[] }[]);
  const [address = ''] = endpoints.flatMap(({ addresses }) => addresses);
  expect(address).not.toBe('');
  expect(JSON.stringify(it.store.list('Node'))).not.toContain(address);
  expect(it.store.get('Service', 'default', 'kubernetes')).toMatchObject({ spec: { clusterIP: '10.0.0.1' } });
});

describe('workloads', () => {
  test('scale up and down, and their services follow', () => {
    const it = aWorld();
    const mine = () =>
      it
        .pods('shop')
        .filter((pod) => pod.metadata.labels?.['app'] === 'web' && pod.metadata.deletionTimestamp === undefined);
    const listed = () =>
      it.store
        .list('EndpointSlice', 'shop')
        .filter((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === 'web')
        .flatMap((slice) => slice['endpoints'] as { conditions: { ready: boolean } }[]);
    for (const replicas of [9, 2, 0, 4]) {
      it.edit<Deployment>('Deployment', 'shop', 'web', (object) => {
        object.spec.replicas = replicas;
      });
      it.until(() => mine().length === replicas);
      it.until(() => listed().length === replicas && listed().every((endpoint) => endpoint.conditions.ready));
    }
    it.world.advance(5_000);
    expect(it.store.get('Deployment', 'shop', 'web')?.['status']).toMatchObject({
      replicas: 4,
      readyReplicas: 4,
      availableReplicas: 4,
    });
    expect(broken(it)).toEqual([]);
  });

  test('roll when their template changes, keeping enough pods available', () => {
    const it = aWorld();
    const size = (it.store.get('Deployment', 'shop', 'web') as Deployment).spec.replicas ?? 0;
    it.edit<Deployment>('Deployment', 'shop', 'web', (object) => {
      for (const container of object.spec.template.spec.containers)
        container.image = 'prodweu.azurecr.io/shop/web:9.9.9';
    });
    const mine = () => it.pods('shop').filter((pod) => pod.metadata.labels?.['app'] === 'web');
    const least = Math.ceil(size * 0.75);
    it.until(() => {
      const ready = mine().filter((pod) =>
        pod.status.conditions?.some((one) => one.type === 'Ready' && one.status === 'True'),
      ).length;
      expect(ready).toBeGreaterThanOrEqual(least - 1);
      return mine().length === size && mine().every((pod) => pod.spec.containers[0]?.image.endsWith(':9.9.9'));
    }, 300);
    it.world.advance(5_000);
    expect((it.store.get('Deployment', 'shop', 'web') as Deployment).metadata.annotations).toMatchObject({
      'deployment.kubernetes.io/revision': '3',
    });
    expect(broken(it)).toEqual([]);
  });

  test('a DaemonSet restarts two agents at a time', () => {
    const it = aWorld({ nodes: 8 });
    const old = new Set(it.agents().map((pod) => pod.metadata.name));
    it.edit('DaemonSet', 'kube-system', 'cilium', (object) => {
      const { template } = object['spec'] as { template: { metadata: { annotations?: object } } };
      template.metadata.annotations = { 'kubectl.kubernetes.io/restartedAt': '2026-11-22T12:00:00Z' };
    });
    let most = 0;
    const seconds = it.until(() => {
      const ready = it
        .agents()
        .filter((pod) => pod.status.conditions?.some((one) => one.type === 'Ready' && one.status === 'True')).length;
      most = Math.max(most, 8 - ready);
      return ready === 8 && !it.agents().some((pod) => old.has(pod.metadata.name));
    }, 600);
    expect(most).toBe(2);
    expect(seconds).toBeGreaterThan(20);
    it.world.advance(5_000);
    expect(broken(it)).toEqual([]);
  });

  test('a StatefulSet brings the same name back', () => {
    const it = aWorld();
    const pod = it.store.get('Pod', 'shop', 'db-0') as Pod;
    it.remove(pod);
    it.until(
      () =>
        it.store.get('Pod', 'shop', 'db-0')?.metadata.uid !== pod.metadata.uid &&
        (it.store.get('Pod', 'shop', 'db-0') as Pod | undefined)?.status.phase === 'Running',
    );
    it.world.advance(5_000);
    expect(broken(it)).toEqual([]);
  });

  test('a deleted Deployment takes its ReplicaSets and pods along, a namespace everything', () => {
    const it = aWorld();
    it.remove(it.store.get('Deployment', 'shop', 'web') as KubeObject);
    it.until(() => !it.pods('shop').some((pod) => pod.metadata.labels?.['app'] === 'web'));
    expect(it.store.list('ReplicaSet', 'shop').some((set) => set.metadata.labels?.['app'] === 'web')).toBe(false);
    it.edit('Namespace', '', 'shop', (object) => {
      object.metadata.deletionTimestamp = '2026-11-22T12:00:30Z';
      object['status'] = { phase: 'Terminating' };
    });
    it.until(() => it.store.get('Namespace', '', 'shop') === undefined);
    it.world.advance(5_000);
    expect([it.pods('shop'), it.store.list('Service', 'shop'), it.store.list('CiliumEndpoint', 'shop')]).toEqual([
      [],
      [],
      [],
    ]);
    expect(broken(it)).toEqual([]);
  });
});

describe('nodes', () => {
  test('a cordoned one gets no more pods', () => {
    const it = aWorld({ nodes: 3 });
    const node = it.nodes()[0]?.metadata.name ?? '';
    it.edit('Node', '', node, (object) => {
      object['spec'] = { ...(object['spec'] as object), unschedulable: true };
    });
    it.until(() => it.node(node).spec.taints?.[0]?.key === 'node.kubernetes.io/unschedulable');
    const before = new Set(it.pods().map((pod) => pod.metadata.uid));
    it.world.replacePods({}, 20);
    it.world.advance(30_000);
    const fresh = it.pods().filter((pod) => !before.has(pod.metadata.uid));
    expect(fresh.length).toBeGreaterThanOrEqual(20);
    expect(fresh.filter((pod) => pod.spec.nodeName === node)).toEqual([]);
    expect(broken(it)).toEqual([]);
  });

  test('without CNS its new pods wait, in the words of the CNI, and are counted', () => {
    const it = aWorld({ nodes: 2, pods: 7 });
    it.world.change({
      fails: [
        {
          namespace: 'kube-system',
          labels: { 'k8s-app': 'azure-cns' },
          container: 'cns-container',
          exitCode: 1,
          message: 'no',
        },
      ],
    });
    it.world.advance(10_000);
    it.world.replacePods({}, 5);
    it.world.advance(60_000);
    const stuck = it.pods().filter((pod) => pod.status.phase === 'Pending');
    expect(stuck).toHaveLength(5);
    expect(stuck[0]?.status.containerStatuses?.[0]?.state.waiting?.reason).toBe('ContainerCreating');
    const events = it
      .warnings()
      .filter((event) => (event['involvedObject'] as { uid: string }).uid === stuck[0]?.metadata.uid);
    expect(events).toHaveLength(1);
    expect(events[0]?.['message']).toContain('Failed to request IP address from CNS');
    expect(events[0]?.['count']).toBeGreaterThan(2);
    it.world.change({ fails: [] });
    it.world.advance(8 * 60_000);
    expect(broken(it)).toEqual([]);
  });

  test('a silent kubelet is found out after 40 s', () => {
    const it = aWorld();
    const node = it.nodes()[1]?.metadata.name ?? '';
    it.world.change({ silentKubelets: [{ nodes: [node] }] });
    const ready = () => it.node(node).status.conditions.find((one) => one.type === 'Ready')?.status;
    expect(it.until(() => ready() === 'Unknown')).toBeCloseTo(40, 0);
    it.world.change({ silentKubelets: [] });
    it.until(() => ready() === 'True' && it.node(node).spec.taints === undefined);
  });

  test('an upgrade takes them one by one, and everything fits afterwards', () => {
    const it = aWorld({ nodes: 4, pods: 40 });
    const old = new Set(it.nodes().map((node) => node.metadata.name));
    it.world.change({
      upgrade: { pool: 'np2', kubelet: 'v1.35.0', nodeImage: 'AKSUbuntu-2404gen2containerd-202611.04.0', pace: 60_000 },
    });
    let most = 0;
    it.until(() => {
      most = Math.max(most, it.nodes().filter((node) => node.spec.unschedulable).length);
      const mine = it
        .nodes()
        .filter((node) => old.has(node.metadata.name) && node.metadata.labels?.['agentpool'] === 'np2');
      return (
        mine.length === 2 &&
        mine.every((node) => node.status.nodeInfo['kubeletVersion'] === 'v1.35.0') &&
        it.nodes().length === 4
      );
    }, 900);
    expect(most).toBe(1);
    it.world.advance(90_000);
    expect(broken(it)).toEqual([]);
    expect(it.store.count('CiliumNode')).toBe(4);
  });
});

describe('churn', () => {
  test.each([2, 40, 400])('%i changes a second are made, and nothing is broken afterwards', (churn) => {
    const it = aWorld({ nodes: 6, pods: 600, churn });
    let changes = 0;
    it.world.advance(8_000);
    const off = it.store.subscribe((event) => {
      if (event.resource.kind === 'CiliumEndpoint' && event.type !== 'MODIFIED') changes++;
    });
    it.world.advance(5_000);
    off();
    expect(changes).toBeGreaterThanOrEqual(churn * 5 * 0.85);
    it.world.options.churn = 0;
    it.world.advance(60_000);
    expect(broken(it)).toEqual([]);
  });
});

describe('causes', () => {
  test('identities fill up to the number asked for', () => {
    const it = aWorld();
    it.world.change({ identities: 3_000 });
    it.world.advance(120_000);
    expect(it.store.count('CiliumIdentity')).toBe(3_000);
  });

  test('a full subnet shows on every node and in its state', () => {
    const it = aWorld({ mode: 'pod-subnet' });
    it.world.change({ subnetFull: true });
    expect(it.store.list('ClusterSubnetState')[0]?.['status']).toMatchObject({ exhausted: true });
    for (const config of it.store.list('NodeNetworkConfig')) {
      expect(config['status']).toMatchObject({
        status: 'Error',
        networkContainers: [{ status: 'NCUpdateSubnetFullError' }],
      });
    }
    expect(broken(it)).toEqual([]);
  });

  test('what happened before is lived through: events and times are of then', () => {
    const it = aWorld({ past: 600_000, history: [{ ago: 300_000, happens: (world) => world.replacePods({}, 3) }] });
    const young = it
      .pods()
      .filter((pod) => it.world.now() - Date.parse(pod.metadata.creationTimestamp ?? '') < 400_000);
    expect(young).toHaveLength(3);
    for (const pod of young)
      expect(it.world.now() - Date.parse(pod.metadata.creationTimestamp ?? '')).toBeGreaterThan(290_000);
    expect(broken(it)).toEqual([]);
  });
});
