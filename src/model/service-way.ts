import type { ServiceRow, WorkloadRow } from './objects/others.ts';
import type { PodRow } from './objects/pod.ts';
import type { Labels } from './objects/row.ts';
import type { Snapshot } from './snapshot.ts';

/** How a service leads to its pods, and where the way ends. */
export type ServiceWay = {
  service: ServiceRow;
  /** Pods that it selects and that have neither ended nor been asked to. */
  pods: readonly PodRow[];
  ready: readonly PodRow[];
  /** Their containers run, on nodes that are ready, and their probes fail. */
  unready: readonly PodRow[];
  ports: readonly TargetPort[];
  /** Of no pods: a workload of that selector that somebody scaled to none. */
  atZero: WorkloadRow | undefined;
  /** Since when its EndpointSlices are as they are; 0 = there are none. */
  changed: number;
};

export type TargetPort = {
  /** `http 80/TCP`. */
  title: string;
  target: string;
  /**
   * `nameless`: no container of its pods has a port of that name, so nothing is reached. `undeclared`: none declares that
   * number, which containers need not do. `met` also where there are no pods to look at.
   */
  state: 'met' | 'nameless' | 'undeclared';
  /** What the containers do declare: `http 8080/TCP`. */
  declared: readonly string[];
};

/** The ways of all services that select pods, in no order. Remembered while their tables stay the same. */
export function serviceWays(snapshot: Snapshot): readonly ServiceWay[] {
  const { services, pods, endpointSlices, deployments, statefulSets, daemonSets, nodes } = snapshot.tables;
  const tables = [services, pods, endpointSlices, deployments, statefulSets, daemonSets, nodes];
  return snapshot.memo.same('service-ways', tables, 0, () => {
    const selecting = [...services.rows.values()].filter(hasSelector);
    const byNamespace = Map.groupBy(selecting, ({ namespace }) => namespace);
    return [...byNamespace].flatMap(([namespace, here]) => {
      const groups = podsByLabels(snapshot, namespace);
      return here.map((service) => wayOf(snapshot, service, groups));
    });
  });
}

/** Of one service; undefined where it selects none by itself. */
export function serviceWay(snapshot: Snapshot, namespace: string, name: string): ServiceWay | undefined {
  const service = snapshot.tables.services.named(namespace, name);
  if (service === undefined || !hasSelector(service)) return undefined;
  return wayOf(snapshot, service, podsByLabels(snapshot, namespace));
}

export function hasSelector({ type, selector }: ServiceRow): boolean {
  return type !== 'ExternalName' && Object.keys(selector).length > 0;
}

/** Pods of one workload mostly share one labels object: matched once. */
function podsByLabels({ tables }: Snapshot, namespace: string): ReadonlyMap<Labels, readonly PodRow[]> {
  return Map.groupBy(tables.pods.by('namespace', namespace), ({ labels }) => labels);
}

function wayOf(snapshot: Snapshot, service: ServiceRow, groups: ReadonlyMap<Labels, readonly PodRow[]>): ServiceWay {
  const wanted = Object.entries(service.selector);
  const matching = [...groups].filter(([labels]) => wanted.every(([key, value]) => labels[key] === value));
  const pods = matching
    .flatMap(([, some]) => some)
    .filter(({ phase, deleting }) => deleting === 0 && phase !== 'Succeeded' && phase !== 'Failed');
  const slices = snapshot.tables.endpointSlices.by('owner', `${service.namespace}/${service.name}`);
  return {
    service,
    pods,
    ready: pods.filter(({ ready }) => ready),
    unready: pods.filter(({ ready, phase, node }) => !ready && phase === 'Running' && isUp(snapshot, node)),
    ports: service.ports.map((port) => targetOf(port, pods)),
    atZero: pods.length > 0 ? undefined : scaledToNone(snapshot, service),
    changed: slices.reduce((last, slice) => Math.max(last, slice.changed), 0),
  };
}

function isUp({ tables }: Snapshot, node: string): boolean {
  const row = tables.nodes.named('', node);
  return row === undefined || row.ready === 'True';
}

function targetOf(port: ServiceRow['ports'][number], pods: readonly PodRow[]): TargetPort {
  const target = port.targetPort === '' || port.targetPort === '0' ? String(port.port) : port.targetPort;
  const declared = pods.flatMap(({ ports }) => ports);
  const isNumber = /^\d+$/.test(target);
  const isMet = declared.some(
    (one) => one.protocol === port.protocol && (isNumber ? String(one.port) : one.name) === target.toLowerCase(),
  );
  // Where nothing at all is declared a number says nothing.
  const isOpen = pods.length === 0 || isMet || (isNumber && declared.length === 0);
  return {
    title: `${port.name === '' ? '' : `${port.name} `}${port.port}/${port.protocol}`,
    target,
    state: isOpen ? 'met' : isNumber ? 'undeclared' : 'nameless',
    declared: [
      ...new Set(declared.map((one) => `${one.name === '' ? '' : `${one.name} `}${one.port}/${one.protocol}`)),
    ],
  };
}

/** A selector is no more than part of what the pods will be labelled with: what both name must agree, and some of it be named. */
function scaledToNone({ tables }: Snapshot, { namespace, selector }: ServiceRow): WorkloadRow | undefined {
  const workloads = [tables.deployments, tables.statefulSets, tables.daemonSets].flatMap((table) =>
    table.by('namespace', namespace),
  );
  return workloads.find((row) => {
    const shared = Object.keys(selector).filter((key) => row.selector[key] !== undefined);
    return row.desired === 0 && shared.length > 0 && shared.every((key) => row.selector[key] === selector[key]);
  });
}
