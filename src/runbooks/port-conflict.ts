import { hostPortConflict } from '../checks/nodes/host-port-conflict.ts';
import { atMost, count, names } from '../checks/words.ts';
import type { AgentService } from '../model/agent-says/agent-says.ts';
import { agents } from '../model/agents.ts';
import { ciliumConfig } from '../model/cluster-mode.ts';
import type { ServiceRow } from '../model/objects/others.ts';
import { at, list, text } from '../model/objects/raw.ts';
import { type ObjectRef, refKey } from '../model/ref.ts';
import { mustRead, nothingOf, readBy, restsOn, seen, speaksAgainst, speaksFor } from './look.ts';
import type { Cause, Evidence, LookAsks, Looked, Runbook, RunState } from './runbook.ts';
import { spread } from './spread.ts';

/** What Cilium's own programs listen on (domain §4.4). */
const ownPorts: Readonly<Record<number, string>> = {
  4240: 'cilium-health',
  4244: 'Hubble',
  9879: 'the agent’s health check',
  9890: 'the agent’s gops',
  9891: 'the operator’s gops',
  9962: 'the agent’s metrics',
  9963: 'the operator’s metrics',
  9964: 'Envoy’s metrics',
  9965: 'Hubble’s metrics',
  10256: 'the health check of kube-proxy replacement',
};
/** Services whose settings are read. */
const mostServices = 20;

/** R13 of domain §10. */
export const portConflict: Runbook = {
  id: 'port-conflict',
  title: 'Two uses of one node port or host port',
  says: 'Whether two services or pods want one port of a node and Cilium programs only one of them. Rules out a service that by its own settings answers only on some nodes (externalTrafficPolicy: Local) or only some sources (loadBalancerSourceRanges).',
  from: ['nodes/host-port-conflict'],
  target: {
    kinds: ['Service'],
    suspects: () => [],
  },
  steps: [
    {
      type: 'look',
      id: 'uses',
      title: 'who wants which port',
      decides: true,
      async look(state) {
        mustRead(state, ['pods', 'services', 'systemPods']);
        return uses(state);
      },
    },
    {
      type: 'look',
      id: 'programmed',
      title: 'which of them an agent has programmed',
      skip: (state) =>
        restsOn(state, 'uses') ||
        ((readBy<readonly Clash[]>(state, 'uses') ?? []).length > 0 ? '' : 'no port is wanted twice'),
      look: (state, asks, signal) => programmed(state, asks, signal),
    },
    {
      type: 'look',
      id: 'own-ports',
      title: 'whether a pod takes a port of Cilium itself',
      async look(state) {
        mustRead(state, ['pods', 'systemPods']);
        return takenFromCilium(state);
      },
    },
    {
      type: 'look',
      id: 'wishes',
      title: 'services that answer only on some nodes, or only some sources, by their own settings',
      look: (state, asks, signal) => wishes(state, asks, signal),
    },
    {
      type: 'look',
      id: 'range',
      title: 'whether the node keeps its node ports to itself',
      async look(state) {
        mustRead(state, ['configMaps']);
        const isKept = ciliumConfig(state.snapshot)['enable-auto-protect-node-port-range'] !== 'false';
        const source = 'cilium-config';
        return isKept
          ? nothingOf('enable-auto-protect-node-port-range is on: no outgoing connection takes one', source)
          : {
              evidence: [
                speaksFor(
                  'enable-auto-protect-node-port-range is off: an outgoing connection of the node may hold a node port',
                  source,
                ),
              ],
            };
      },
    },
  ],
};

type Clash = { text: string; objects: readonly ObjectRef[]; ports: readonly number[] };

function uses(state: RunState): Looked {
  const { snapshot, now, target } = state;
  const source = 'services and pods';
  const clashes = hostPortConflict
    .look(snapshot, now)
    .map((suspect) => {
      const text = (suspect as { text?: string }).text ?? '';
      const named = [...text.matchAll(/(\d+)\/\w+ of (Service|Pod) ([^/\s]+)\/(\S+)/g)];
      const objects = named.map(([, , kind = '', namespace = '', name = '']) => ({ kind, namespace, name }));
      return { text, objects, ports: named.map(([, port]) => Number(port)) };
    })
    .filter(({ objects }) => target === undefined || objects.some((one) => refKey(one) === refKey(target)));
  if (clashes.length === 0) {
    const ports = [...snapshot.tables.services.rows.values()].flatMap((one) =>
      one.ports.filter(({ nodePort }) => nodePort > 0),
    );
    return {
      evidence: [speaksAgainst(`${count(ports.length, 'node port')}, and none is wanted twice`, source)],
      value: [],
    };
  }
  const old = agents(snapshot, now).find(({ version }) => version !== '')?.version ?? '';
  return {
    evidence: [
      ...atMost(
        clashes.map(({ text }) => text),
        6,
        'port',
      ).map((text) => speaksFor(text, source)),
      seen(
        `agents run ${old || 'a version that is not told'}; from 1.17 on Cilium tells the protocols of one port apart`,
        'images',
      ),
    ],
    causes: [wantedTwice(clashes, 'likely')],
    value: clashes,
  };
}

function wantedTwice(clashes: readonly Clash[], confidence: Cause['confidence'], lost = ''): Cause {
  return {
    id: 'port-wanted-twice',
    text: `${clashes
      .map(({ text }) => text)
      .slice(0, 2)
      .join('; ')}${lost === '' ? ': Cilium programs only one of the two' : lost}.`,
    confidence,
    objects: clashes.flatMap(({ objects }) => objects).slice(0, 20),
    next: 'Give one of the two another port; where only the protocol differs, Cilium 1.17 or later (an upgrade of Kubernetes on AKS) mends it, too.',
  };
}

