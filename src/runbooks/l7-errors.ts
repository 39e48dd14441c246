import { count, names } from '../checks/words.ts';
import { ciliumConfig } from '../model/cluster-mode.ts';
import type { PodRow } from '../model/objects/pod.ts';
import type { PolicyReport } from '../model/policies/policy-asks.ts';
import type { PolicyRef } from '../model/policies/rule.ts';
import { type ObjectRef, refText } from '../model/ref.ts';
import { serviceWay, serviceWays } from '../model/service-way.ts';
import { readLog } from './agent-on-node.ts';
import { changedBefore } from './changed-before.ts';
import { agentsOfAcns, httpPolicies } from './http-policies.ts';
import { findingsOf, mustRead, nothingOf, readBy, seen, speaksAgainst, speaksFor, toldBy } from './look.ts';
import type { Cause, LookAsks, Looked, Runbook, RunState } from './runbook.ts';
import { answers, isServer, leastCalls, muchShare, type Server } from './server-answers.ts';
import { wayCause, wayTroubles } from './service-troubles.ts';

/** The fourth playbook of the network observability guide. */
export const l7Errors: Runbook = {
  id: 'l7-errors',
  title: 'Calls are answered with errors (HTTP 5xx, 403)',
  says: 'Which servers answer calls with errors, and whether the server, its pods, the proxy or a policy with HTTP rules is what does so. HTTP is seen where a policy has HTTP rules, and in the logs of the pods that are named; without either it says that it could not tell.',
  asksAzure: true,
  from: ['policies/l7-in-clusterwide', 'azure/l7-limits', 'policies/l7-without-acns'],
  target: { kinds: ['Service'], suspects: () => [] },
  steps: [
    {
      type: 'look',
      id: 'seen-by',
      title: 'whether a proxy sees HTTP at all',
      decides: true,
      async look(state, asks, signal) {
        mustRead(state, ['ciliumNetworkPolicies', 'configMaps', 'daemonSets'], {
          noneIfMissing: ['ciliumNetworkPolicies'],
        });
        return seenBy(state, asks, signal);
      },
    },
    {
      type: 'look',
      id: 'answers',
      title: 'how servers answered in the last quarter of an hour, by the flow logs',
      decides: true,
      skip: (state) => (proxied(state).policies.length > 0 ? '' : 'no policy has HTTP rules: nobody sees HTTP answers'),
      async look(state, asks, signal) {
        return answers(state, asks, signal);
      },
    },
    {
      type: 'look',
      id: 'backends',
      title: 'whether its service leads to ready pods',
      decides: true,
      async look(state) {
        mustRead(state, ['services', 'pods', 'systemPods', 'endpointSlices']);
        return backends(state);
      },
    },
    {
      type: 'look',
      id: 'restarts',
      title: 'whether its containers end',
      skip: (state) => (podsOf(state).length > 0 ? '' : 'no server is named or suspected'),
      async look(state) {
        const pods = podsOf(state).filter(({ restarts }) => restarts > 0);
        if (pods.length === 0) return nothingOf(`none of ${count(podsOf(state).length, 'pod')} ended`, 'pod status');
        return {
          evidence: pods
            .slice(0, 4)
            .map((pod) =>
              seen(`${pod.name}: ${pod.status}, ${count(pod.restarts, 'restart')}`, 'pod status', podRef(pod)),
            ),
        };
      },
    },
    {
      type: 'look',
      id: 'own-log',
      title: 'what its pods log of their own answers',
      skip: (state) => (listened(state).length > 0 ? '' : 'no server is named or suspected'),
      async look(state, asks, signal) {
        return ownLog(state, asks, signal);
      },
    },
    {
      type: 'look',
      id: 'last-change',
      title: 'what was changed there within the hour',
      skip: ({ cause }) => (cause === undefined ? 'there is no trouble to date' : ''),
      async look(state) {
        const namespace = serverRef(state)?.namespace;
        const changes = changedBefore(state, state.now, ({ object }) => object.namespace === namespace);
        return {
          evidence:
            changes.length > 0
              ? changes
              : [seen(`nothing in ${namespace ?? 'any namespace'}, as far as is known`, 'timeline')],
        };
      },
    },
  ],
};

/** Policies with HTTP rules that are in force, and the workloads they are about. */
type Proxied = { policies: readonly PolicyRef[]; subjects: PolicyReport['subjects'] };

function proxied(state: RunState): Proxied {
  return readBy<Proxied>(state, 'seen-by') ?? { policies: [], subjects: [] };
}

const mostPolicies = 10;

async function seenBy(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const written = httpPolicies(state.snapshot);
  const reports = await Promise.all(
    written.slice(0, mostPolicies).map(async (ref) => ({ ref, report: await asks.policies.policy(ref, signal) })),
  );
  // Of a policy that is refused nothing is in force: no proxy looks into anything for it.
  const inForce = reports.filter(({ report }) => report.inForce !== 'no');
  const policies = [...inForce.map(({ ref }) => ref), ...written.slice(mostPolicies)];
  const value: Proxied = { policies, subjects: inForce.flatMap(({ report }) => report.subjects) };
  const source = 'policies';
  const told = findingsOf(state, ['policies/l7-without-acns', 'azure/l7-limits']);
  const isOn = ciliumConfig(state.snapshot)['enable-l7-proxy'] === 'true';
  const proxy = seen(`enable-l7-proxy=${isOn}${agentsOfAcns(state.snapshot)}`, 'cilium-config, DaemonSets');
  const causes = told
    .filter(({ id }) => id === 'policies/l7-without-acns')
    .map(
      ({ title, objects, next }): Cause => ({
        id: 'no-proxy',
        text: `${title}: what the policy sends to the proxy is dropped.`,
        confidence: 'likely',
        objects: objects.slice(0, 5),
        next,
      }),
    );
  if (policies.length === 0) {
    const refused = written.length === 0 ? '' : ` that is in force (${names(written.map(refText))} is not)`;
    const words = `no policy has HTTP rules${refused}: calls pass without a proxy`;
    return { evidence: [seen(words, source), proxy], value };
  }
  const words = `${count(policies.length, 'policy has', 'policies have')} HTTP rules: ${names(policies.map(refText))}`;
  return {
    evidence: [seen(words, source), proxy, ...told.flatMap((finding) => toldBy(finding, 2))],
    causes,
    value,
  };
}

