import { count, names, number } from '../checks/words.ts';
import { refText } from '../model/ref.ts';
import { serviceWay } from '../model/service-way.ts';
import { dnsFailures as failedNames } from '../queries/dns-failures.ts';
import { changedBefore } from './changed-before.ts';
import { coredns, corednsLog, corednsRef } from './coredns.ts';
import { type ConfigProblem, customConfigProblems } from './dns-custom-config.ts';
import { askLogs, hasLogs } from './logged.ts';
import { findingsOf, mustRead, nothingOf, readBy, seen, speaksAgainst, speaksFor, toldBy } from './look.ts';
import { namesLogged } from './names-logged.ts';
import { namesOfAll } from './names-of-all.ts';
import type { Cause, LookAsks, Looked, Runbook, RunState } from './runbook.ts';
import { wayTroubles } from './service-troubles.ts';

/** The first playbook of the network observability guide, with what Microsoft's agent looks at besides. */
export const dnsFailures: Runbook = {
  id: 'dns-failures',
  title: 'Names are not resolved',
  says: 'Why pods cannot resolve names: CoreDNS down or short, a custom configuration that it cannot read, an upstream that does not answer, a policy that stops port 53, or a cache on the nodes that nothing leads to. Rules out the cluster’s own part; a name that does not exist is the asker’s.',
  asksAzure: true,
  from: [
    ...['dns/not-ready', 'dns/node-local-not-allowed', 'azure/local-dns-not-allowed'],
    ...['policies/dns-not-allowed', 'policies/fqdn-without-dns-rule'],
  ],
  target: { kinds: ['Pod'], suspects: () => [] },
  steps: [
    {
      type: 'look',
      id: 'coredns',
      title: 'whether CoreDNS runs and is ready',
      decides: true,
      async look(state) {
        mustRead(state, ['deployments', 'systemPods']);
        return coredns(state);
      },
    },
    {
      type: 'look',
      id: 'last-words',
      title: 'what CoreDNS said as it ended, or says now',
      async look(state, asks, signal) {
        return corednsLog(state, asks, signal);
      },
    },
    {
      type: 'look',
      id: 'custom-config',
      title: 'whether CoreDNS can read ConfigMap coredns-custom',
      async look(state, asks, signal) {
        return customConfig(state, asks, signal);
      },
    },
    {
      type: 'look',
      id: 'service',
      title: 'whether Service kube-dns leads to it',
      decides: true,
      async look(state) {
        mustRead(state, ['services', 'systemPods', 'endpointSlices']);
        return service(state);
      },
    },
    {
      type: 'look',
      id: 'policies',
      title: 'whether policies let pods ask',
      decides: true,
      async look(state, asks, signal) {
        mustRead(state, ['networkPolicies', 'ciliumNetworkPolicies', 'ciliumClusterwideNetworkPolicies', 'pods'], {
          noneIfMissing: ['ciliumNetworkPolicies', 'ciliumClusterwideNetworkPolicies'],
        });
        return policies(state, asks, signal);
      },
    },
    {
      type: 'look',
      id: 'node-local',
      title: 'whether anything leads to a DNS cache on the nodes',
      async look(state, asks, signal) {
        mustRead(state, ['daemonSets']);
        return nodeLocal(state, asks, signal);
      },
    },
    {
      type: 'look',
      id: 'answers',
      title: 'which names fail for whom, by the flow logs',
      skip: (state) =>
        hasLogs(state, failedNames) ? '' : 'no flow logs are known of: DNS is seen there only for pods with DNS rules',
      async look(state, asks, signal) {
        const namespace = state.target?.namespace ?? '';
        const { rows, remarks } = await askLogs(state, asks, failedNames, { namespace }, signal);
        if (rows.length === 0) return nothingOf('no answer but NOERROR in the last hour', 'KQL dns-failures');
        const lines = rows
          .slice(0, 5)
          .map(({ Asker, Code, Name, Flows }) =>
            seen(`${Asker}: ${Code} ×${number(Number(Flows))}${Name ? ` for ${Name}` : ''}`, 'KQL dns-failures'),
          );
        const total = (code: string) =>
          rows.filter(({ Code }) => Code === code).reduce((sum, { Flows }) => sum + Number(Flows), 0);
        const meant = meanings.flatMap(([code, text]) =>
          total(code) > 0 ? [seen(`${code} ×${number(total(code))}: ${text}`, 'KQL dns-failures')] : [],
        );
        return { evidence: [...meant, ...lines], ...(remarks === '' ? {} : { missed: remarks }) };
      },
    },
    {
      type: 'look',
      id: 'agent-says',
      title: 'what the agent of its node says of its DNS proxy',
      skip: ({ target }) => (target === undefined ? 'no pod is named' : ''),
      look({ target, ...state }, asks, signal) {
        const pod = state.snapshot.tables.pods.named(target?.namespace ?? '', target?.name ?? '');
        return namesLogged({ target, ...state }, pod?.node ?? '', proxyTroubles, asks, signal);
      },
    },
    {
      type: 'look',
      id: 'last-change',
      title: 'what was changed shortly before',
      skip: ({ cause }) => (cause === undefined ? 'there is no trouble to date' : ''),
      async look(state) {
        const since = readBy<number>(state, 'coredns') ?? state.now;
        const changes = changedBefore(
          state,
          since,
          ({ object: { namespace, name, kind } }) =>
            (namespace === 'kube-system' && name.includes('dns')) || kind.endsWith('NetworkPolicy'),
        );
        return { evidence: changes.length > 0 ? changes : [seen('nothing of DNS and no policy', 'timeline')] };
      },
    },
  ],
};

