import { offer } from '../actions/offer.ts';
import { restartOperator } from '../actions/restart-operator.ts';
import { lastWords, podLines } from '../checks/agents/workload-lines.ts';
import { age, count, names } from '../checks/words.ts';
import { agents } from '../model/agents.ts';
import { clock } from '../model/clock.ts';
import { clusterMode } from '../model/cluster-mode.ts';
import type { PodRow } from '../model/objects/pod.ts';
import { type Operator, operator, operatorSkew } from '../model/operator.ts';
import type { ObjectRef } from '../model/ref.ts';
import { changedBefore, isOfTheNetwork } from './changed-before.ts';
import { findingsOf, mustRead, nothingOf, seen, speaksAgainst, speaksFor } from './look.ts';
import type { Cause, Looked, Runbook, RunState } from './runbook.ts';
import { saidEvidence, saidOf } from './said-of.ts';

const deployment: ObjectRef = { kind: 'Deployment', namespace: 'kube-system', name: 'cilium-operator' };
const lease: ObjectRef = { kind: 'Lease', namespace: 'kube-system', name: 'cilium-operator-resource-lock' };
/** Its metrics' port on the host: whoever holds it keeps the operator away (domain §4.4). */
const metricsPort = 9963;

/** R10 of domain §10. */
export const operatorDown: Runbook = {
  id: 'operator-down',
  title: 'The operator is down, or nobody leads',
  says: 'Why no operator works: its pods end, find no node, find their port taken, or run without being able to renew the lease. Rules out a single replica that is missing where another one leads, and the second replica of a cluster of one node.',
  from: ['agents/operator-unavailable', 'agents/operator-without-leader', 'agents/operator-without-standby'],
  steps: [
    {
      type: 'look',
      id: 'replicas',
      title: 'how the pods of the operator are',
      decides: true,
      async look(state) {
        mustRead(state, ['deployments', 'systemPods', 'nodes']);
        return replicasOf(state);
      },
    },
    {
      type: 'look',
      id: 'lease',
      title: 'who leads, and since when',
      decides: true,
      async look(state) {
        mustRead(state, ['leases', 'deployments', 'systemPods']);
        return leaseOf(state);
      },
    },
    {
      type: 'look',
      id: 'log',
      title: 'what the operators said in the last half hour',
      skip: whenWell,
      async look({ snapshot, now }, asks, signal) {
        const pods = operator(snapshot, now).workload?.pods ?? [];
        const speakers = pods
          .filter(({ deleting, node }) => deleting === 0 && node !== '')
          .map(({ namespace, name }) => ({
            ...{ namespace, pod: name },
            ...{ container: 'cilium-operator', program: 'operator' as const },
          }));
        const { said, missed } = await saidOf(asks, speakers, logPatterns, 30 * 60_000, signal);
        return {
          evidence: said.length > 0 ? saidEvidence(said) : [seen('nothing of leases or the API server', 'log')],
          ...(missed === '' ? {} : { missed }),
        };
      },
    },
    {
      type: 'look',
      id: 'versions',
      title: 'whether operator and agents are of one version',
      skip: whenWell,
      async look({ snapshot, now }) {
        const skew = operatorSkew(operator(snapshot, now), agents(snapshot, now));
        return { evidence: [seen(skew || 'they are of one minor version', 'images')] };
      },
    },
    {
      type: 'look',
      id: 'reach',
      title: 'what waits for the operator',
      skip: whenWell,
      look: async (state) => ({ evidence: waitingFor(state).map((text) => seen(text, 'objects')) }),
    },
    {
      type: 'look',
      id: 'last-change',
      title: 'what was changed shortly before',
      skip: whenWell,
      async look(state) {
        const since = downSince(state);
        const changes = changedBefore(state, since, isOfTheNetwork);
        return { evidence: changes.length > 0 ? changes : [seen('nothing that runs the network', 'timeline')] };
      },
    },
    {
      type: 'offer',
      id: 'restart',
      title: 'bring one back',
      offers({ snapshot, cause }) {
        if (cause === undefined || !restartable.includes(cause.id)) return [];
        const target = { which: 'all' as const };
        const refusal = restartOperator.refuses?.(target, snapshot) ?? '';
        return [offer(restartOperator, target, 'restart all pods of the operator', refusal)];
      },
    },
  ],
};