/** The server that is named, else the one that fails most. */
function serverRef(state: RunState): ObjectRef | undefined {
  if (state.target !== undefined) return state.target;
  const [worst] = readBy<readonly Server[]>(state, 'answers') ?? [];
  const [namespace = '', name = ''] = worst?.server.split('/') ?? [];
  const way = serviceWays(state.snapshot).find((one) => worst !== undefined && isServer(one, worst.server));
  if (worst === undefined) return undefined;
  return way === undefined
    ? { kind: 'Deployment', namespace, name }
    : { kind: 'Service', namespace, name: way.service.name };
}

function podsOf(state: RunState): readonly PodRow[] {
  const ref = serverRef(state);
  if (ref?.kind !== 'Service') return [];
  return serviceWay(state.snapshot, ref.namespace ?? '', ref.name)?.pods ?? [];
}

function podRef({ namespace, name }: PodRow): ObjectRef {
  return { kind: 'Pod', namespace, name };
}

function backends(state: RunState): Looked {
  const ref = serverRef(state);
  if (ref?.kind !== 'Service') {
    const sick = serviceWays(state.snapshot).filter((way) =>
      wayTroubles(way).some(({ confidence }) => confidence === 'certain'),
    );
    if (sick.length === 0) return nothingOf('every service leads to ready pods', 'services');
    // Whoever cannot connect gets no answer at all: another trouble, but one that proxies turn into 503.
    const words = `${count(sick.length, 'service leads', 'services lead')} nowhere: ${names(sick.map(({ service: { namespace, name } }) => `${namespace}/${name}`))}`;
    return { evidence: [seen(`${words}; a gateway before them answers 503`, 'services')] };
  }
  const way = serviceWay(state.snapshot, ref.namespace ?? '', ref.name);
  const troubles = way === undefined ? [] : wayTroubles(way);
  if (way === undefined || troubles.length === 0)
    return {
      evidence: [
        speaksAgainst(`${refText(ref)} leads to ${count(way?.ready.length ?? 0, 'ready pod')}`, 'services', ref),
      ],
    };
  return {
    evidence: troubles.map(({ text }) => speaksFor(text, 'services', ref)),
    causes: troubles.map((one) => wayCause(way, one)),
  };
}

const mostServers = 3;

/** Whose logs are read: the server's, else, where no flow logs tell of one, of those that policies with HTTP rules are about. */
function listened(state: RunState): readonly { ref: ObjectRef; pods: readonly PodRow[] }[] {
  const ref = serverRef(state);
  if (ref !== undefined) return podsOf(state).length === 0 ? [] : [{ ref, pods: podsOf(state) }];
  if (state.found.has('answers')) return [];
  const about = new Set(proxied(state).subjects.map(({ namespace, name }) => `${namespace}/${name}`));
  return serviceWays(state.snapshot)
    .filter((way) => [...about].some((server) => isServer(way, server)))
    .slice(0, mostServers)
    .map(({ service: { namespace, name }, pods }) => ({ ref: { kind: 'Service', namespace, name }, pods }));
}

/** A status in a line of JSON or of an access log; what else a program writes is not understood. */
const statusIn =
  /"?(?:status|status_code|statusCode|code)"?[=:]\s*"?([1-5]\d\d)\b|"(?:GET|POST|PUT|PATCH|DELETE|HEAD) [^"]*" ([1-5]\d\d) /;

async function ownLog(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const all: Looked[] = [];
  for (const { ref, pods } of listened(state)) all.push(await logOf(ref, pods.slice(0, 3), asks, signal));
  return { evidence: all.flatMap((one) => one.evidence), causes: all.flatMap((one) => one.causes ?? []) };
}

async function logOf(ref: ObjectRef, pods: readonly PodRow[], asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const codes: number[] = [];
  for (const pod of pods) {
    // The server chooses the container where no name is given and there is one; of several the first is meant.
    const lines = await readLog(
      asks,
      { namespace: pod.namespace, pod: pod.name, container: '', sinceSeconds: 900, tailLines: 500 },
      signal,
    );
    for (const line of lines) {
      const [, json, access] = statusIn.exec(line) ?? [];
      const code = Number(json ?? access ?? 0);
      if (code > 0) codes.push(code);
    }
  }
  const where = `log of ${names(pods.map(({ name }) => name))}`;
  if (codes.length === 0) return { evidence: [seen('no line that tells a status', where)] };
  const failed = codes.filter((code) => code >= 500).length;
  const share = failed / codes.length;
  const words = `5xx in ${Math.round(share * 100)}% of ${count(codes.length, 'answer')} that they log`;
  if (codes.length < leastCalls || share < muchShare) return { evidence: [speaksAgainst(words, where)] };
  const cause: Cause = {
    id: 'server-answers-with-errors',
    text: `${refText(ref)} itself answers with errors: ${words}.`,
    confidence: 'certain',
    objects: [ref, ...pods.map(podRef)],
    next: 'Look at what these pods say beside it, and at what they call themselves: the network delivered the calls and their answers.',
  };
  return { evidence: [speaksFor(words, where)], causes: [cause] };
}
