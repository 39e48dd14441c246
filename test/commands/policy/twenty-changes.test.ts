import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../program.ts';

// Twenty changes of the policies of one small cluster. What `policy verdict` says a change would do must be what it says
// of the two states one by one, and `policy diff` must list exactly the pairs of which those two differ.

const folder = mkdtempSync(join(tmpdir(), 'ciliscope-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pods = [
  { namespace: 'shop', name: 'front', labels: 'app: front, tier: web', ip: '10.8.0.1', ports: [8080, 9090] },
  { namespace: 'shop', name: 'back', labels: 'app: back', ip: '10.8.0.2', ports: [8081] },
  { namespace: 'shop', name: 'cart', labels: 'app: cart', ip: '10.8.0.3', ports: [8082] },
  { namespace: 'pay', name: 'bank', labels: 'app: bank', ip: '10.8.0.4', ports: [8080] },
  { namespace: 'pay', name: 'audit', labels: 'app: audit, tier: web', ip: '10.8.0.5', ports: [8083] },
  { namespace: 'dns', name: 'resolver', labels: 'k8s-app: kube-dns', ip: '10.8.0.6', ports: [53] },
];
const cluster = [
  '{kind: Node, metadata: {name: n1}, status: {addresses: [{type: InternalIP, address: 10.9.0.1}]}}',
  '{kind: Namespace, metadata: {name: shop, labels: {team: sales}}}',
  '{kind: Namespace, metadata: {name: pay, labels: {team: money}}}',
  '{kind: Namespace, metadata: {name: dns}}',
  ...pods.map(
    ({ namespace, name, labels, ip, ports }) =>
      `{kind: Pod, metadata: {name: ${name}, namespace: ${namespace}, labels: {${labels}}}, spec: {nodeName: n1, containers: [{name: c, ports: [${ports.map((port) => `{name: p${port}, containerPort: ${port}}`).join()}]}]}, status: {podIP: ${ip}}}`,
  ),
];

const cnp = (name: string, namespace: string, spec: string) =>
  `{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: ${name}, namespace: ${namespace}}, spec: ${spec}}`;
const ccnp = (name: string, spec: string) =>
  `{apiVersion: cilium.io/v2, kind: CiliumClusterwideNetworkPolicy, metadata: {name: ${name}}, spec: ${spec}}`;
const np = (name: string, namespace: string, spec: string) =>
  `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: ${name}, namespace: ${namespace}}, spec: ${spec}}`;

const BACK = 'endpointSelector: {matchLabels: {app: back}}';
/** By `Kind/namespace/name`. */
const before: Readonly<Record<string, string>> = {
  'NetworkPolicy/pay/closed': np('closed', 'pay', '{podSelector: {}, policyTypes: [Ingress]}'),
  'NetworkPolicy/pay/bank': np(
    'bank',
    'pay',
    '{podSelector: {matchLabels: {app: bank}}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: sales}}}], ports: [{port: 8080}]}]}',
  ),
  'CiliumNetworkPolicy/shop/back': cnp(
    'back',
    'shop',
    `{${BACK}, ingress: [{fromEndpoints: [{matchLabels: {app: front}}], toPorts: [{ports: [{port: "8081", protocol: TCP}]}]}]}`,
  ),
  'CiliumNetworkPolicy/shop/front': cnp(
    'front',
    'shop',
    '{endpointSelector: {matchLabels: {app: front}}, egress: [{toEndpoints: [{}]}, {toEntities: [world]}]}',
  ),
  'CiliumClusterwideNetworkPolicy//no-audit': ccnp(
    'no-audit',
    '{endpointSelector: {matchLabels: {k8s-app: kube-dns}}, enableDefaultDeny: {ingress: false}, ingressDeny: [{fromEndpoints: [{matchLabels: {app: audit}}]}]}',
  ),
};

type Change = { apply?: Readonly<Record<string, string>>; remove?: readonly string[] };
const changes: Readonly<Record<string, Change>> = {
  'a NetworkPolicy is added': { apply: { 'NetworkPolicy/shop/all': np('all', 'shop', '{podSelector: {}}') } },
  'a NetworkPolicy of egress is added': {
    apply: { 'NetworkPolicy/pay/out': np('out', 'pay', '{podSelector: {}, policyTypes: [Egress]}') },
  },
  'a NetworkPolicy is removed': { remove: ['NetworkPolicy/pay/closed'] },
  'a NetworkPolicy beside another is removed': { remove: ['NetworkPolicy/pay/bank'] },
  'a NetworkPolicy lets more by': {
    apply: { 'NetworkPolicy/pay/closed': np('closed', 'pay', '{podSelector: {}, ingress: [{}]}') },
  },
  'a NetworkPolicy names another port': {
    apply: {
      'NetworkPolicy/pay/bank': np(
        'bank',
        'pay',
        '{podSelector: {matchLabels: {app: bank}}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: sales}}}], ports: [{port: 80, endPort: 8079}]}]}',
      ),
    },
  },
  'a NetworkPolicy selects other pods': {
    apply: {
      'NetworkPolicy/pay/closed': np(
        'closed',
        'pay',
        '{podSelector: {matchLabels: {app: audit}}, policyTypes: [Ingress]}',
      ),
    },
  },
  'a CiliumNetworkPolicy is added': {
    apply: {
      'CiliumNetworkPolicy/shop/cart': cnp(
        'cart',
        'shop',
        '{endpointSelector: {matchLabels: {app: cart}}, ingress: [{fromEntities: [cluster], toPorts: [{ports: [{port: p8082}]}]}], egress: [{}]}',
      ),
    },
  },
  'a CiliumNetworkPolicy of denies is added': {
    apply: {
      'CiliumNetworkPolicy/shop/deny': cnp(
        'deny',
        'shop',
        '{endpointSelector: {}, enableDefaultDeny: {ingress: false}, ingressDeny: [{fromEndpoints: [{matchLabels: {"k8s:io.kubernetes.pod.namespace": pay}}]}]}',
      ),
    },
  },
  'a CiliumNetworkPolicy is removed': { remove: ['CiliumNetworkPolicy/shop/back'] },
  'a CiliumNetworkPolicy of egress is removed': { remove: ['CiliumNetworkPolicy/shop/front'] },
  'a CiliumNetworkPolicy names other peers': {
    apply: {
      'CiliumNetworkPolicy/shop/back': cnp(
        'back',
        'shop',
        `{${BACK}, ingress: [{fromEndpoints: [{matchLabels: {app: cart}}]}]}`,
      ),
    },
  },
  'a CiliumNetworkPolicy isolates no more': {
    apply: {
      'CiliumNetworkPolicy/shop/back': cnp(
        'back',
        'shop',
        `{${BACK}, enableDefaultDeny: {ingress: false}, ingress: [{}]}`,
      ),
    },
  },
  'a CiliumNetworkPolicy comes to be refused': {
    apply: {
      'CiliumNetworkPolicy/shop/back': cnp(
        'back',
        'shop',
        `{${BACK}, ingress: [{fromEndpoints: [{}], fromEntities: [all]}]}`,
      ),
    },
  },
  'a CiliumNetworkPolicy comes to ask for authentication': {
    apply: {
      'CiliumNetworkPolicy/shop/back': cnp(
        'back',
        'shop',
        `{${BACK}, ingress: [{fromEndpoints: [{}], authentication: {mode: required}}]}`,
      ),
    },
  },
  'a CiliumClusterwideNetworkPolicy is added': {
    apply: {
      'CiliumClusterwideNetworkPolicy//web': ccnp(
        'web',
        '{endpointSelector: {matchLabels: {tier: web}}, egress: [{toEndpoints: [{matchLabels: {k8s-app: kube-dns}}]}]}',
      ),
    },
  },
  'a CiliumClusterwideNetworkPolicy of nodes is added': {
    apply: {
      'CiliumClusterwideNetworkPolicy//nodes': ccnp(
        'nodes',
        '{nodeSelector: {}, ingress: [{fromEntities: [cluster]}]}',
      ),
    },
  },
  'a CiliumClusterwideNetworkPolicy is removed': { remove: ['CiliumClusterwideNetworkPolicy//no-audit'] },
  'a CiliumClusterwideNetworkPolicy denies more': {
    apply: {
      'CiliumClusterwideNetworkPolicy//no-audit': ccnp(
        'no-audit',
        '{endpointSelector: {matchLabels: {k8s-app: kube-dns}}, ingressDeny: [{fromEndpoints: [{matchLabels: {app: audit}}]}]}',
      ),
    },
  },
  'several are added, edited and removed at once': {
    apply: {
      'NetworkPolicy/dns/open': np('open', 'dns', '{podSelector: {}, ingress: [{ports: [{port: 53}]}]}'),
      'CiliumNetworkPolicy/shop/front': cnp(
        'front',
        'shop',
        '{endpointSelector: {matchLabels: {app: front}}, egress: [{toEntities: [world]}]}',
      ),
    },
    remove: ['NetworkPolicy/pay/closed', 'CiliumNetworkPolicy/shop/back'],
  },
};

function afterwards({ apply = {}, remove = [] }: Change): Readonly<Record<string, string>> {
  const kept = Object.entries(before).filter(([key]) => !remove.includes(key));
  return { ...Object.fromEntries(kept), ...apply };
}

const nameOf = ({ namespace, name }: { namespace: string; name: string }) => `${namespace}/${name}`;
const between = pods.flatMap((to) =>
  pods
    .filter((from) => from !== to)
    .flatMap((from) =>
      to.ports.map((port) => ({
        id: `${nameOf(from)} ${nameOf(to)} ${port}`,
        from: { pod: nameOf(from) },
        to: { pod: nameOf(to) },
        port,
        protocol: 'TCP',
      })),
    ),
);
const withOthers = pods.flatMap((pod) =>
  [{ ip: '198.51.100.1' }, { entity: 'host' }, { entity: 'remote-node' }].flatMap((other, index) => [
    { id: `in ${index} ${nameOf(pod)}`, from: other, to: { pod: nameOf(pod) }, port: pod.ports[0], protocol: 'TCP' },
    { id: `out ${index} ${nameOf(pod)}`, from: { pod: nameOf(pod) }, to: other, port: 443, protocol: 'TCP' },
  ]),
);

type Result = { id: string; verdict: string; egress: object; ingress: object; before?: Omit<Result, 'id' | 'before'> };
type Output = { results: readonly Result[] };

function batchOf(manifests: readonly string[], whatIf?: object): string {
  const state = { manifests: [...cluster, ...manifests] };
  return JSON.stringify({ version: 1, state, probes: [...between, ...withOthers], ...(whatIf ? { whatIf } : {}) });
}

const states = [before, ...Object.values(changes).map(afterwards)];
let separate: readonly Output[] = [];

beforeAll(async () => {
  const lines = await answers(states.map((policies) => batchOf(Object.values(policies))));
  separate = lines.map((line) => JSON.parse(line) as Output);
}, 60_000);

it('there are twenty, and most of them change something', () => {
  expect(Object.keys(changes)).toHaveLength(20);
  const changing = separate.slice(1).filter((after) => differing(after).length > 0);
  expect(changing.length).toBeGreaterThan(15);
});

it.each(Object.entries(changes).map(([title, change], index) => [title, change, index + 1] as const))(
  '%s',
  async (_title, change, index) => {
    const after = separate[index];
    const [asked, compared] = await Promise.all([whatIf(change, index), diff(change, index)]);
    expect(asked.results.map(spoken)).toEqual(after?.results.map(spoken));
    expect(asked.results.map((one) => one.before && spoken({ id: one.id, ...one.before }))).toEqual(
      separate[0]?.results.map(spoken),
    );
    expect(compared.toSorted()).toEqual(after && differing(after).toSorted());
  },
  60_000,
);

/** The verdict, and what decided on either side. */
function spoken({ id, verdict, egress, ingress }: Result): object {
  return { id, verdict, egress, ingress };
}

/** `from to port was is`, for pairs of pods. */
function differing(after: Output): string[] {
  const was = new Map(separate[0]?.results.map((one) => [one.id, one.verdict]));
  return between.flatMap(({ id }) => {
    const is = after.results.find((one) => one.id === id)?.verdict;
    return was.get(id) === is ? [] : [`${id} ${was.get(id)} ${is}`];
  });
}

async function whatIf({ apply = {}, remove = [] }: Change, index: number): Promise<Output> {
  const path = join(folder, `${index}.json`);
  const deleted = remove.map((key) => {
    const [kind = '', namespace = '', name = ''] = key.split('/');
    return { kind, namespace, name };
  });
  writeFileSync(path, batchOf(Object.values(before), { apply: Object.values(apply), delete: deleted }));
  const { code, stdout, stderr } = await run(['policy', 'verdict', '--batch', path, '--json']);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Output;
}

type Pair = { from: string; to: string; port: number; before: string };

async function diff(change: Change, index: number): Promise<string[]> {
  const paths = [`${index}-before.yaml`, `${index}-after.yaml`].map((name) => join(folder, name));
  writeFileSync(paths[0] ?? '', [...cluster, ...Object.values(before)].join('\n---\n'));
  writeFileSync(paths[1] ?? '', Object.values(afterwards(change)).join('\n---\n'));
  const { code, stdout, stderr } = await run(['policy', 'diff', ...paths, '--json']);
  // A policy that is refused is named, and nothing else is said.
  const said = stderr.replace(/^ciliscope: not in force: CiliumNetworkPolicy shop\/back: .*\n$/, '');
  expect([code === 0 || code === 1, said]).toEqual([true, '']);
  const lists = JSON.parse(stdout) as Record<'newlyAllowed' | 'newlyDenied' | 'nowUnknown', Pair[]>;
  const words = (list: Pair[], is: string) =>
    list.map(({ from, to, port, before: was }) => `${from} ${to} ${port} ${was} ${is}`);
  return [
    ...words(lists.newlyAllowed, 'allow'),
    ...words(lists.newlyDenied, 'deny'),
    ...words(lists.nowUnknown, 'unknown'),
  ];
}

/** A line each for a line each. */
function answers(lines: readonly string[]): Promise<readonly string[]> {
  const bin = join(import.meta.dirname, '..', '..', '..', 'bin', 'ciliscope.js');
  const child = spawn(process.execPath, [bin, 'policy', 'verdict', '--jsonl'], { stdio: ['pipe', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    let out = '';
    child.stdout.on('data', (chunk) => (out += chunk));
    child.on('error', reject);
    child.on('close', () => resolve(out.trimEnd().split('\n')));
    child.stdin.end(`${lines.join('\n')}\n`);
  });
}
