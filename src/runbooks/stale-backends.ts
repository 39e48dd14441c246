import { setTimeout as sleep } from 'node:timers/promises';
import { offer } from '../actions/offer.ts';
import { restartAgent } from '../actions/restart-agent.ts';
import { count, names, sinceText } from '../checks/words.ts';
import { type Agent, agentContainer } from '../model/agents.ts';
import { refText } from '../model/ref.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { compareBackends } from '../model/truth/compare-backends.ts';
import { type Difference, differenceKey } from '../model/truth/truth.ts';
import { agentOn, agentRef, nodeRef } from './agent-on-node.ts';
import { agentsToAsk, askEach, toldByTruth } from './agents-asked.ts';
import { mustRead, nothingOf, readBy, restsOn, seen, speaksFor } from './look.ts';
import type { Cause, LookAsks, Looked, Runbook, RunState } from './runbook.ts';
import { saidEvidence, saidOf } from './said-of.ts';

export const staleBackends: Runbook = {
  id: 'stale-backends',
  title: 'A node sends to backends that are gone (cilium#48050)',
  says: 'Whether an agent’s load balancer still has addresses that no EndpointSlice has, or lacks some, as after a reconnect to the API server at which removals were missed: part of the connections of that node then hang. Rules out agents whose backends are those of the EndpointSlices.',
  from: ['truth/backends-differ'],
  target: { kinds: ['Node', 'Pod'], suspects: toldByTruth('backends') },
  steps: [
    {
      type: 'look',
      id: 'backends',
      title: 'where agents send to, against the EndpointSlices',
      decides: true,
      limitMs: 60_000,
      async look(state, asks, signal) {
        mustRead(state, ['nodes', 'systemPods', 'daemonSets', 'services', 'endpointSlices']);
        return backends(state, asks, signal);
      },
    },
    {
      type: 'look',
      id: 'addresses',
      title: 'whose these addresses are now',
      skip: (state) => restsOn(state, 'backends') || (differences(state).length > 0 ? '' : 'no agent differs'),
      async look({ snapshot, ...state }) {
        return addresses(snapshot, differences(state));
      },
    },
    {
      type: 'look',
      id: 'agent',
      title: 'since when that agent runs, and what it said of the API server',
      skip: (state) => restsOn(state, 'backends') || (differences(state).length > 0 ? '' : 'no agent differs'),
      async look(state, asks, signal) {
        const agent = agentOn(state, differences(state)[0]?.node ?? '');
        if (agent?.pod === undefined) return nothingOf('its pod is gone', 'pod status');
        const speaker = {
          namespace: agent.pod.namespace,
          pod: agent.pod.name,
          container: agentContainer,
          program: 'agent' as const,
        };
        const runs = seen(
          `agent ${agent.version} on ${agent.node} is ${agent.state}${sinceText(agent.since, state.now)}`,
          'pod status',
          agentRef(agent),
        );
        const { said, missed } = await saidOf(asks, [speaker], ['api-heartbeat-failed'], 6 * 60 * 60_000, signal);
        return { evidence: [runs, ...saidEvidence(said)], ...(missed === '' ? {} : { missed }) };
      },
    },
    {
      type: 'look',
      id: 'slices',
      title: 'whether the EndpointSlices themselves are right',
      async look(state) {
        mustRead(state, ['endpointSlices', 'pods', 'systemPods']);
        return slices(state.snapshot);
      },
    },
    {
      type: 'offer',
      id: 'restart',
      title: 'let that agent read its services anew',
      offers({ snapshot, cause }) {
        if (cause === undefined || cause.id === 'slices-stale') return [];
        const nodes = cause.objects.filter(({ kind }) => kind === 'Node').slice(0, 3);
        return nodes.map(({ name: node }) =>
          offer(
            restartAgent,
            { node },
            `restart the agent on ${node}`,
            restartAgent.refuses?.({ node }, snapshot) ?? '',
          ),
        );
      },
    },
  ],
};

/** A change of a service reaches agents within moments: what differs must differ twice. */
const againMs = 4_000;

