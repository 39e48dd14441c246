import { describe, expect, it } from 'vitest';
import { scenarios } from '../../../src/simulator/scenarios/index.ts';
import { isReady, type Lived, type Loose, live, slices, tainted, waitsFor } from './effects.ts';

const minute = 60_000;
const agents = (lived: Lived) => lived.pods('k8s-app', 'cilium');
const poolOf = (lived: Lived, pod: Loose) => lived.store.get('Node', '', pod.spec.nodeName)?.metadata.labels?.agentpool;

/** What every cluster shows where nothing else is said. */
function expectCalm(lived: Lived): void {
  expect(
    lived
      .list('Pod')
      .filter((pod) => !isReady(pod) && pod.status.phase !== 'Succeeded')
      .map((pod) => pod.metadata.name),
  ).toEqual([]);
  expect(tainted(lived)).toEqual([]);
}

describe('the cluster of', () => {
  it('healthy is settled: every pod ready, every endpoint in one slice, one leader', () => {
    const lived = live('healthy', { churn: 0 });
    expectCalm(lived);
    expect(lived.list('Node')).toHaveLength(12);
    expect(agents(lived)).toHaveLength(12);
    expect(slices(lived)).toMatchObject({
      missing: [],
      stale: [],
      duplicate: [],
      wrongIdentity: [],
      sharedAddress: [],
    });
    const lease = lived.store.get('Lease', 'kube-system', 'cilium-operator-resource-lock') as Loose;
    expect(lived.now - Date.parse(lease.spec.renewTime)).toBeLessThan(10_000);
    const applications = lived.list('Pod').filter((pod) => pod.metadata.namespace !== 'kube-system');
    expect(applications.filter((pod) => pod.status.phase === 'Running')).toHaveLength(320);
  });

  it('agent-crash-loop: two agents of one pool crash in an init container, whose last words are told; their nodes are tainted', () => {
    const lived = live('agent-crash-loop', { churn: 0 });
    const sick = agents(lived).filter((pod) => !isReady(pod));
    expect(sick.map((pod) => poolOf(lived, pod))).toEqual(['np2', 'np2']);
    for (const pod of sick) {
      const init = pod.status.initContainerStatuses.find((each: Loose) => each.name === 'mount-bpf-fs');
      expect(init.restartCount).toBeGreaterThan(3);
      expect(init.lastState.terminated).toMatchObject({
        exitCode: 32,
        message: expect.stringContaining('operation not permitted'),
      });
      expect(
        pod.status.containerStatuses.every((each: Loose) => each.state.waiting?.reason === 'PodInitializing'),
      ).toBe(true);
    }
    expect(tainted(lived).sort()).toEqual(sick.map((pod) => pod.spec.nodeName).sort());
  });

  it('agent-not-ready-node: one agent runs and is not ready, its node is tainted', () => {
    const lived = live('agent-not-ready-node', { churn: 0 });
    const sick = agents(lived).filter((pod) => !isReady(pod));
    expect(sick).toHaveLength(1);
    expect(sick[0].status.containerStatuses[0].state.running).toBeDefined();
    expect(tainted(lived)).toEqual([sick[0].spec.nodeName]);
    expect(lived.list('Event').map((event) => event.message)).toContain(
      'Readiness probe failed: HTTP probe failed with statuscode: 503',
    );
  });

  it('pods-stuck-creating: CNS crashes on one pool, and pods there wait in the CNI’s own words', () => {
    const lived = live('pods-stuck-creating', { churn: 0 });
    const cns = lived.pods('k8s-app', 'azure-cns');
    expect(cns.filter((pod) => !isReady(pod)).map((pod) => poolOf(lived, pod))).toEqual(Array(6).fill('np2'));
    const stuck = lived
      .list('Pod')
      .filter((pod) => pod.status.containerStatuses?.[0]?.state.waiting?.reason === 'ContainerCreating');
    expect(stuck.length).toBeGreaterThan(10);
    for (const pod of stuck) {
      expect(poolOf(lived, pod)).toBe('np2');
      const events = lived
        .list('Event')
        .filter((event) => event.involvedObject.uid === pod.metadata.uid && event.reason === 'FailedCreatePodSandBox');
      expect(events[0]?.message).toContain('Failed to request IP address from CNS');
    }
  });

  it('endpoint-slice-drift: one each of missing, stale, duplicate, wrong identity and an address given away', () => {
    const lived = live('endpoint-slice-drift');
    expectCalm(lived);
    const found = slices(lived);
    expect(found.missing).toHaveLength(1);
    expect(found.stale.length).toBeGreaterThanOrEqual(1);
    expect(found.duplicate).toHaveLength(1);
    expect(found.wrongIdentity).toHaveLength(1);
    expect(found.sharedAddress.length).toBeGreaterThanOrEqual(1);
  });

  it('endpoint-storm: endpoints wait for more than a minute to enter a slice', () => {
    const lived = live('endpoint-storm');
    const { missing, endpoints } = slices(lived);
    const ages = missing.map((key) => lived.now - Date.parse(endpoints.get(key)?.metadata.creationTimestamp));
    expect(ages.filter((age) => age > minute).length).toBeGreaterThan(10);
  });

  it('operator-down: both replicas crash and the lease has run out', () => {
    const lived = live('operator-down', { churn: 0 });
    const operators = lived.pods('io.cilium/app', 'operator');
    expect(operators).toHaveLength(2);
    for (const pod of operators)
      expect([isReady(pod), pod.status.containerStatuses[0].lastState.terminated.exitCode]).toEqual([false, 1]);
    const lease = lived.store.get('Lease', 'kube-system', 'cilium-operator-resource-lock') as Loose;
    expect(lived.now - Date.parse(lease.spec.renewTime)).toBeGreaterThan(20 * minute);
    expect(lived.store.get('Deployment', 'kube-system', 'cilium-operator')?.['status']).not.toMatchObject({
      availableReplicas: 2,
    });
  });

  it('identity-exhaustion: 53,000 identities, however many pods', () => {
    const lived = live('identity-exhaustion', { pods: 50, churn: 0 });
    expect(lived.store.count('CiliumIdentity')).toBe(53_000);
    expectCalm(lived);
  });

  it('address-exhaustion: the subnet says that it is exhausted', () => {
    const lived = live('address-exhaustion');
    expect(lived.list('ClusterSubnetState').map((each) => each.status.exhausted)).toEqual([true]);
    expect(lived.list('NodeNetworkConfig').map((each) => each.status.networkContainers[0].status)).toContain(
      'NCUpdateSubnetFullError',
    );
  });

  it('version-skew: three versions of the agent, two new agents waited for, all ready', () => {
    const lived = live('version-skew', { churn: 0 });
    expectCalm(lived);
    const tags = agents(lived)
      .map((pod) => pod.spec.containers[0].image.split(':')[1])
      .sort();
    expect(
      Object.fromEntries(
        Object.entries(Object.groupBy(tags, (tag) => tag as string)).map(([tag, all]) => [tag, all?.length]),
      ),
    ).toEqual({
      'v1.18.4-251120': 1,
      'v1.18.6-260219': 9,
      'v1.18.9-260514': 2,
    });
    const set = lived.store.get('DaemonSet', 'kube-system', 'cilium') as Loose;
    expect(set.status).toMatchObject({ desiredNumberScheduled: 12, updatedNumberScheduled: 2, numberUnavailable: 2 });
    const youngest = Math.max(...agents(lived).map((pod) => Date.parse(pod.metadata.creationTimestamp)));
    expect(lived.now - youngest).toBeGreaterThan(44 * minute);
  });

  it('upgrade-in-progress: two kubelet versions, and the latest step is minutes old', () => {
    const lived = live('upgrade-in-progress', { churn: 0 });
    const kubelets = new Set(lived.list('Node').map((node) => node.status.nodeInfo.kubeletVersion));
    expect([...kubelets].sort()).toEqual(['v1.34.2', 'v1.34.3']);
  });

  it.each([
    ['dns-down', 'k8s-app', 'kube-dns', 'coredns'],
    ['tunnel-down', 'app', 'konnectivity-agent', 'konnectivity-agent'],
  ])('%s: every %s=%s crashes', (id, label, value, container) => {
    const lived = live(id, { churn: 0 });
    const pods = lived.pods(label, value);
    expect(pods.length).toBeGreaterThanOrEqual(2);
    for (const pod of pods)
      expect([
        isReady(pod),
        pod.status.containerStatuses.find((each: Loose) => each.name === container).restartCount > 1,
      ]).toEqual([false, true]);
    expect(tainted(lived)).toEqual([]);
  });

  it('dns-down: the line CoreDNS cannot read stands in its custom configuration, with who wrote it shortly before', () => {
    const lived = live('dns-down', { churn: 0 });
    const map = lived.store.get('ConfigMap', 'kube-system', 'coredns-custom') as Loose;
    const [, line] = map.data['log.override'].split('\n');
    const [pod] = lived.pods('k8s-app', 'kube-dns');
    const said = pod.status.containerStatuses[0].lastState.terminated.message;
    expect(said).toContain(`/etc/coredns/custom/log.override:2`);
    expect(said).toContain(`'${line.split(' ')[0]}'`);
    const edit = map.metadata.managedFields.find((each: Loose) => each.manager === 'kubectl-edit');
    expect(JSON.stringify(edit.fieldsV1)).toContain('f:log.override');
    expect(Date.parse(pod.metadata.creationTimestamp) - Date.parse(edit.time)).toBeGreaterThan(0);
    expect(lived.now - Date.parse(edit.time)).toBeLessThan(10 * minute);
  });

  it('no-cilium: none of its kinds, no agent, and kube-proxy in its place', () => {
    const lived = live('no-cilium', { churn: 0 });
    expect(lived.store.resources().filter((each) => each.group === 'cilium.io')).toEqual([]);
    expect(agents(lived)).toEqual([]);
    expect(lived.pods('component', 'kube-proxy')).toHaveLength(12);
    expectCalm(lived);
  });

  it('byo: a Cilium by Helm without CNS, and every node has its sessions with both routers', () => {
    const lived = live('byo', { churn: 0 });
    expectCalm(lived);
    expect(lived.pods('k8s-app', 'azure-cns')).toEqual([]);
    expect(agents(lived)[0].spec.containers[0].image).toBe('quay.io/cilium/cilium:v1.18.6');
    const states = lived
      .list('CiliumBGPNodeConfig')
      .flatMap(({ status }) => status.bgpInstances[0].peers.map((peer: Loose) => peer.peeringState));
    expect(states).toEqual(Array(24).fill('established'));
  });

  it('bgp-down-on-a-node: one session of one node does not stand', () => {
    const peers = live('bgp-down-on-a-node', { churn: 0 })
      .list('CiliumBGPNodeConfig')
      .flatMap(({ metadata, status }) =>
        status.bgpInstances[0].peers.map((peer: Loose) => [metadata.name, peer.peerAddress, peer.peeringState]),
      );
    const down = peers.filter(([, , state]) => state !== 'established');
    expect(down).toEqual([[expect.stringMatching(/-np1-.*000000$/), '10.224.255.1', 'idle']]);
  });

  it('busy: a stuck rollout, crashing agents on a new image, pods without a network, an edited policy', () => {
    const lived = live('busy');
    const sick = agents(lived).filter((pod) => !isReady(pod));
    expect(sick.map((pod) => waitsFor(pod, 'cilium-agent'))).toEqual(['PodInitializing', 'PodInitializing']);
    const images = (pods: Loose[]) =>
      new Set(
        pods.map(
          (pod) =>
            lived.store.get('Node', '', pod.spec.nodeName)?.metadata.labels?.[
              'kubernetes.azure.com/node-image-version'
            ],
        ),
      );
    expect([...images(sick)]).toEqual(['AKSUbuntu-2404gen2containerd-202611.04.0']);
    expect([...images(agents(lived).filter(isReady))]).toEqual(['AKSUbuntu-2204gen2containerd-202610.18.0']);
    const stuck = lived
      .list('Pod')
      .filter((pod) => pod.status.containerStatuses?.[0]?.state.waiting?.reason === 'ContainerCreating');
    expect(stuck.length).toBeGreaterThan(20);
    expect(new Set(agents(lived).map((pod) => pod.spec.containers[0].image)).size).toBe(2);
    const policy = lived.store.get('CiliumNetworkPolicy', 'pay', 'deny-all') as Loose;
    expect(policy.spec.egress).toHaveLength(1);
    expect(policy.metadata.managedFields.map((each: Loose) => each.manager)).toContain('kubectl-edit');
  });
});

describe('every scenario', () => {
  it.each(scenarios.filter(({ world }) => world !== 'none').map(({ id }) => id))(
    '%s stands on one node and no pods',
    (id) => {
      expect(live(id, { nodes: 1, pods: 0, churn: 0 }).list('Node').length).toBeGreaterThanOrEqual(1);
    },
  );

  // Words that are nobody else's: `empty` and `healthy` are ordinary ones.
  it.each(scenarios.filter(({ id, world }) => world !== 'none' && id.includes('-')).map(({ id }) => id))(
    '%s leaves no trace of its name in any object',
    (id) => {
      const lived = live(id, { nodes: 3, pods: 40, churn: 0 });
      const text = lived.store
        .resources()
        .map(({ kind }) => JSON.stringify(lived.list(kind)))
        .join();
      expect(text).not.toContain(id);
    },
  );

  it('is the same for the same seed', () => {
    const names = () =>
      live('healthy', { churn: 0 })
        .list('Pod')
        .map((pod) => `${pod.metadata.name} ${pod.spec.nodeName}`);
    expect(names()).toEqual(names());
  });
});
