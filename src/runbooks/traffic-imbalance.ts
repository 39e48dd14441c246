import { age, count, names, number } from '../checks/words.ts';
import { ciliumConfig } from '../model/cluster-mode.ts';
import type { PodRow } from '../model/objects/pod.ts';
import { at, record, text } from '../model/objects/raw.ts';
import { type ObjectRef, refText } from '../model/ref.ts';
import { type ServiceWay, serviceWay, serviceWays } from '../model/service-way.ts';
import { flowsByBackend } from '../queries/flows-by-backend.ts';
import { askLogs, hasLogs } from './logged.ts';
import { mustRead, nothingOf, readBy, seen, speaksAgainst, speaksFor } from './look.ts';
import type { Cause, Evidence, LookAsks, Looked, Runbook, RunState } from './runbook.ts';

/** The third playbook of the network observability guide. */
export const trafficImbalance: Runbook = {
  id: 'traffic-imbalance',
  title: 'One replica gets the traffic of all',
  says: 'Whether the pods behind a service get their share of its flows, and if one gets nearly all, why: few are ready, the service ties clients to a pod or a node, or clients hold on to connections they made before the others were there. Needs flow logs to tell shares; without them it says what would make traffic uneven.',
  asksAzure: true,
  from: ['backends/one-ready'],
  target: { kinds: ['Service'], suspects: () => [] },
  steps: [
    {
      type: 'look',
      id: 'shares',
      title: 'which part of the flows each pod gets, by the flow logs',
      decides: true,
      skip: (state) =>
        // Where Hubble is on flows are seen, and may be logged where nobody asked.
        state.target === undefined &&
        !hasLogs(state, flowsByBackend) &&
        ciliumConfig(state.snapshot)['enable-hubble'] !== 'true'
          ? 'no service was named, and no flow is seen: Hubble is off'
          : '',
      async look(state, asks, signal) {
        mustRead(state, ['services', 'pods', 'endpointSlices']);
        return shares(state, asks, signal);
      },
    },
    {
      type: 'look',
      id: 'ready',
      title: 'how many of its pods are ready, and where',
      decides: true,
      async look(state) {
        mustRead(state, ['services', 'pods', 'endpointSlices']);
        return ready(state);
      },
    },
    {
      type: 'look',
      id: 'service',
      title: 'whether the service ties clients to a pod or a node',
      skip: (state) => (wayIn(state) === undefined ? 'no service is named or suspected' : ''),
      async look(state, asks, signal) {
        return settings(state, asks, signal);
      },
    },
    {
      type: 'look',
      id: 'held-connections',
      title: 'whether that pod was there before the others',
      skip: (state) =>
        !state.found.has('shares')
          ? 'nothing is known of their shares'
          : uneven(state) === undefined
            ? 'no pod gets more than its share'
            : '',
      async look(state) {
        return held(state);
      },
    },
    {
      type: 'tell',
      id: 'other-clients',
      title: 'what is not seen from here',
      text: () => [
        'One large client (a gateway, a NAT before the cluster) makes one pod busy while connections are spread evenly.',
        'An agent that still knows pods which are gone sends to them: runbook stale-backends.',
      ],
    },
  ],
};

/** A pod with nearly all that so many clients send to so many pods, told by so many flows, has more than its share. */
const mostShare = 0.7;
const leastPods = 3;
const leastClients = 3;
const leastFlows = 300;

type Uneven = { workload: string; pod: string; share: number; flows: number; clients: number; way: ServiceWay };