const proxyTroubles = ['dns-upstream-failed', 'wireguard-port-taken', 'fqdn-update-late'] as const;

const meanings: readonly (readonly [string, string])[] = [
  ['REFUSED', 'a policy lets no such name through, or the server answers for no such zone'],
  ['SERVFAIL', 'CoreDNS asked further up and got no answer it could use'],
  ['NXDOMAIN', 'there is no such name; each search domain that is tried first counts as well'],
];

async function customConfig(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const source = 'ConfigMap kube-system/coredns-custom';
  const ref = { kind: 'ConfigMap', namespace: 'kube-system', name: 'coredns-custom' };
  const object = await asks.object(
    { group: '', version: 'v1', plural: 'configmaps' },
    'kube-system',
    'coredns-custom',
    signal,
  );
  const { keys, problems } = customConfigProblems(object);
  if (keys.length === 0) return { evidence: [speaksAgainst('it has no entry', source, ref)] };
  const wrong = problems.filter(({ text }) => !text.startsWith('is not read'));
  const unread = problems
    .filter(({ text }) => text.startsWith('is not read'))
    .map(({ key, text }) => seen(`${key} ${text}`, source, ref));
  const [first] = wrong;
  if (first === undefined)
    return {
      evidence: [speaksAgainst(`${names(keys)}: nothing wrong with the names of directives`, source, ref), ...unread],
    };
  const fits = (readBy<readonly string[]>(state, 'last-words') ?? []).some((line) => line.includes(first.key));
  const isDown = state.found.get('coredns')?.causes?.length;
  const cause: Cause = {
    id: 'custom-config-broken',
    text: `CoreDNS cannot read ${placeOf(first)} of coredns-custom: ${first.text}.${isDown ? '' : ' Pods that run keep what they read before, and the next to start will end.'}`,
    confidence: fits ? 'certain' : isDown ? 'likely' : 'possible',
    objects: [ref, corednsRef('coredns')],
    next: `Correct ${placeOf(first)}: kubectl -n kube-system edit configmap coredns-custom, then kubectl -n kube-system rollout restart deploy coredns.`,
  };
  return {
    evidence: [...wrong.slice(0, 4).map((one) => speaksFor(`${placeOf(one)}: ${one.text}`, source, ref)), ...unread],
    causes: [cause],
  };
}

function placeOf({ key, line }: ConfigProblem): string {
  return line === 0 ? key : `line ${line} of ${key}`;
}

function service({ snapshot }: RunState): Looked {
  const way = serviceWay(snapshot, 'kube-system', 'kube-dns');
  const ref = { kind: 'Service', namespace: 'kube-system', name: 'kube-dns' };
  if (way === undefined) {
    const text = 'There is no Service kube-system/kube-dns: pods ask an address that leads nowhere.';
    const cause: Cause = {
      id: 'no-dns-service',
      text,
      confidence: 'likely',
      objects: [ref],
      next: 'Make it again; on AKS an update of the cluster does.',
    };
    return { evidence: [speaksFor('kube-system has no Service kube-dns', 'services')], causes: [cause] };
  }
  const troubles = wayTroubles(way).filter(({ confidence }) => confidence === 'certain');
  if (troubles.length === 0)
    return {
      evidence: [
        speaksAgainst(`${way.service.clusterIP} leads to ${count(way.ready.length, 'ready pod')}`, 'services', ref),
      ],
    };
  // Pods that are not ready are told of by those that look at the pods.
  const own = troubles.filter(
    ({ id }) => id !== 'no-ready-pods' && id !== 'pods-do-not-run' && id !== 'scaled-to-none',
  );
  return {
    evidence: troubles.map(({ text }) => speaksFor(text, 'services', ref)),
    causes: own.map(({ text, confidence, next }) => ({
      id: 'dns-service-leads-nowhere',
      text,
      confidence,
      next,
      objects: [ref],
    })),
  };
}

