import { count, names, sinceText } from '../checks/words.ts';
import type { ServiceRow } from '../model/objects/others.ts';
import { type ObjectRef, refText } from '../model/ref.ts';
import { type ServiceWay, serviceWay, serviceWays } from '../model/service-way.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { changedBefore } from './changed-before.ts';
import { mustRead, nothingOf, readBy, restsOn, seen, speaksAgainst, speaksFor } from './look.ts';
import type { Cause, Looked, Runbook, RunState } from './runbook.ts';
import { wayCause, wayTroubles } from './service-troubles.ts';

export const serviceUnreachable: Runbook = {
  id: 'service-unreachable',
  title: 'A service does not answer',
  says: 'Where the way from a service to its pods ends: a selector that no pod matches, a target port that no container has, pods that are not ready, or a policy between the client that is named and it. Rules out what stands in the API; what a container does with a connection it takes is not seen from there.',
  from: ['backends/selector-matches-nothing', 'backends/target-port-unmatched', 'backends/none-ready'],
  target: {
    kinds: ['Service'],
    suspects: (snapshot) =>
      serviceWays(snapshot)
        .filter((way) => wayTroubles(way).some(({ confidence }) => confidence === 'certain'))
        .sort((a, b) => b.changed - a.changed)
        .map(({ service }) => serviceRef(service)),
    second: 'a pod that tries to reach it',
  },
  steps: [
    {
      type: 'look',
      id: 'way',
      title: 'its selector, its ports, and its pods',
      decides: true,
      async look(state) {
        mustRead(state, ['services', 'pods', 'systemPods', 'endpointSlices']);
        return wayOf(state);
      },
    },
    {
      type: 'look',
      id: 'nearest',
      title: 'what nearly matches the selector',
      skip: (state) => restsOn(state, 'way') || (isEmpty(state) ? '' : 'it selects pods'),
      async look(state) {
        return { evidence: nearest(state.snapshot, readBy<ServiceWay>(state, 'way') as ServiceWay) };
      },
    },
    {
      type: 'look',
      id: 'probe',
      title: 'why its pods are not ready',
      skip: (state) =>
        restsOn(state, 'way') ||
        ((readBy<ServiceWay>(state, 'way')?.unready.length ?? 0) > 0 ? '' : 'no pod of it runs unready'),
      async look(state, asks, signal) {
        const [pod] = readBy<ServiceWay>(state, 'way')?.unready ?? [];
        if (pod === undefined) return nothingOf('no pod of it runs unready', 'pod status');
        const ref = { kind: 'Pod', namespace: pod.namespace, name: pod.name };
        const events = (await asks.events(ref, signal)).filter(({ type }) => type !== 'Normal').slice(-3);
        const lines = events.map(({ reason, message, count: times }) =>
          seen(`${refText(ref)}: ${reason}${times > 1 ? ` ×${times}` : ''}: ${message}`, 'events', ref),
        );
        return { evidence: lines.length > 0 ? lines : [seen(`${refText(ref)}: no warning is kept`, 'events', ref)] };
      },
    },
    {
      type: 'look',
      id: 'policy',
      title: 'whether policies let the client through',
      skip: ({ others, target }) => (others.length > 0 && target !== undefined ? '' : 'no client was named'),
      async look({ target, others }, asks, signal) {
        const [client] = others;
        const from = `${client?.namespace}/${client?.name}`;
        const to = `svc/${target?.namespace}/${target?.name}`;
        const report = await asks.policies.verdict({ from, to, port: 0, protocol: 'TCP' }, signal);
        const denied = report.answers.filter(({ verdict }) => verdict === 'deny');
        if (denied.length === 0)
          return { evidence: [speaksAgainst(`policies let ${from} through to ${to}`, 'policies')] };
        const [first] = denied;
        const side = first?.egress.verdict === 'deny' ? first.egress : first?.ingress;
        const cause: Cause = {
          id: 'policy-denies',
          text: `Policies stop ${from} on its way to ${to}: ${side?.reason}.`,
          confidence: 'certain',
          objects: [...(target ? [target] : []), ...(client ? [client] : [])],
          next: first?.mend[0]?.what ?? 'Let the client through with a rule of its own.',
        };
        return { evidence: [speaksFor(cause.text, 'policies')], causes: [cause] };
      },
    },
    {
      type: 'look',
      id: 'last-change',
      title: 'what was changed shortly before',
      skip: ({ cause }) => (cause === undefined ? 'there is no trouble to date' : ''),
      async look(state) {
        const way = readBy<ServiceWay>(state, 'way');
        const { namespace } = way?.service ?? {};
        const since = way?.changed || state.now;
        const changes = changedBefore(state, since, ({ object }) => object.namespace === namespace);
        return {
          evidence: changes.length > 0 ? changes : [seen(`nothing in ${namespace}, as far as is known`, 'timeline')],
        };
      },
    },
  ],
};

