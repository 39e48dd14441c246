// What policies cost in a cluster that is watched: 99,000 pods in 3,000 classes, 500 namespaces, 2,000 policies. Index,
// an edit until its findings are told, verdicts, map, what-if, and 1,000 pods a second that come and go: processor time
// of one thread, so that a busy machine does not matter.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { checks } from '../src/checks/index.ts';
import { createJudge } from '../src/checks/judge.ts';
import { createChecks } from '../src/checks/run.ts';
import type { Change } from '../src/model/change.ts';
import { createIntern } from '../src/model/intern.ts';
import { type KindId, kinds } from '../src/model/kinds.ts';
import type { SourceId } from '../src/model/link.ts';
import type { RawObject, Row } from '../src/model/objects/row.ts';
import { livePolicies } from '../src/model/policies/live-policies.ts';
import { mapReport } from '../src/model/policies/map-report.ts';
import type { Turns } from '../src/model/policies/turns.ts';
import type { Question } from '../src/model/policies/verdict.ts';
import { verdictReport } from '../src/model/policies/verdict-report.ts';
import { whatIfReport } from '../src/model/policies/what-if-report.ts';
import { apply, emptySnapshot } from '../src/model/snapshot.ts';
import { noTimeline } from '../src/model/timeline-fold.ts';
import { type Figure, report } from './report.ts';

const namespaces = 500;
const appsEach = 6;
const podsEach = 33;
const clusterwide = 20;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const intern = createIntern();
const figures: Figure[] = [];
const start = Date.now();
let now = start;
let version = 0;
let snapshot = emptySnapshot(start, noTimeline);
let address = 0;

const objects = new Map<KindId, RawObject[]>();
fill();
load();
const rowsMegabytes = megabytes();

const index = timed(() => {
  const { engine } = livePolicies(snapshot);
  for (const one of engine.index.identities.classes) engine.index.applied(one, 'ingress');
  return engine;
});
const engine = index.value;
const { policies } = engine.index.facts;
figures.push({ what: 'index, every class decided', figure: `${index.ms.toFixed(0)} ms`, aim: '≤ 2,000 ms' });

const judging = createChecks({ checks: checks.filter(({ id }) => id.startsWith('policies/')) });
const first = timed(() => judging.judge(snapshot, now));
figures.push({
  what: 'lints, first look',
  figure: `${first.ms.toFixed(0)} ms`,
  limit: `${first.value.findings.length} findings`,
});
const liveMegabytes = megabytes();

edit('one policy of a namespace edited, to its findings', 'ciliumNetworkPolicies', 50, '≤ 50 ms');
edit('one clusterwide policy edited, to its findings', 'ciliumClusterwideNetworkPolicies', 10, '≤ 50 ms');
everybody();
edit(
  'one clusterwide policy about everybody edited, to its findings',
  'ciliumClusterwideNetworkPolicies',
  5,
  '',
  'everybody',
);
askVerdicts();

const map = longest(mapReport(livePolicies(snapshot), '', now));
figures.push({
  what: 'the whole map',
  figure: `${map.ms.toFixed(0)} ms`,
  limit: `${map.value.namespaces.length ** 2} cells, longest turn ${map.longestMs.toFixed(0)} ms`,
  aim: '≤ 2,000 ms',
});
const draft = { put: [], remove: [policies[700]?.ref ?? policies[0]?.ref].filter((ref) => ref !== undefined) };
const whatIf = longest(whatIfReport(livePolicies(snapshot), draft, createJudge(), now));
figures.push({
  what: 'what if one policy were deleted',
  figure: `${whatIf.ms.toFixed(0)} ms`,
  limit: `longest turn ${whatIf.longestMs.toFixed(0)} ms`,
});
const asked = { from: 'team-1/app-0', to: 'team-2/app-2', port: 8080, protocol: 'TCP' } as const;
const why = longest(verdictReport(livePolicies(snapshot), asked, now));
figures.push({
  what: 'why a pair is denied, with what would allow it',
  figure: `${why.ms.toFixed(0)} ms`,
  limit: `${why.value.answers[0]?.mend.length ?? 0} ways, longest turn ${why.longestMs.toFixed(0)} ms`,
});
churn();
figures.push({ what: 'heap, rows alone', figure: `${rowsMegabytes.toFixed(0)} MB` });
figures.push({ what: 'heap, with index, summaries and findings', figure: `${liveMegabytes.toFixed(0)} MB` });

const { classes } = engine.index.identities;
report(
  `Policies: ${engine.index.facts.pods.length} pods, ${classes.length} classes, ${policies.length} policies (processor time)`,
  figures,
);

