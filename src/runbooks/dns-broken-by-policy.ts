import { count, names } from '../checks/words.ts';
import { dns } from '../model/dns.ts';
import type { PairReport } from '../model/policies/policy-asks.ts';
import type { Protocol } from '../model/policies/rule.ts';
import { type ObjectRef, refText } from '../model/ref.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { changedBefore } from './changed-before.ts';
import { dnsProxy, learntNames, localCache, podOf, usesNames } from './dns-on-node.ts';
import { droppedPackets } from './dropped-packets.ts';
import {
  findingsOf,
  mustHaveLooked,
  mustRead,
  nothingOf,
  readBy,
  restsOn,
  seen,
  speaksAgainst,
  speaksFor,
  toldBy,
} from './look.ts';
import { namesLogged } from './names-logged.ts';
import { endOf, mendOffers, pairText, policiesOf, worstOf } from './pair-verdict.ts';
import type { Cause, LookAsks, Looked, Runbook, RunState } from './runbook.ts';

const lints = ['policies/dns-not-allowed', 'policies/fqdn-without-dns-rule', 'policies/fqdn-without-acns'];

/** R5 of domain §10. */
export const dnsBrokenByPolicy: Runbook = {
  id: 'dns-broken-by-policy',
  title: 'A policy breaks name resolution',
  says: 'Whether an egress or FQDN policy keeps pods from resolving names: port 53 not allowed, a cache on the node that is not allowed, names without a DNS rule, or a DNS proxy that is away. Rules out CoreDNS itself being down, where every pod fails alike.',
  from: [
    'policies/dns-not-allowed',
    'policies/fqdn-without-dns-rule',
    'policies/fqdn-without-acns',
    'dns/node-local-not-allowed',
  ],
  target: { kinds: ['Pod'], suspects: ({ judgement, tables }) => firstCutOff(judgement, tables) },
  steps: [
    {
      type: 'look',
      id: 'coredns',
      title: 'whether CoreDNS answers at all',
      decides: true,
      async look(state) {
        mustRead(state, ['deployments', 'systemPods']);
        return coredns(state);
      },
    },
    {
      type: 'look',
      id: 'written',
      title: 'what is wrong with the policies’ own words about DNS',
      decides: true,
      look: async (state) => written(state),
    },
    {
      type: 'look',
      id: 'port-53',
      title: 'whether the pod may ask kube-dns, by UDP and TCP',
      decides: true,
      skip: noPod,
      look: mayAsk,
    },
    {
      type: 'look',
      id: 'local-cache',
      title: 'whether a cache on the nodes is left out',
      async look(state) {
        mustHaveLooked(state, ['dns/node-local-not-allowed']);
        return localCache(state);
      },
    },
    {
      type: 'look',
      id: 'dns-proxy',
      title: 'whether the DNS proxy of the node is there',
      skip: (state) =>
        noPod(state) || restsOn(state, 'written') || (usesNames(state.snapshot) ? '' : 'no policy goes by names'),
      async look(state) {
        mustRead(state, ['daemonSets', 'systemPods']);
        return dnsProxy(state);
      },
    },
    {
      type: 'look',
      id: 'learnt-names',
      title: 'which names the agent of its node has learnt',
      skip: (state) =>
        noPod(state) || restsOn(state, 'written') || (usesNames(state.snapshot) ? '' : 'no policy goes by names'),
      look: learntNames,
    },
    {
      type: 'look',
      id: 'agent-says',
      title: 'what the agent of its node says of names',
      skip: (state) => noPod(state) || restsOn(state, 'written'),
      look: (state, asks, signal) =>
        namesLogged(state, podOf(state)?.node ?? '', ['fqdn-too-many-addresses', 'fqdn-update-late'], asks, signal),
    },
    {
      type: 'look',
      id: 'dropped',
      title: 'whether its questions are dropped now, for six seconds',
      skip: noPod,
      limitMs: 30_000,
      look: dropped,
    },
    {
      type: 'look',
      id: 'last-change',
      title: 'which policies were changed within the hour',
      skip: ({ cause }) => (cause === undefined ? 'there is no trouble to date' : ''),
      async look(state) {
        const changes = changedBefore(state, state.now, ({ object: { kind } }) => kind.endsWith('NetworkPolicy'));
        return { evidence: changes.length > 0 ? changes : [seen('none', 'timeline')] };
      },
    },
    {
      type: 'offer',
      id: 'mend',
      title: 'the smallest changes that would allow it',
      offers(state) {
        const pair = readBy<PairReport>(state, 'port-53');
        return pair?.verdict === 'deny' ? mendOffers(state.snapshot, pair.mend) : [];
      },
    },
  ],
};

/** The pod that a lint names: `pay/web-0 may not ask kube-dns`. */
function firstCutOff({ findings }: Snapshot['judgement'], tables: Snapshot['tables']): readonly ObjectRef[] {
  const told = findings
    .filter(({ id }) => id === 'policies/dns-not-allowed')
    .flatMap(({ title, evidence }) => [title, ...evidence]);
  const named = told.flatMap((line) => [...line.matchAll(/([a-z0-9.-]+)\/([a-z0-9.-]+) may not ask kube-dns/g)]);
  return named
    .map(([, namespace = '', name = '']): ObjectRef => ({ kind: 'Pod', namespace, name }))
    .filter(({ namespace = '', name }) => tables.pods.named(namespace, name) !== undefined);
}