const lints = [
  'policies/dns-not-allowed',
  'dns/node-local-not-allowed',
  'azure/local-dns-not-allowed',
  'policies/fqdn-without-dns-rule',
];

async function policies(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const { target } = state;
  const told = findingsOf(state, lints);
  const evidence = told.flatMap((finding) => toldBy(finding, 2));
  const causes = told.map(({ id, title, objects, next }): Cause => {
    const local = id !== 'policies/dns-not-allowed' && id !== 'policies/fqdn-without-dns-rule';
    const confidence = target === undefined ? 'possible' : 'likely';
    return {
      id: local ? 'local-dns-not-allowed' : 'policy-stops-dns',
      text: `${title}.`,
      confidence,
      objects: objects.slice(0, 5),
      next,
    };
  });
  if (target === undefined || state.snapshot.tables.services.named('kube-system', 'kube-dns') === undefined)
    return evidence.length > 0
      ? { evidence, causes }
      : nothingOf('no policy is known that would keep pods from asking kube-dns', 'policies');
  const from = `${target.namespace}/${target.name}`;
  const answers = await Promise.all(
    (['UDP', 'TCP'] as const).map((protocol) =>
      asks.policies.verdict({ from, to: 'svc/kube-system/kube-dns', port: 53, protocol }, signal),
    ),
  );
  const denied = answers.flatMap((report) => report.answers.filter(({ verdict }) => verdict === 'deny'));
  const [first] = denied;
  if (first === undefined)
    return {
      evidence: [
        speaksAgainst(`${refText(target)} may ask kube-dns, by UDP and TCP`, 'policies', target),
        ...evidence.map((one) => ({ ...one, speaks: 'neither' as const })),
      ],
    };
  const side = first.egress.verdict === 'deny' ? first.egress : first.ingress;
  const by = names([...side.rules.map(({ policy }) => refText(policy)), ...side.isolating.map(refText)]);
  const text = `${refText(target)} may not ask kube-dns: ${side.reason}${by === '' ? '' : `, by ${by}`}.`;
  const next = first.mend[0]?.what ?? 'Allow port 53, UDP and TCP, to k8s-app=kube-dns in kube-system.';
  const cause: Cause = {
    id: 'policy-stops-dns',
    text,
    confidence: 'certain',
    objects: [target, ...side.isolating.map((one) => ({ ...one }))],
    next,
  };
  return { evidence: [speaksFor(text, 'policies', target)], causes: [cause] };
}

/** A cache on each node is reached through a local redirect policy; what kube-proxy's iptables did for it, Cilium does not do. */
async function nodeLocal({ snapshot }: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const [cache] = snapshot.tables.daemonSets
    .by('namespace', 'kube-system')
    .filter(({ name, selector }) => name === 'node-local-dns' || selector['k8s-app'] === 'node-local-dns');
  if (cache === undefined) return nothingOf('no DaemonSet node-local-dns', 'daemonSets');
  const ref = { kind: 'DaemonSet', namespace: 'kube-system', name: cache.name };
  const redirects = await namesOfAll(asks, 'cilium.io', 'ciliumlocalredirectpolicies', signal);
  if (redirects.length > 0) {
    const sick = cache.ready < cache.desired;
    const words = `${cache.ready} of ${cache.desired} ready, reached by ${names(redirects)}`;
    return { evidence: [sick ? speaksFor(words, 'daemonSets', ref) : speaksAgainst(words, 'daemonSets', ref)] };
  }
  const cause: Cause = {
    id: 'node-local-without-redirect',
    text: `${cache.name} runs on ${count(cache.ready, 'node')}, and no CiliumLocalRedirectPolicy leads to it: its caches are not asked, and pods that were told its address get no answer.`,
    confidence: 'possible',
    objects: [ref],
    next: 'Add a CiliumLocalRedirectPolicy for Service kube-system/kube-dns (AKS 1.29 and later), and allow DNS to k8s-app=node-local-dns; or take the DaemonSet out.',
  };
  return {
    evidence: [speaksFor('no CiliumLocalRedirectPolicy in any namespace', 'CiliumLocalRedirectPolicies', ref)],
    causes: [cause],
  };
}
