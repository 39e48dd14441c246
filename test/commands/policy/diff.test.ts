import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, type Simulated, simulate } from '../program.ts';

const folder = mkdtempSync(join(tmpdir(), 'ciliscope-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
function file(text: string): string {
  files += 1;
  const path = join(folder, `${files}.yaml`);
  writeFileSync(path, text);
  return path;
}

const pod = (name: string, app: string, ip: string, ports = '') =>
  `{kind: Pod, metadata: {name: ${name}, namespace: shop, labels: {app: ${app}}}, spec: {nodeName: n1, containers: [{name: c, ports: [${ports}]}]}, status: {podIP: ${ip}}}\n---\n`;
const cluster = `{kind: Namespace, metadata: {name: shop}}\n---\n${pod('front', 'front', '10.8.0.1', '{containerPort: 1}')}${pod('back', 'back', '10.8.0.2', '{containerPort: 80}, {containerPort: 81}')}${pod('cart', 'cart', '10.8.0.3', '{containerPort: 1}')}`;
const policy = (from: string, port = '80') => `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: p, namespace: shop}
spec:
  endpointSelector: {matchLabels: {app: back}}
  ingress:
  - fromEndpoints: [{matchLabels: {app: ${from}}}]
    toPorts: [{ports: [{port: "${port}", protocol: TCP}]}]
`;

type Pair = { from: string; to: string; port: number; protocol: string; pods: number[] };
type Lists = { newlyAllowed: Pair[]; newlyDenied: Pair[]; nowUnknown: Pair[] };

async function diff(before: string, after: string) {
  const { code, stdout, stderr } = await run(['policy', 'diff', file(before), file(after), '--json']);
  expect(stderr).toBe('');
  const answer = JSON.parse(stdout) as Lists & { unchanged: number; outside: Lists };
  const words = (pairs: Pair[]) =>
    pairs.map(({ from, to, port, pods }) => `${from} ${to} ${port} ${pods.join('-')}`.replaceAll('shop/', ''));
  return { code, allowed: words(answer.newlyAllowed), denied: words(answer.newlyDenied), ...answer };
}

describe('policy diff', () => {
  it.each<[string, string, string, string[], string[], number]>([
    ['nothing', policy('front'), policy('front'), [], [], 8],
    ['another source', policy('front'), policy('cart'), ['cart back 80 1-1'], ['front back 80 1-1'], 6],
    ['another port', policy('front'), policy('front', '81'), ['front back 81 1-1'], ['front back 80 1-1'], 6],
    ['added', '', policy('front'), [], ['cart back 80 1-1', 'cart back 81 1-1', 'front back 81 1-1'], 5],
    ['removed', policy('front'), '', ['cart back 80 1-1', 'cart back 81 1-1', 'front back 81 1-1'], [], 5],
  ])('%s', async (_title, before, after, allowed, denied, unchanged) => {
    // front and cart may always reach each other on 1, and back them: 2 + 2 pairs, and 2 sources × 2 ports to back.
    const found = await diff(cluster + before, after);
    expect(found).toMatchObject({ allowed, denied, unchanged, code: allowed.length + denied.length > 0 ? 1 : 0 });
  });

  it('of pods that declare no port asks what policies name, and the rest as one', async () => {
    const bare = cluster.replaceAll(/\{containerPort: \d+\}(, )?/g, '');
    const { denied } = await diff(bare, policy('front'));
    expect(denied).toEqual(['cart back 80 1-1', 'cart back 0 1-1', 'front back 0 1-1']);
  });

  it('says what changes for the world outside', async () => {
    const shut =
      '{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: n, namespace: shop}, spec: {podSelector: {matchLabels: {app: cart}}, policyTypes: [Egress]}}';
    const { outside } = await diff(cluster, shut);
    expect(outside.newlyDenied.map(({ from, to, pods }) => `${from} ${to} ${pods.join('-')}`)).toEqual([
      'shop/cart entity:host 1-0',
      'shop/cart entity:kube-apiserver 1-0',
      'shop/cart entity:remote-node 1-0',
      'shop/cart entity:world 1-0',
    ]);
  });

  it('says that nobody takes what is written, where that is why nothing changes', async () => {
    const wrong = policy('front').replace('port: "80"', 'port: 80');
    const { code, stdout, stderr } = await run(['policy', 'diff', file(cluster), file(wrong), '--json']);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^ciliscope: not in force: CiliumNetworkPolicy shop\/p: .*port must be given, as a string\nciliscope: Nothing that is given would be in force/,
    );
    const reason = expect.stringContaining('port must be given, as a string');
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      command: 'policy diff',
      cluster: null,
      startedAt: expect.stringMatching(/Z$/),
      notInForce: [{ kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'p', reason }],
    });
    const beside = policy('front').replace('name: p', 'name: q').replace('cilium.io/v2', 'cilium.io/v9');
    const partly = await run(['policy', 'diff', file(cluster), file(`${policy('front')}---\n${beside}`), '--json']);
    expect([partly.code, JSON.parse(partly.stdout).notInForce]).toEqual([
      1,
      [expect.objectContaining({ name: 'q', reason: 'this version of it is not served' })],
    ]);
  });

  it('tells many pairs by their namespaces first, and each of them where that is asked', async () => {
    const many = Array.from({ length: 61 }, (_, at) => pod(`p${at}`, `p${at}`, `10.8.1.${at}`)).join('');
    const paths = ['policy', 'diff', file(cluster + many), file(policy('nobody', '80'))];
    const { stdout } = await run(paths, { LANG: 'C.UTF-8' });
    expect(stdout).toMatch(
      /^newly denied: 132\n {2}shop +→ {2}shop {2}126 pairs\n.*\n.*\n.*\nfolded: the 132 pairs .*\(--all\)\nunchanged/,
    );
    const all = await run([...paths, '--all'], { LC_ALL: 'C' });
    expect(all.stdout.split('\n')[1]).toMatch(/^ {2}shop +> {2}shop {2}126 pairs$/);
    expect(all.stdout).toMatch(/\n {2}shop\/p9 +> {2}shop\/back +81\/TCP +1 pod > 1 pod +was allow\n/);
  });

  it('reads one place from stdin, and not both', async () => {
    const both = await run(['policy', 'diff', '-', '-']);
    expect([both.code, both.stderr]).toEqual([2, expect.stringMatching(/Both places are stdin/)]);
    const none = await run(['policy', 'diff', file(cluster + policy('front')), '-', '--json']);
    expect([none.code, JSON.parse(none.stdout).newlyAllowed.length]).toEqual([1, 3]);
  });

  it('puts a policy without a namespace where it is told to, and says when it is about no pod', async () => {
    const placeless = file(policy('front').replace(', namespace: shop', ''));
    const paths = ['policy', 'diff', file(cluster), placeless];
    const nowhere = await run(paths);
    expect([nowhere.code, nowhere.stderr]).toEqual([0, 'ciliscope: about no pod: CiliumNetworkPolicy default/p\n']);
    const placed = await run([...paths, '-n', 'shop']);
    expect([placed.code, placed.stderr]).toEqual([1, '']);
  });

  it('counts the pods of a workload, whatever their labels', async () => {
    const of = (name: string, app: string, ip: string) =>
      pod(name, app, ip).replace(
        'labels:',
        'ownerReferences: [{kind: StatefulSet, name: db, controller: true}], labels:',
      );
    const state = `${cluster}${of('db-0', 'back', '10.8.0.7')}${of('db-1', 'back', '10.8.0.8')}${of('db-2', 'new', '10.8.0.9')}`;
    const { newlyDenied } = await diff(state, policy('front'));
    expect(
      newlyDenied.filter(({ from, to }) => from === 'shop/cart' && to === 'shop/db').map(({ pods }) => pods),
    ).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it('prints it for people, and says which pods it could not compare', async () => {
    const { code, stdout, stderr } = await run(
      [
        'policy',
        'diff',
        file(cluster + policy('front')),
        file(cluster.replace(/\{kind: Pod, metadata: \{name: front.*\n---\n/, '') + policy('cart')),
      ],
      { LANG: 'C.UTF-8' },
    );
    expect(code).toBe(1);
    expect(stderr).toBe('ciliscope: not compared: 1 pods only before, 0 only after\n');
    expect(stdout).toBe(`newly allowed: 1
  shop/cart  →  shop/back  80/TCP  1 pod → 1 pod  was deny
unchanged: 2 pairs
`);
  });

  it.each<[string, () => string[], RegExp]>([
    ['one place', () => [file(cluster)], /What is compared with what/],
    ['no pods anywhere', () => [file(policy('a')), file(policy('b'))], /no pod in either place/],
    ['a place that is not there', () => [join(folder, 'gone'), file(cluster)], /is not there/],
    ['two policies of one name', () => [file(cluster), file(`${policy('a')}---\n${policy('b')}`)], /two different/],
  ])('refuses %s', async (_title, paths, reason) => {
    const { code, stdout, stderr } = await run(['policy', 'diff', ...paths()]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(reason);
  });
});

describe('a live cluster', () => {
  let simulated: Simulated;
  const live = (...args: string[]) => run(['policy', ...args, '--kubeconfig', simulated.kubeconfig]);
  beforeAll(async () => {
    simulated = await simulate(['--scenario', 'healthy', '--nodes', '3', '--pods', '60']);
  });
  afterAll(() => simulated.stop());

  it('does not differ from its own export, and does from one that lets nobody in', async () => {
    const to = join(folder, 'export');
    expect((await live('export', to)).code).toBe(0);
    const same = await live('diff', '--live', '--replace', to);
    const asJson = await live('diff', '--live', '--replace', to, '--json');
    expect(JSON.parse(asJson.stdout)).toMatchObject({
      cluster: { context: expect.any(String), server: expect.stringMatching(/^https:/) },
      notInForce: [],
    });
    expect([same.code, same.stdout]).toEqual([0, expect.stringMatching(/^unchanged: [1-9]\d* pairs\n$/)]);
    const shut = file(
      '{apiVersion: cilium.io/v2, kind: CiliumClusterwideNetworkPolicy, metadata: {name: shut}, spec: {endpointSelector: {}, ingress: [{}]}}',
    );
    const differs = await live('diff', '--live', shut);
    expect(differs.code).toBe(1);
    expect(differs.stdout).toMatch(/^newly denied: /);
  });

  it('names all the rights that are missing at once', async () => {
    const { code, stdout, stderr } = await live('map', '--context', 'namespace');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^ciliscope: No permission: .*list nodes.*, .*list pods.*\. Ask for these rights: /);
  });
});