function serviceRef({ namespace, name }: ServiceRow): ObjectRef {
  return { kind: 'Service', namespace, name };
}

function isEmpty(state: RunState): boolean {
  const way = readBy<ServiceWay>(state, 'way');
  return way !== undefined && way.pods.length === 0 && way.atZero === undefined;
}

function wayOf({ snapshot, target, now }: RunState): Looked {
  if (target === undefined) {
    const all = serviceWays(snapshot);
    return nothingOf(`${count(all.length, 'service')} that select pods: each leads to ready ones`, 'services');
  }
  const way = serviceWay(snapshot, target.namespace ?? '', target.name);
  if (way === undefined) {
    const words = `${refText(target)} has no selector: whoever writes its EndpointSlices says where it leads`;
    return { evidence: [seen(words, 'services', target)] };
  }
  const troubles = wayTroubles(way);
  const where = `${count(way.pods.length, 'pod')}, ${way.ready.length} ready${sinceText(way.changed, now)}`;
  if (troubles.length === 0) {
    const leads = `${refText(target)} leads to ${where}; ports ${names(way.ports.map(({ title, target: to }) => `${title} → ${to}`))}`;
    return { evidence: [speaksAgainst(leads, 'services', target)], value: way };
  }
  return {
    evidence: [
      ...(way.pods.length === 0 ? [] : [seen(`${refText(target)} selects ${where}`, 'services', target)]),
      ...troubles.map(({ text }) => speaksFor(text, 'services', target)),
    ],
    causes: troubles.map((trouble) => wayCause(way, trouble)),
    value: way,
  };
}

/** Which of its labels nobody has, and who has one that is like it. */
function nearest({ tables }: Snapshot, { service }: ServiceWay): Looked['evidence'] {
  const pods = tables.pods.by('namespace', service.namespace);
  return Object.entries(service.selector).map(([key, value]) => {
    const having = pods.filter(({ labels }) => labels[key] === value).length;
    const others = pods.flatMap(({ labels }) => (labels[key] !== undefined ? [`${key}=${labels[key]}`] : []));
    const alike = pods.flatMap(({ labels }) =>
      Object.entries(labels).flatMap(([other, text]) => (text === value && other !== key ? [`${other}=${text}`] : [])),
    );
    const near = counted(having > 0 ? [] : alike.length > 0 ? alike : others);
    const words = having > 0 ? count(having, 'pod') : 'no pod';
    return seen(
      `${key}=${value}: ${words}${near === '' ? '' : `; but ${near}`}`,
      'labels of pods',
      serviceRef(service),
    );
  });
}

function counted(labels: readonly string[]): string {
  const groups = [...Map.groupBy(labels, (label) => label)].sort(([, a], [, b]) => b.length - a.length);
  return names(groups.map(([label, all]) => `${count(all.length, 'pod')} with ${label}`));
}
