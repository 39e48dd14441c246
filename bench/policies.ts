// What the policy engine costs at 100,000 pods in 3,000 classes, 500 namespaces and 2,000 policies: processor time of
// one thread, so that a busy machine does not matter.
import type { RawObject } from '../src/model/objects/row.ts';
import { readFacts } from '../src/model/policies/read-facts.ts';
import { createEngine, type Question } from '../src/model/policies/verdict.ts';
import { report } from './report.ts';

const namespaces = 500;
const appsEach = 6;
const podsEach = 33;

const objects = cluster();
const read = timed(() => readFacts(objects, { version: '1.18.11', dialect: 'cilium' }));
const index = timed(() => {
  const engine = createEngine(read.value);
  for (const one of engine.index.identities.classes) engine.index.applied(one, 'ingress');
  return engine;
});
const engine = index.value;

const asked = 100_000;
const verdicts: Record<string, number> = { allow: 0, deny: 0, unknown: 0 };
const ask = timed(() => {
  for (let n = 0; n < asked; n++) {
    const { verdict } = engine.ask(question(n));
    verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
  }
});

const policies = read.value.policies;
const edits = 200;
const edit = timed(() => {
  for (let n = 0; n < edits; n++) {
    const at = (n * 7) % policies.length;
    const changed = engine.withPolicies(policies.map((policy, index) => (index === at ? { ...policy } : policy)));
    const touched = policies[at]?.ref.namespace ?? '';
    for (const one of changed.index.identities.classes) {
      if (touched === '' || one.namespace === touched) changed.index.applied(one, 'ingress');
    }
  }
});

const { classes } = engine.index.identities;
report(
  `Policies: ${read.value.pods.length} pods, ${classes.length} classes, ${policies.length} policies (processor time)`,
  [
    { what: 'objects to facts', figure: `${read.ms.toFixed(0)} ms` },
    { what: 'facts to index, every class decided', figure: `${index.ms.toFixed(0)} ms`, aim: '≤ 2,000 ms' },
    {
      what: 'one verdict',
      figure: `${((ask.ms * 1_000) / asked).toFixed(1)} µs`,
      limit: Object.entries(verdicts)
        .map(([word, count]) => `${count} ${word}`)
        .join(', '),
      aim: '≤ 50 µs',
    },
    { what: 'one policy edited', figure: `${(edit.ms / edits).toFixed(2)} ms`, aim: '≤ 50 ms' },
    { what: 'memory', figure: `${(process.memoryUsage().heapUsed / 1e6).toFixed(0)} MB` },
  ],
);

function timed<T>(run: () => T): { value: T; ms: number } {
  const before = process.cpuUsage();
  const value = run();
  const { user, system } = process.cpuUsage(before);
  return { value, ms: (user + system) / 1_000 };
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

function cluster(): RawObject[] {
  const all: RawObject[] = [];
  let address = 0;
  for (let n = 0; n < namespaces; n++) {
    const namespace = `team-${n}`;
    all.push({ kind: 'Namespace', metadata: { name: namespace, labels: { group: `g${n % 20}` } } });
    for (let app = 0; app < appsEach; app++) {
      for (let pod = 0; pod < podsEach; pod++) {
        address += 1;
        const labels = {
          app: `app-${app}`,
          tier: app % 2 === 0 ? 'web' : 'db',
          'app.kubernetes.io/part-of': namespace,
        };
        const ports = [{ name: 'http', containerPort: 8080 }];
        all.push({
          kind: 'Pod',
          metadata: { name: `app-${app}-${pod}`, namespace, labels },
          spec: { nodeName: `node-${address % 1_000}`, serviceAccountName: 'default', containers: [{ ports }] },
          status: { podIP: `10.${address >> 16}.${(address >> 8) & 255}.${address & 255}` },
        });
      }
    }
    const policy = (kind: string, name: string, spec: RawObject) => {
      const apiVersion = kind === 'NetworkPolicy' ? 'networking.k8s.io/v1' : 'cilium.io/v2';
      all.push({ apiVersion, kind, metadata: { name, namespace }, spec });
    };
    policy('NetworkPolicy', 'default-deny', { podSelector: {}, policyTypes: ['Ingress'] });
    for (let app = 0; app < 3; app++) {
      const from = [
        { matchLabels: { app: `app-${app + 1}` } },
        { matchLabels: { 'k8s:io.kubernetes.pod.namespace': `team-${(n + 1) % namespaces}`, tier: 'web' } },
      ];
      policy('CiliumNetworkPolicy', `app-${app}`, {
        endpointSelector: { matchLabels: { app: `app-${app}` } },
        ingress: [{ fromEndpoints: from, toPorts: [{ ports: [{ port: '8080', protocol: 'TCP' }] }] }],
        egress: [{ toEndpoints: [{}] }, { toEntities: ['cluster'] }, { toCIDR: ['203.0.113.0/24'] }],
      });
    }
  }
  return all;
}