async function backends(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const whom = agentsToAsk(state);
  const { answers, missed } = await askEach(whom, (agent) => compared(state.snapshot, agent, asks, signal), signal);
  const rest = missed === '' ? {} : { missed };
  const source = 'exec cilium-dbg service list';
  const differing = answers.filter(({ answer }) => answer.differences.length > 0).map(({ agent }) => agent);
  const total = answers.reduce((sum, { answer }) => sum + answer.count, 0);
  if (differing.length === 0)
    return {
      ...nothingOf(
        `${count(answers.length, 'agent')}: ${count(total, 'service port')} as in the EndpointSlices`,
        source,
      ),
      ...rest,
    };
  await sleep(againMs, undefined, { signal });
  const again = await askEach(
    { asked: differing, left: 0 },
    (agent) => compared(state.snapshot, agent, asks, signal),
    signal,
  );
  const before = new Set(answers.flatMap(({ answer }) => answer.differences.map(differenceKey)));
  const found = again.answers
    .map(({ agent, answer }) => ({
      agent,
      differences: answer.differences.filter((one) => before.has(differenceKey(one))),
    }))
    .filter((one) => one.differences.length > 0);
  if (found.length === 0)
    return { ...nothingOf('what differed was only on its way: a second look found none', source), ...rest };
  return {
    evidence: found.flatMap(({ agent, differences: own }) =>
      own
        .slice(0, 5)
        .map(({ object, intended, realised }) =>
          speaksFor(`${agent.node}: ${refText(object)}: ${realised.text}; ${intended.text}`, source, object),
        ),
    ),
    causes: found.map(({ agent, differences: own }) => causeOf(agent, own)),
    value: found.flatMap((one) => one.differences),
    ...rest,
  };
}

async function compared(snapshot: Snapshot, agent: Agent, asks: LookAsks, signal: AbortSignal) {
  const services = await asks.agent(agent, 'services', signal);
  return compareBackends(snapshot, agent.node, services, undefined);
}

function causeOf(agent: Agent, all: readonly Difference[]): Cause {
  const gone = all.filter(({ type }) => type === 'backend-leftover');
  const of = (some: readonly Difference[]) => names(some.map(({ object }) => `${object.namespace}/${object.name}`));
  const removals = gone.length > 0;
  const which = removals ? gone : all;
  return {
    id: removals ? 'removals-missed' : 'additions-missed',
    text: removals
      ? `The agent on ${agent.node} still sends to ${count(gone.length, 'backend')} that no EndpointSlice has (${of(gone)}): it missed their removal.`
      : `The agent on ${agent.node} does not send to ${count(all.length, 'ready backend')} (${of(all)}).`,
    confidence: 'certain',
    objects: [nodeRef(agent.node), ...which.slice(0, 4).map(({ object }) => object)],
    next: 'Restart that agent: it then reads all EndpointSlices anew, and nothing else clears it; connections that stand go on.',
  };
}

function differences(state: Pick<RunState, 'found'>): readonly Difference[] {
  return readBy<readonly Difference[]>(state, 'backends') ?? [];
}

/** What is sent to an address that was given away reaches somebody who did not ask for it. */
function addresses({ tables }: Snapshot, all: readonly Difference[]): Looked {
  const ips = new Set(
    all.filter(({ type }) => type === 'backend-leftover').map(({ key }) => key.split(' ').at(-1) ?? ''),
  );
  const lines = [...ips].slice(0, 6).map((ip) => {
    const [pod] = tables.pods.by('ip', ip);
    return pod === undefined
      ? seen(`${ip}: nobody's, what is sent there is lost`, 'addresses of pods')
      : seen(`${ip}: now of ${pod.namespace}/${pod.name}, which gets what is not meant for it`, 'addresses of pods');
  });
  return { evidence: lines.length > 0 ? lines : [seen('none is left over', 'addresses of pods')] };
}

/** Slices that name pods which are gone: the controller's fault, and no agent's. */
function slices({ tables }: Snapshot): Looked {
  const stale = [...tables.endpointSlices.rows.values()].flatMap(({ namespace, service, endpoints }) =>
    endpoints
      .filter(({ pod, ready }) => ready && pod !== '' && tables.pods.named(namespace, pod) === undefined)
      .map(({ pod, ip }) => ({ namespace, service, pod, ip })),
  );
  if (stale.length === 0) return { evidence: [seen('every pod they name is there', 'EndpointSlices')] };
  const [first] = stale;
  const cause: Cause = {
    id: 'slices-stale',
    text: `EndpointSlices name ${count(stale.length, 'pod')} that are gone, such as ${first?.namespace}/${first?.pod} (${first?.ip}) of ${first?.service}.`,
    confidence: 'possible',
    objects: stale.slice(0, 4).map(({ namespace, service }) => ({ kind: 'Service', namespace, name: service })),
    next: 'Wait a minute; if they stay, the controller of the control plane does not keep up: AKS support.',
  };
  return {
    evidence: stale
      .slice(0, 4)
      .map(({ namespace, pod, ip }) => speaksFor(`${namespace}/${pod} (${ip}) is gone`, 'EndpointSlices')),
    causes: [cause],
  };
}