/** Every edit adds a source that was not there; the rest of the cluster stays. */
function edit(what: string, kind: KindId, times: number, aim: string, only = ''): void {
  const all = (objects.get(kind) ?? []).filter(({ metadata }) => only === '' || (metadata as RawObject).name === only);
  let worst = 0;
  let total = 0;
  for (let n = 0; n < times; n++) {
    const raw = all[(n * 7) % all.length] as { metadata: RawObject; spec: { ingress: RawObject[] } };
    const rule = { fromEndpoints: [{ matchLabels: { app: `edited-${n}` } }] };
    const edited = { ...raw, spec: { ...raw.spec, ingress: [...raw.spec.ingress, rule] } };
    now += 1_000;
    const { ms } = timed(() => {
      put(kind, [edited]);
      const { summaries } = livePolicies(snapshot);
      judging.judge(snapshot, now);
      return summaries;
    });
    total += ms;
    worst = Math.max(worst, ms);
  }
  figures.push({
    what,
    figure: `${(total / times).toFixed(1)} ms`,
    limit: `at worst ${worst.toFixed(0)} ms`,
    ...(aim ? { aim } : {}),
  });
}

/** What every edit of it touches is all there is. */
function everybody(): void {
  const rules = [{ fromEntities: ['cluster'] }];
  const raw = { metadata: { name: 'everybody' }, spec: { endpointSelector: {}, ingress: rules } };
  add('ciliumClusterwideNetworkPolicies', raw);
  put('ciliumClusterwideNetworkPolicies', [raw]);
  livePolicies(snapshot);
  judging.judge(snapshot, now);
}

function askVerdicts(): void {
  const asked = 100_000;
  const verdicts: Record<string, number> = { allow: 0, deny: 0, unknown: 0 };
  const known = livePolicies(snapshot).engine;
  known.ask(question(0));
  const { ms } = timed(() => {
    for (let n = 0; n < asked; n++) {
      const { verdict } = known.ask(question(n));
      verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
    }
  });
  const told = Object.entries(verdicts).map(([word, count]) => `${count} ${word}`);
  figures.push(
    { what: 'one verdict', figure: `${((ms * 1_000) / asked).toFixed(1)} µs`, limit: told.join(', '), aim: '≤ 50 µs' },
    { what: 'verdicts a second', figure: Math.round((asked / ms) * 1_000).toLocaleString('en') },
  );
}

/** Each second 500 pods of workloads that are there end and 500 others come, with their endpoints. */
function churn(): void {
  const seconds = 20;
  const pods = objects.get('pods') ?? [];
  let follow = 0;
  let judge = 0;
  const { revision } = livePolicies(snapshot);
  for (let second = 0; second < seconds; second++) {
    now += 1_000;
    const gone = Array.from({ length: 500 }, (_, n) => pods[(second * 500 + n) * 7] as RawObject);
    const uids = gone.map((raw) => uidOf('pods', raw));
    snapshot = apply(snapshot, [{ type: 'remove', kind: 'pods', uids, at: now }], now);
    const come = gone.map((raw, n) => {
      const metadata = raw.metadata as RawObject;
      return { ...raw, metadata: { ...metadata, name: `${String(metadata.name)}-${second}-${n}` } };
    });
    put('pods', come);
    put(
      'ciliumEndpoints',
      come.map((raw) => endpointOf(raw)),
    );
    follow += timed(() => livePolicies(snapshot)).ms;
    judge += timed(() => judging.judge(snapshot, now)).ms;
  }
  figures.push(
    {
      what: '1,000 pods a second, followed',
      figure: `${(follow / seconds).toFixed(1)} ms/s`,
      limit: `${livePolicies(snapshot).revision - revision} revisions`,
    },
    { what: '1,000 pods a second, lints', figure: `${(judge / seconds).toFixed(1)} ms/s` },
  );
}

function timed<T>(run: () => T): { value: T; ms: number } {
  const before = process.threadCpuUsage();
  const value = run();
  const { user, system } = process.threadCpuUsage(before);
  return { value, ms: (user + system) / 1_000 };
}

function longest<Result>(turns: Turns<Result | string>): { value: Result; ms: number; longestMs: number } {
  let ms = 0;
  let longestMs = 0;
  for (;;) {
    const turn = timed(() => turns.next());
    ms += turn.ms;
    longestMs = Math.max(longestMs, turn.ms);
    if (turn.value.done) return { value: turn.value.value as Result, ms, longestMs };
  }
}

function megabytes(): number {
  collect();
  return process.memoryUsage().heapUsed / 1e6;
}

function put(kind: KindId, raws: readonly RawObject[]): void {
  const rows = raws.map((raw) => {
    version += 1;
    const metadata = { ...(raw.metadata as RawObject), uid: uidOf(kind, raw), resourceVersion: String(version) };
    return kinds[kind].project({ ...raw, metadata }, intern) as Row;
  });
  snapshot = apply(snapshot, [{ type: 'put', kind, rows, at: now } as unknown as Change], now);
}

function uidOf(kind: KindId, { metadata }: RawObject): string {
  const { namespace, name } = metadata as { namespace?: string; name: string };
  return `${kind}/${namespace ?? ''}/${name}`;
}