async function programmed(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const clashes = readBy<readonly Clash[]>(state, 'uses') ?? [];
  const ready = agents(state.snapshot, state.now).filter(({ pod, state: how }) => pod !== undefined && how === 'ready');
  const [agent] = spread(ready, 1);
  if (agent === undefined)
    return { evidence: [seen('no agent is ready', 'pod status')], missed: 'no agent could be asked' };
  const all = await asks.agent(agent, 'services', signal);
  const source = `exec cilium-dbg service list on ${agent.node}`;
  const evidence: Evidence[] = [];
  const lost: string[] = [];
  for (const { objects, ports } of clashes.slice(0, 6)) {
    const [port = 0] = ports;
    const there = all.filter((one) => one.frontend.port === port && /NodePort|HostPort/i.test(one.type));
    for (const object of objects) {
      const own = there.find(({ namespace, name }) => namespace === object.namespace && name === object.name);
      evidence.push(frontendEvidence(object, port, own, source));
      if (own === undefined && there.length > 0) lost.push(`${object.namespace}/${object.name}`);
    }
  }
  if (lost.length === 0) return { evidence, ruledOut: evidence.length > 0 ? ['port-wanted-twice'] : [] };
  return {
    evidence,
    causes: [wantedTwice(clashes, 'certain', `: the agents have no frontend for ${names(lost)}`)],
  };
}

function frontendEvidence(object: ObjectRef, port: number, own: AgentService | undefined, source: string): Evidence {
  const who = `${object.kind} ${object.namespace}/${object.name}`;
  if (own === undefined) return speaksFor(`${who}: no frontend on port ${port}`, source, object);
  const { ip, protocol } = own.frontend;
  return seen(
    `${who}: frontend ${ip}:${port}/${protocol} with ${count(own.backends.length, 'backend')}`,
    source,
    object,
  );
}

/** Pods of others on the host's network, or with a host port, that want what Cilium listens on. */
function takenFromCilium({ snapshot }: RunState): Looked {
  const taken = [...snapshot.tables.pods.rows.values()].flatMap((pod) => {
    if (pod.hostPorts.length === 0 || /cilium/.test(`${pod.ownerName} ${pod.labels['k8s-app'] ?? ''}`)) return [];
    return pod.hostPorts.flatMap((one) => {
      const port = Number(/:(\d+)\//.exec(one)?.[1] ?? 0);
      const whose = ownPorts[port];
      return whose === undefined ? [] : [{ pod, port, whose }];
    });
  });
  const source = 'pods';
  if (taken.length === 0) return nothingOf('none does', source);
  const objects = taken.map(({ pod: { namespace, name } }) => ({ kind: 'Pod', namespace, name }));
  return {
    evidence: taken
      .slice(0, 6)
      .map(({ pod, port, whose }) =>
        speaksFor(
          `Pod ${pod.namespace}/${pod.name} on ${pod.node || 'no node'} wants host port ${port}, which is ${whose}`,
          source,
          { kind: 'Pod', namespace: pod.namespace, name: pod.name },
        ),
      ),
    causes: [
      {
        id: 'port-of-cilium-taken',
        text: `${names(objects.map(({ namespace, name }) => `${namespace}/${name}`))} want host ports that Cilium’s own programs listen on.`,
        confidence: 'likely',
        objects: objects.slice(0, 20),
        next: 'Give these pods another host port: Cilium’s are fixed on AKS.',
      },
    ],
  };
}

async function wishes(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  mustRead(state, ['services', 'endpointSlices', 'nodes']);
  const { snapshot, target } = state;
  const exposed = [...snapshot.tables.services.rows.values()].filter(
    (one) =>
      one.ports.some(({ nodePort }) => nodePort > 0) &&
      (target === undefined || (target.name === one.name && target.namespace === one.namespace)),
  );
  const source = 'Service';
  const evidence: Evidence[] = [];
  for (const service of exposed.slice(0, mostServices)) {
    const { namespace, name } = service;
    const object = { kind: 'Service', namespace, name };
    const raw = await asks.object({ group: '', version: 'v1', plural: 'services' }, namespace, name, signal);
    const ranges = list(at(raw, 'spec', 'loadBalancerSourceRanges')).map((one) => text(one, 60));
    if (ranges.length > 0)
      evidence.push(
        speaksAgainst(
          `Service ${namespace}/${name} lets in ${names(ranges)} only (loadBalancerSourceRanges): others are dropped by its own wish`,
          source,
          object,
        ),
      );
    if (text(at(raw, 'spec', 'externalTrafficPolicy')) === 'Local')
      evidence.push(speaksAgainst(localText(state, service), source, object));
  }
  const left = exposed.length - mostServices;
  return {
    evidence:
      evidence.length > 0 ? evidence : [seen(`none of ${count(exposed.length, 'service')} with node ports`, source)],
    ...(left > 0 ? { missed: `${count(left, 'service')} more were not read` } : {}),
  };
}

/** On which nodes a service of policy Local has somebody to answer. */
function localText({ snapshot }: RunState, { namespace, name }: ServiceRow): string {
  const { endpointSlices, nodes } = snapshot.tables;
  const ready = endpointSlices
    .by('owner', `${namespace}/${name}`)
    .flatMap(({ endpoints }) => endpoints.filter((one) => one.ready));
  const on = new Set(ready.map(({ node }) => node).filter((node) => node !== ''));
  return `Service ${namespace}/${name} answers on ${on.size} of ${count(nodes.rows.size, 'node')} by its own wish (externalTrafficPolicy: Local): the others have no pod of it`;
}
