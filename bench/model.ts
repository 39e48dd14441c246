// What the pure middle costs at the size we promise: 5,000 nodes, 100,000 pods and endpoints, 1,000 slices.
import { agents } from '../src/model/agents.ts';
import type { Change } from '../src/model/change.ts';
import { createIntern } from '../src/model/intern.ts';
import { type KindId, kinds } from '../src/model/kinds.ts';
import type { RawObject, Row } from '../src/model/objects/row.ts';
import { podEndpointDrift } from '../src/model/pod-endpoints.ts';
import { pools } from '../src/model/pools.ts';
import { sliceDrift } from '../src/model/slices.ts';
import { apply, emptySnapshot, type Snapshot } from '../src/model/snapshot.ts';
import { type Figure, report } from './report.ts';

const NODES = 5_000;
const PODS = 100_000;
const PER_SLICE = 100;
const intern = createIntern();
const figures: Figure[] = [];
let version = 1;
let snapshot = emptySnapshot(Date.now());

measure('project and apply 5,000 nodes and their agents', '', () => {
  load('nodes', NODES, node);
  load('pods', NODES, agent);
});
measure('project and apply 100,000 pods', '', () => load('pods', PODS, pod));
measure('project and apply 100,000 endpoints', '', () => load('ciliumEndpoints', PODS, endpoint));
measure('project and apply 1,000 slices', '', () => load('ciliumEndpointSlices', PODS / PER_SLICE, slice));
globalThis.gc?.();
figures.push({ what: 'heap with all of it, MB', figure: (process.memoryUsage().heapUsed / 1e6).toFixed(0) });
snapshot = apply(snapshot, everythingLive(), Date.now());
measure('drift, first look', '', () => sliceDrift(snapshot, Date.now()));
measure('pods against endpoints, first look', '', () => podEndpointDrift(snapshot, Date.now()));
for (const round of ['cold', 'warm', 'hot']) {
  const batches = rowsOf(100, 50);
  measure(`apply 5,000 endpoint changes, ${round}`, '50 ms', () => {
    for (const rows of batches) put('ciliumEndpoints', rows);
  });
  measure(`drift after them, ${round}`, '50 ms', () => sliceDrift(snapshot, Date.now()));
}
measure('agents', '50 ms', () => agents(snapshot, Date.now()));
measure('pools', '50 ms', () => pools(snapshot, Date.now()));
report('model: CPU of this thread, ms', figures);

function measure(what: string, aim: string, work: () => void): void {
  const start = process.threadCpuUsage();
  work();
  const used = process.threadCpuUsage(start);
  figures.push({ what, figure: ((used.user + used.system) / 1_000).toFixed(1), ...(aim === '' ? {} : { aim }) });
}

function load(kind: KindId, count: number, make: (index: number) => RawObject): void {
  for (let first = 0; first < count; first += 500) {
    const page = Array.from({ length: Math.min(500, count - first) }, (_, index) => make(first + index));
    put(
      kind,
      page.map((raw) => kinds[kind].project(raw, intern)),
    );
  }
}

function put(kind: KindId, rows: readonly Row[]): void {
  const now = Date.now();
  snapshot = apply(snapshot as Snapshot, [{ type: 'put', kind, rows, at: now } as Change], now);
}

/** Endpoint changes as a storm brings them: every third is another identity, the others another state. */
function rowsOf(batches: number, size: number): Row[][] {
  return Array.from({ length: batches }, (_, batch) =>
    Array.from({ length: size }, (_, index) => {
      const number = ((batch * size + index) * 7) % PODS;
      return kinds.ciliumEndpoints.project(
        endpoint(number, index % 3 === 0 ? 1 : 0, index % 2 ? 'ready' : 'regenerating'),
        intern,
      );
    }),
  );
}

function everythingLive(): Change[] {
  const sources = [...(Object.keys(kinds) as KindId[]), 'systemPods' as const];
  return sources.map((source) => ({ type: 'link', source, link: { phase: 'live', heard: Date.now() } }));
}

function metadata(prefix: string, index: number, namespace: string, more: RawObject = {}): RawObject {
  version++;
  const uid = `${prefix}-00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
  return {
    uid,
    name: `${prefix}-${index}`,
    namespace,
    resourceVersion: String(version),
    creationTimestamp: '2026-11-22T00:00:00Z',
    ...more,
  };
}

function ipOf(index: number): string {
  return `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
}

function node(index: number): RawObject {
  const labels = { agentpool: `np${index % 5}`, 'kubernetes.io/os': 'linux' };
  const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-11-22T00:00:00Z' }];
  return {
    metadata: metadata('node', index, '', { labels }),
    status: {
      conditions,
      allocatable: { pods: '250' },
      nodeInfo: { kubeletVersion: 'v1.34.2', operatingSystem: 'linux' },
    },
  };
}

function running(nodeNumber: number, ip: string, host: boolean, image: string): RawObject {
  return {
    spec: { nodeName: `node-${nodeNumber}`, hostNetwork: host, containers: [{ name: 'main', image }] },
    status: {
      phase: 'Running',
      podIP: ip,
      podIPs: [{ ip }],
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-11-22T00:00:00Z' }],
      containerStatuses: [{ name: 'main', ready: true, restartCount: 0, state: { running: {} } }],
    },
  };
}

function agent(index: number): RawObject {
  const owner = { kind: 'DaemonSet', name: 'cilium', controller: true };
  const more = { labels: { 'k8s-app': 'cilium' }, ownerReferences: [owner] };
  return { metadata: metadata('cilium', index, 'kube-system', more), ...running(index, '', true, 'cilium:v1.18.6') };
}

function pod(index: number): RawObject {
  const more = {
    labels: { app: `web${index % 200}` },
    ownerReferences: [{ kind: 'ReplicaSet', name: `web-${index % 200}`, controller: true }],
  };
  return {
    metadata: metadata('pod', index, `ns${index % 50}`, more),
    ...running(index % NODES, ipOf(index), false, 'web:1'),
  };
}

function endpoint(index: number, shift = 0, state = 'ready'): RawObject {
  const networking = { node: ipOf(index % NODES), addressing: [{ ipv4: ipOf(index) }] };
  return {
    metadata: { ...metadata('pod', index, `ns${index % 50}`), uid: `endpoint-${index}` },
    status: { id: index % 4_000, state, identity: { id: 1_000 + (index % 5_000) + shift }, networking },
  };
}

function slice(number: number): RawObject {
  const namespace = number % 50;
  const endpoints = Array.from({ length: PER_SLICE }, (_, entry) => {
    const index = namespace + 50 * (Math.floor(number / 50) * PER_SLICE + entry);
    const networking = { node: ipOf(index % NODES), addressing: [{ ipv4: ipOf(index) }] };
    return { name: `pod-${index}`, id: 1_000 + (index % 5_000), networking };
  });
  return { metadata: metadata('ces', number, ''), namespace: `ns${namespace}`, endpoints };
}