async function shares(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const { target, snapshot } = state;
  const { rows, remarks } = await askLogs(state, asks, flowsByBackend, { namespace: target?.namespace ?? '' }, signal);
  const source = 'KQL flows-by-backend';
  const byPod = new Map(rows.map((row) => [`${row['DestinationNamespace']}/${row['Pod']}`, row]));
  const named = target && serviceWay(snapshot, target.namespace ?? '', target.name);
  const ways = target === undefined ? serviceWays(snapshot) : named === undefined ? [] : [named];
  const found = ways.flatMap((way): Uneven[] => {
    const flows = way.ready.map((pod) => ({ pod, row: byPod.get(`${pod.namespace}/${pod.name}`) }));
    const total = flows.reduce((sum, { row }) => sum + Number(row?.['Flows'] ?? 0), 0);
    const [top] = flows.toSorted((a, b) => Number(b.row?.['Flows'] ?? 0) - Number(a.row?.['Flows'] ?? 0));
    if (top?.row === undefined || way.ready.length < leastPods || total < leastFlows) return [];
    const most = Number(top.row['Flows']);
    const clients = Number(top.row['Clients']);
    if (most / total < mostShare || clients < leastClients) return [];
    return [
      { workload: String(top.row['Workload']), pod: top.pod.name, share: most / total, flows: total, clients, way },
    ];
  });
  const rest = remarks === '' ? {} : { missed: remarks };
  const [worst] = found.sort((a, b) => b.flows - a.flows);
  if (worst === undefined) {
    const total = [...byPod.values()].reduce((sum, row) => sum + Number(row['Flows']), 0);
    if (named !== undefined) {
      const lines = shareLines(named, byPod);
      if (lines.every(({ flows }) => flows === 0))
        return {
          evidence: [seen('none of its pods got a flow that is in the logs', source)],
          missed: `no flow to ${refText(target as ObjectRef)} is in the logs`,
        };
      return { evidence: lines.slice(0, 6).map(({ line }) => speaksAgainst(line, source)), ...rest };
    }
    return {
      ...nothingOf(
        `${number(total)} flows to ${count(byPod.size, 'pod')}: no pod of ${leastPods} or more gets ${mostShare * 100}% of its service's`,
        source,
      ),
      ...rest,
    };
  }
  return {
    evidence: shareLines(worst.way, byPod)
      .slice(0, 6)
      .map(({ line, pod }) => speaksFor(line, source, podRef(pod))),
    causes: [causeOf(worst)],
    value: worst,
    ...rest,
  };
}

function shareLines({ ready: pods }: ServiceWay, byPod: ReadonlyMap<string, Readonly<Record<string, unknown>>>) {
  const flows = pods.map((pod) => ({ pod, flows: Number(byPod.get(`${pod.namespace}/${pod.name}`)?.['Flows'] ?? 0) }));
  const total = flows.reduce((sum, one) => sum + one.flows, 0);
  return flows
    .toSorted((a, b) => b.flows - a.flows)
    .map((one) => ({
      ...one,
      line: `${one.pod.name}: ${Math.round((one.flows / Math.max(1, total)) * 100)}% of the flows (${number(one.flows)})`,
    }));
}

function causeOf({ pod, share, clients, flows, way }: Uneven): Cause {
  const { namespace, name } = way.service;
  return {
    id: 'one-pod-gets-all',
    text: `${pod} gets ${Math.round(share * 100)}% of the ${number(flows)} flows to Service ${namespace}/${name}, from ${count(clients, 'client')}; ${count(way.ready.length, 'pod')} are ready.`,
    confidence: 'possible',
    objects: [
      { kind: 'Service', namespace, name },
      { kind: 'Pod', namespace, name: pod },
    ],
    next: 'See what ties clients to that pod.',
  };
}

function uneven(state: RunState): Uneven | undefined {
  return readBy<Uneven>(state, 'shares');
}

function wayIn(state: RunState): ServiceWay | undefined {
  const { target, snapshot } = state;
  return target === undefined ? uneven(state)?.way : serviceWay(snapshot, target.namespace ?? '', target.name);
}

function podRef({ namespace, name }: PodRow): ObjectRef {
  return { kind: 'Pod', namespace, name };
}

function ready(state: RunState): Looked {
  const way = wayIn(state);
  if (way === undefined) {
    // A workload of several that is down to one is uneven by itself.
    const alone = serviceWays(state.snapshot).filter(
      ({ pods, ready: some }) => pods.length >= leastPods && some.length === 1,
    );
    if (alone.length === 0) return nothingOf('no service of several pods is down to one', 'services');
    return {
      evidence: alone.slice(0, 5).map((one) => speaksFor(aloneText(one), 'services')),
      causes: alone.slice(0, 5).map(aloneCause),
    };
  }
  if (way.pods.length >= 2 && way.ready.length === 1)
    return { evidence: [speaksFor(aloneText(way), 'services')], causes: [aloneCause(way)] };
  const nodes = Map.groupBy(way.ready, ({ node }) => node);
  const words = `${way.ready.length} of ${count(way.pods.length, 'pod')} ready, on ${count(nodes.size, 'node')}: ${names([...nodes].map(([node, pods]) => `${node} ×${pods.length}`))}`;
  return { evidence: [speaksAgainst(words, 'services')] };
}