function noPod(state: RunState): string {
  const pod = podOf(state);
  if (pod === undefined) return 'no pod is named';
  return pod.hostNetwork ? 'it is on the host’s network: no policy of pods is about it' : '';
}

function coredns(state: RunState): Looked {
  const { workload, desired, ready } = dns(state.snapshot, state.now);
  if (workload === undefined) return { evidence: [seen('there is no Deployment of CoreDNS', 'deployments')] };
  const about = { kind: 'Deployment', namespace: 'kube-system', name: workload.name };
  const text = `${ready} of ${count(desired, 'CoreDNS pod')} ready`;
  if (ready > 0) return { evidence: [seen(text, 'deployments', about)] };
  return {
    evidence: [speaksFor(`${text}: every pod fails alike`, 'deployments', about)],
    causes: [
      {
        ...{ id: 'coredns-down', confidence: 'certain', objects: [about] },
        text: `CoreDNS is down (${text}): no policy is needed to explain it.`,
        next: 'Runbook dns-failures says why.',
      },
    ],
  };
}

const causeIds: Readonly<Record<string, string>> = {
  'policies/dns-not-allowed': 'dns-denied',
  'policies/fqdn-without-dns-rule': 'names-without-dns-rule',
  'policies/fqdn-without-acns': 'names-not-supported',
};

function written(state: RunState): Looked {
  mustHaveLooked(state, lints);
  const target = state.target;
  const found = findingsOf(state, lints).filter(
    ({ objects }) =>
      target === undefined ||
      objects.some(({ namespace }) => namespace === undefined || namespace === target.namespace),
  );
  if (found.length === 0) return nothingOf('no policy that lets pods out forgets DNS', 'checks');
  return {
    evidence: found.flatMap((finding) => toldBy(finding, 3)),
    causes: found.map(({ id, title, objects, next }): Cause => {
      const about = names(objects.map(refText));
      return {
        ...{ id: causeIds[id] ?? 'dns-denied', confidence: 'likely', objects: objects.slice(0, 5) },
        text: `${title}: ${about}.`,
        next,
      };
    }),
  };
}

async function mayAsk(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const from = state.target && endOf(state.target);
  if (from === undefined) return nothingOf('no pod is named', 'policies');
  const evidence = [];
  let denied: PairReport | undefined;
  let unread = '';
  let l7 = '';
  for (const protocol of ['UDP', 'TCP'] as const satisfies readonly Protocol[]) {
    const report = await asks.policies.verdict({ from, to: 'svc/kube-system/kube-dns', port: 53, protocol }, signal);
    const answer = worstOf(report);
    unread = report.unread.join(' ');
    if (answer === undefined) continue;
    const text = `${answer.from} → kube-dns ${pairText(answer)}`;
    if (answer.verdict === 'deny') denied ??= answer;
    if (answer.verdict === 'unknown') unread ||= text;
    l7 ||= answer.l7;
    evidence.push(
      answer.verdict === 'deny' ? speaksFor(text, 'policies', policiesOf(answer)[0]) : seen(text, 'policies'),
    );
  }
  if (l7 !== '') evidence.push(seen(l7, 'policies'));
  const rest = unread === '' ? {} : { missed: unread };
  if (denied === undefined)
    return {
      evidence: [speaksAgainst('it may ask kube-dns', 'policies'), ...evidence],
      ruledOut: ['dns-denied'],
      ...rest,
    };
  return {
    evidence,
    causes: [
      {
        ...{
          id: 'dns-denied',
          confidence: 'likely',
          objects: [...policiesOf(denied), ...(state.target ? [state.target] : [])],
        },
        text: `${state.target === undefined ? 'The pod' : refText(state.target)} may not ask kube-dns: ${pairText(denied)}.`,
        next: denied.mend[0]?.what ?? 'Allow UDP and TCP 53 to k8s-app=kube-dns in kube-system.',
      },
    ],
    value: denied,
    ...rest,
  };
}

async function dropped(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const pod = podOf(state);
  if (pod === undefined) return nothingOf('no pod is named', 'pods');
  const isQuestion = ({ source, destination }: { source: { address: string }; destination: { port: number } }) =>
    destination.port === 53 && (pod.ips.includes(source.address) || pod.ip === source.address);
  const drops = await droppedPackets(state, asks, pod.node, 6_000, signal, isQuestion);
  const questions = drops.filter(isQuestion);
  const source = `exec cilium-dbg monitor on ${pod.node}`;
  if (questions.length === 0)
    return {
      evidence: [
        seen(`none of its questions was dropped meanwhile; ${count(drops.length, 'other packet')} on its node`, source),
      ],
    };
  const [first] = questions;
  const denied = readBy<PairReport>(state, 'port-53');
  const by = denied === undefined ? '' : `, by ${names(policiesOf(denied).map(refText))}`;
  const byPolicy = /^policy denied/i.test(first?.reason ?? '');
  return {
    evidence: [
      speaksFor(
        `its questions to ${first?.destination.address}:53 are dropped: ${first?.reason}`,
        source,
        state.target,
      ),
    ],
    causes: byPolicy
      ? [
          {
            ...{
              id: 'dns-denied',
              confidence: 'certain',
              objects: [...(denied === undefined ? [] : policiesOf(denied)), ...(state.target ? [state.target] : [])],
            },
            text: `The questions of ${pod.namespace}/${pod.name} to kube-dns are dropped as denied${by}.`,
            next: denied?.mend[0]?.what ?? 'Allow UDP and TCP 53 to k8s-app=kube-dns in kube-system.',
          },
        ]
      : [],
  };
}