/** Where a new pod may fare better than the old one. */
const restartable: readonly string[] = ['ends-again-and-again', 'lease-not-renewed'];

const logPatterns = [
  'api-server-unreachable',
  'api-heartbeat-failed',
  'lease-lost',
  'lease-not-written',
  'crd-version-missing',
] as const;

function replicasOf({ snapshot, now }: RunState): Looked {
  const found = operator(snapshot, now);
  const { workload, desired, ready } = found;
  if (workload === undefined) {
    if (clusterMode(snapshot).cni === 'not-cilium')
      return nothingOf('there is no Cilium in this cluster', 'deployments');
    return {
      evidence: [speaksFor('there is no Deployment cilium-operator in kube-system', 'deployments')],
      causes: [missingCause(snapshot)],
    };
  }
  const source = 'pod status';
  const sick = workload.pods.filter((pod) => !pod.ready && pod.deleting === 0);
  const lines = podLines(sick.length > 0 ? sick : workload.pods, now);
  if (ready > 0)
    return {
      evidence: [
        speaksAgainst(`${ready} of ${count(desired, 'replica')} ready`, source, deployment),
        ...(found.pendingIsNormal
          ? [speaksAgainst('replicas exclude each other from a node: with one node the second waits for ever', source)]
          : lines.filter(() => sick.length > 0).map((text) => seen(text, source, deployment))),
      ],
    };
  const evidence = [
    speaksFor(`0 of ${count(desired, 'replica')} ready`, source, deployment),
    ...lines.map((text) => speaksFor(text, source, deployment)),
  ];
  return { evidence, causes: [whyDown(found, sick)] };
}

function missingCause(snapshot: RunState['snapshot']): Cause {
  const isManaged = clusterMode(snapshot).cni === 'managed-cilium';
  return {
    id: 'deployment-missing',
    text: 'The Deployment cilium-operator is gone.',
    confidence: 'certain',
    objects: [deployment],
    next: isManaged
      ? 'AKS puts it back at its next reconcile; `az aks update` without a change makes one happen now.'
      : 'Install it again from the chart: helm upgrade --install cilium with the values that are in force.',
  };
}

function whyDown({ desired }: Operator, sick: readonly PodRow[]): Cause {
  const objects = [deployment, ...sick.map(podRef)];
  const certain = { confidence: 'certain' as const, objects };
  if (desired === 0)
    return {
      ...certain,
      id: 'scaled-to-zero',
      text: 'The operator is scaled to 0 replicas.',
      next: 'Scale it up again: kubectl -n kube-system scale deploy cilium-operator --replicas=2; AKS does so at its next reconcile.',
    };
  if (sick.length === 0)
    return {
      ...certain,
      id: 'no-pods',
      text: `The Deployment wants ${count(desired, 'pod')} of the operator, and there is none.`,
      next: 'See why none is made: kubectl -n kube-system describe rs -l io.cilium/app=operator; a quota, an admission webhook, or the controller.',
    };
  const [unscheduled] = sick.filter((pod) => pod.unscheduled !== '');
  if (unscheduled !== undefined && sick.every((pod) => pod.unscheduled !== '')) {
    if (/free ports/.test(unscheduled.unscheduled))
      return {
        ...certain,
        id: 'port-taken',
        text: `No node has port ${metricsPort} free for the operator: ${unscheduled.unscheduled}`,
        next: `Find who holds host port ${metricsPort} on the nodes and move it; the operator then starts by itself.`,
      };
    return {
      ...certain,
      id: 'no-node',
      text: `No node takes the operator: ${unscheduled.unscheduled}`,
      next: 'Give it room: uncordon or add a node, or lift the taint that keeps it away; it then starts by itself.',
    };
  }
  const pull = sick.find(({ status }) => /ImagePull|ErrImage/.test(status));
  if (pull !== undefined)
    return {
      ...certain,
      id: 'image-not-pulled',
      text: `The image of the operator cannot be pulled: ${pull.status}.`,
      next: 'See whether the nodes reach the registry (outbound rules, private DNS); the pull is tried again by itself.',
    };
  const words = sick.map(lastWords).find((text) => text !== '') ?? '';
  const port = new RegExp(`:${metricsPort}\\b.*address already in use|address already in use.*:${metricsPort}\\b`);
  if (port.test(words))
    return {
      ...certain,
      id: 'port-taken',
      text: `The operator ends because port ${metricsPort} of its node is taken: "${words}".`,
      next: `Find who listens on port ${metricsPort} of that node and move it; the operator then starts by itself.`,
    };
  if (words === '')
    return {
      ...{ id: 'not-ready', confidence: 'likely', objects },
      text: `The ${count(sick.length, 'pod')} of the operator run and are not ready.`,
      next: 'Read their events and their logs: kubectl -n kube-system describe pod -l io.cilium/app=operator',
    };
  return {
    ...certain,
    id: 'ends-again-and-again',
    text: `The operator ends again and again: "${words.slice(0, 300)}".`,
    next: 'Mend what these last words name; then delete its pods, so that they do not wait out their back-off.',
  };
}