function aloneText({ service, pods, ready: [only] }: ServiceWay): string {
  return `${service.namespace}/${service.name}: only ${only?.name} of ${count(pods.length, 'pod')} is ready`;
}

function aloneCause(way: ServiceWay): Cause {
  const { namespace, name } = way.service;
  return {
    id: 'one-ready-pod',
    text: `All traffic of Service ${aloneText(way)}.`,
    confidence: 'certain',
    objects: [{ kind: 'Service', namespace, name }],
    next: 'See why the others are not ready.',
  };
}

async function settings(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const { namespace = '', name = '' } = wayIn(state)?.service ?? {};
  const ref = { kind: 'Service', namespace, name };
  const object = await asks.object({ group: '', version: 'v1', plural: 'services' }, namespace, name, signal);
  const spec = record(at(object, 'spec'));
  const ties = [
    ...(text(spec['sessionAffinity']) === 'ClientIP'
      ? ['sessionAffinity is ClientIP: each client address keeps its pod']
      : []),
    ...(text(spec['internalTrafficPolicy']) === 'Local'
      ? ['internalTrafficPolicy is Local: clients reach pods of their own node alone']
      : []),
    ...(text(spec['externalTrafficPolicy']) === 'Local'
      ? ['externalTrafficPolicy is Local: each node sends to its own pods alone, few or many']
      : []),
    ...(text(spec['trafficDistribution']) === ''
      ? []
      : [`trafficDistribution is ${text(spec['trafficDistribution'])}: pods nearby are preferred`]),
  ];
  const source = `Service ${namespace}/${name}`;
  if (ties.length === 0) return { evidence: [speaksAgainst('it ties clients to no pod and no node', source, ref)] };
  const confidence = uneven(state) === undefined ? 'possible' : 'likely';
  const cause: Cause = {
    id: 'service-ties-clients',
    text: `Service ${namespace}/${name}: ${ties[0]}.`,
    confidence,
    objects: [ref],
    next: 'Take the setting out where pods need not know their clients, or spread clients and pods alike.',
  };
  return { evidence: ties.map((tie): Evidence => speaksFor(tie, source, ref)), causes: [cause] };
}

/** A connection is balanced once, when it is made: who came up first after a release keeps those that were made then. */
function held(state: RunState): Looked {
  const found = uneven(state);
  const pod = found?.way.ready.find(({ name }) => name === found.pod);
  if (found === undefined || pod === undefined) return nothingOf('that pod is not ready any more', 'pod status');
  const others = found.way.ready.filter((one) => one !== pod && one.readySince > 0);
  const earlier = others.filter(({ readySince }) => readySince < pod.readySince);
  const later = others.filter(({ readySince }) => readySince > pod.readySince);
  const order = `${later.length} of ${count(others.length, 'other')} came up after it, ${earlier.length} before`;
  const text = `${pod.name} is ready for ${age(state.now - pod.readySince)}; ${order}`;
  if (later.length === 0 || earlier.length > 0) return { evidence: [seen(text, 'pod status', podRef(pod))] };
  const { namespace, name } = found.way.service;
  const cause: Cause = {
    id: 'clients-hold-connections',
    text: `Clients of Service ${namespace}/${name} hold on to connections to ${pod.name}, which came up first: a connection is balanced once, when it is made.`,
    confidence:
      readBy(state, 'service') === undefined && state.found.get('service')?.causes?.length ? 'possible' : 'likely',
    objects: [{ kind: 'Service', namespace, name }, podRef(pod)],
    next: 'Let clients or server end connections now and then (max connection age of gRPC, keep-alive limits), or balance per call; restarting the clients helps once.',
  };
  return { evidence: [speaksFor(text, 'pod status', podRef(pod))], causes: [cause], ruledOut: ['one-pod-gets-all'] };
}