function load(): void {
  for (const [kind, raws] of objects) {
    for (let at = 0; at < raws.length; at += 500) put(kind, raws.slice(at, at + 500));
  }
  const sources: readonly SourceId[] = ['systemPods', ...(Object.keys(kinds) as KindId[])];
  const links = sources.map((source): Change => ({ type: 'link', source, link: { phase: 'live', heard: now } }));
  snapshot = apply(snapshot, links, now);
}

function question(n: number): Question {
  const [from, to] = [(n * 7_919) % namespaces, n % 3 === 0 ? (n * 7_919) % namespaces : (n * 31 + 1) % namespaces];
  return {
    from: { pod: `team-${from}/app-${n % appsEach}-1` },
    to: { pod: `team-${to}/app-${(n >> 3) % appsEach}-2` },
    port: n % 5 === 0 ? 9090 : 8080,
    protocol: 'TCP',
  };
}

function add(kind: KindId, raw: RawObject): void {
  const known = objects.get(kind);
  if (known) known.push(raw);
  else objects.set(kind, [raw]);
}

function identityNumber(namespace: number, app: number): number {
  return 10_000 + namespace * appsEach + app;
}

function endpointOf({ metadata }: RawObject): RawObject {
  const { namespace, labels } = metadata as { namespace: string; labels: { app: string } };
  const id = identityNumber(Number(namespace.slice('team-'.length)), Number(labels.app.slice('app-'.length)));
  return { metadata: { ...(metadata as RawObject), labels: {} }, status: { state: 'ready', identity: { id } } };
}

function fill(): void {
  for (let n = 0; n < 1_000; n++) {
    const addresses = [{ type: 'InternalIP', address: `10.255.${n >> 8}.${n & 255}` }];
    add('nodes', { metadata: { name: `node-${n}`, labels: { pool: `p${n % 10}` } }, status: { addresses } });
  }
  for (let n = 0; n < namespaces; n++) fillNamespace(n);
  for (let n = 0; n < clusterwide; n++) {
    const spec = {
      endpointSelector: { matchLabels: { tier: 'db', 'io.cilium.k8s.namespace.labels.group': `g${n}` } },
      ingress: [{ fromEndpoints: [{ matchLabels: { tier: 'web' } }] }],
    };
    add('ciliumClusterwideNetworkPolicies', { metadata: { name: `wide-${n}` }, spec });
  }
}

function fillNamespace(n: number): void {
  const namespace = `team-${n}`;
  const group = `g${n % 20}`;
  add('namespaces', { metadata: { name: namespace, labels: { group } } });
  for (let app = 0; app < appsEach; app++) {
    const labels = { app: `app-${app}`, tier: app % 2 === 0 ? 'web' : 'db', 'app.kubernetes.io/part-of': namespace };
    const known = {
      ...labels,
      'io.kubernetes.pod.namespace': namespace,
      'io.cilium.k8s.namespace.labels.group': group,
    };
    add('ciliumIdentities', {
      metadata: { name: String(identityNumber(n, app)) },
      'security-labels': Object.fromEntries(Object.entries(known).map(([key, value]) => [`k8s:${key}`, value])),
    });
    for (let pod = 0; pod < podsEach; pod++) {
      address += 1;
      const ownerReferences = [{ kind: 'StatefulSet', name: `app-${app}`, uid: `u-${n}-${app}`, controller: true }];
      const raw = {
        metadata: { name: `app-${app}-${pod}`, namespace, labels, ownerReferences },
        spec: {
          nodeName: `node-${address % 1_000}`,
          serviceAccountName: 'default',
          containers: [{ name: 'c', ports: [{ name: 'http', containerPort: 8080 }] }],
        },
        status: { phase: 'Running', podIP: `10.${address >> 16}.${(address >> 8) & 255}.${address & 255}` },
      };
      add('pods', raw);
      add('ciliumEndpoints', endpointOf(raw));
    }
  }
  add('networkPolicies', {
    metadata: { name: 'default-deny', namespace },
    spec: { podSelector: {}, policyTypes: ['Ingress'] },
  });
  for (let app = 0; app < (n < clusterwide ? 2 : 3); app++) {
    const from = [
      { matchLabels: { app: `app-${app + 1}` } },
      { matchLabels: { 'k8s:io.kubernetes.pod.namespace': `team-${(n + 1) % namespaces}`, tier: 'web' } },
    ];
    add('ciliumNetworkPolicies', {
      metadata: { name: `app-${app}`, namespace },
      spec: {
        endpointSelector: { matchLabels: { app: `app-${app}` } },
        ingress: [{ fromEndpoints: from, toPorts: [{ ports: [{ port: '8080', protocol: 'TCP' }] }] }],
        egress: [{ toEndpoints: [{}] }, { toEntities: ['cluster'] }, { toCIDR: ['203.0.113.0/24'] }],
      },
    });
  }
}