function leaseOf({ snapshot, now }: RunState): Looked {
  const { workload, lease: held, ready } = operator(snapshot, now);
  if (workload === undefined) return { evidence: [] };
  const source = 'lease';
  if (held === undefined)
    return {
      evidence: [speaksFor(`there is no ${lease.name}`, source, lease)],
      causes: leaderless(ready, 'there is no lease'),
    };
  const { holder, row, expired } = held;
  const told = `held by ${holder || 'nobody'}, renewed ${row.renewed ? clock(row.renewed) : 'never'} (${age(held.age)} ago), ${count(row.transitions, 'change')} of holder since it was made`;
  if (!expired) return { evidence: [speaksAgainst(told, source, lease)] };
  return {
    evidence: [speaksFor(told, source, lease)],
    causes: leaderless(ready, `the lease was not renewed for ${age(held.age)}`),
  };
}

/** Where no pod is ready, that is why nobody renews it. */
function leaderless(ready: number, how: string): readonly Cause[] {
  if (ready === 0) return [];
  return [
    {
      id: 'lease-not-renewed',
      text: `An operator runs, but none leads: ${how}.`,
      confidence: 'certain',
      objects: [lease, deployment],
      next: 'Read its log for "Failed to update lock" (API server, rights), then delete the pod that held the lease: another takes it.',
    },
  ];
}

/** What domain §10 calls the impact: traffic goes on, what is new is not told to others. */
function waitingFor(state: RunState): readonly string[] {
  const { snapshot, now } = state;
  const tainted = agents(snapshot, now).filter(({ taint, state: how }) => taint !== undefined && how === 'ready');
  const missing = findingsOf(state, ['endpoints/missing-from-slices']);
  const explained = snapshot.judgement.findings.flatMap(({ explains = [] }) => explains);
  return [
    'existing traffic goes on; no slice is written, no identity collected, no agent-not-ready taint lifted',
    ...missing.map(({ title }) => title),
    ...explained.filter(({ id }) => id.startsWith('endpoints/')).map(({ title, reach }) => `${title} (${reach})`),
    ...(tainted.length > 0
      ? [`${count(tainted.length, 'node')} with a ready agent still tainted: ${names(tainted.map(({ node }) => node))}`]
      : []),
  ];
}

function downSince({ snapshot, now }: RunState): number {
  const { lease: held } = operator(snapshot, now);
  return held?.row.renewed ?? now;
}

function whenWell({ cause, found }: RunState): string {
  if (cause !== undefined) return '';
  return found.has('replicas') && found.has('lease')
    ? 'an operator is ready and leads'
    : 'nothing was seen of the operator';
}

function podRef({ namespace, name }: PodRow): ObjectRef {
  return { kind: 'Pod', namespace, name };
}
