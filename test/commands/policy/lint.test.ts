import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, type Simulated, simulate } from '../program.ts';

const folder = mkdtempSync(join(tmpdir(), 'ciliscope-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const good = `# default deny and one way in
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress]}
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: web, namespace: shop}
spec:
  endpointSelector: {matchLabels: {app: web}}
  ingress:
  - fromEndpoints: [{matchLabels: {app: front}}]
    toPorts: [{ports: [{port: "80", protocol: TCP}]}]
`;
const bad = `${good}---
apiVersion: v1
kind: List
items:
- apiVersion: cilium.io/v2
  kind: CiliumNetworkPolicy
  metadata: {name: db, namespace: shop}
  spec:
    endpointSelector: {matchLabels: {app: db}}
    ingress:
    - fromEndpoints: [{}]
      toPorts: [{ports: [{port: 5432}]}]
`;

/** Nine aliases of nine aliases, and so on. */
function bomb(): string {
  const lines = ['a: &a [x, x, x]'];
  for (const [index, name] of [...'bcdefgh'].entries())
    lines.push(`${name}: &${name} [${Array(9).fill(`*${'abcdefg'[index]}`).join(', ')}]`);
  return lines.join('\n');
}

describe('policy lint', () => {
  it('says where in a file a policy is wrong', async () => {
    const path = file('one/bad.yaml', bad);
    const { code, stdout, stderr } = await run(['policy', 'lint', path], { LANG: 'C.UTF-8' });
    expect([code, stderr]).toEqual([1, '']);
    expect(
      stdout,
    ).toBe(`${path}:26:26: error: CiliumNetworkPolicy shop/db: not in force: port must be given, as a string (policies/rejected)
  spec.ingress[0].toPorts[0].ports[0] · Mend what is named and apply the policy again.
1 error in 3 policies · 19 of 36 lints looked
  not the others: whether Azure runs this Cilium is not known; no pods are known; no nodes are known; nobody watched policies change
`);
  });

  it('is silent about what is right, and says so', async () => {
    const { code, stdout } = await run(['policy', 'lint', file('two/good.yaml', good), '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      command: 'policy lint',
      cluster: null,
      findings: [],
      notLookedAt: expect.arrayContaining([{ id: 'policies/selects-nothing', reason: 'no pods are known' }]),
    });
  });

  it('names the place of what is wrong in each of these', async () => {
    const wrong = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: a
  annotations:
    io.cilium.network-policy.k8s.io/strict: "true"
spec:
  podSelector: {}
  policyTypes: [Ingress]
  egress:
  - to:
    - ipBlock: {cidr: 0.0.0.0/0}
    - namespaceSelector: {}
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: b}
specs:
- endpointSelector: {}
  ingress:
  - fromEndpoints: []
- endpointSelector: {}
  egress:
  - toFQDNs:
    - matchName: api.shop.svc.cluster.local
    toPort: []
---
{"apiVersion": "cilium.io/v2alpha1", "kind": "CiliumClusterwideNetworkPolicy", "metadata": {"name": "c"}, "spec": {}}
---
apiVersion: cilium.io/v2
kind: ciliumNetworkPolicies
metadata: {name: d}
spec: {}
`;
    const path = file('wrong/all.yaml', wrong);
    const { stdout } = await run(['policy', 'lint', path, '--json']);
    const { findings } = JSON.parse(stdout) as { findings: { id: string; where: { line: number; column: number } }[] };
    expect(findings.map(({ id, where }) => `${where.line}:${where.column} ${id.slice('policies/'.length)}`)).toEqual([
      '31:7 unknown-api-version',
      '28:16 unknown-api-version',
      '24:5 unknown-field',
      '11:5 empty-policy-map-risk',
      '21:20 empty-peer-list',
      '11:3 rules-outside-policy-types',
      '24:5 fqdn-without-dns-rule',
      '24:5 fqdn-names-a-service',
      '6:5 seed-annotations',
    ]);
  });

  it('leaves out what else lies in a folder', async () => {
    file('chart/values.yaml', 'replicas: 3');
    file('chart/list.yaml', '- 1');
    file('chart/templates/web.yaml', good);
    const { code, stdout } = await run(['policy', 'lint', join(folder, 'chart')], { LANG: 'C.UTF-8' });
    expect([code, stdout.split('\n')[0]]).toEqual([0, 'nothing wrong in 2 policies · 19 of 36 lints looked']);
  });

  it('of two policies of one name judges neither, and says where they are', async () => {
    const [one, two] = [file('same/a.yaml', bad), file('same/b.yaml', good.replace('front', 'back'))];
    const { code, stdout } = await run(['policy', 'lint', join(folder, 'same'), '--json']);
    const { findings } = JSON.parse(stdout) as { findings: object[] };
    expect([code, findings]).toEqual([
      1,
      [
        expect.objectContaining({
          severity: 'error',
          title: expect.stringContaining('shop/web: it is written in 2 different ways'),
          objects: [{ kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'web' }],
          evidence: [`${one}:9`, `${two}:9`],
        }),
        expect.objectContaining({ id: 'policies/rejected' }),
      ],
    ]);
  });

  it('reads folders, and the pods in them', async () => {
    file('three/policies/web.yaml', good);
    file(
      'three/pods.json',
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'a', namespace: 'shop', labels: { app: 'web' } },
        spec: { containers: [] },
      }),
    );
    const { code, stdout } = await run(['policy', 'lint', join(folder, 'three'), '--json']);
    const { findings } = JSON.parse(stdout) as {
      findings: { id: string; severity: string; where: { line: number } }[];
    };
    // A note alone is no reason to fail.
    expect([code, findings.map(({ id, severity, where }) => `${severity} ${id} ${where.line}`)]).toEqual([
      0,
      ['note policies/peer-selects-nothing 13'],
    ]);
  });

  it('prints JUnit', async () => {
    const { code, stdout } = await run(['policy', 'lint', file('four/bad.yaml', bad), '--junit']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/<testsuite name="ciliscope policy lint" tests="\d+" failures="1"/);
    expect(stdout).toContain(
      'name="policies/rejected" time="0"><failure message="CiliumNetworkPolicy shop/db: not in force',
    );
  });

  it.each<[string, () => string[], RegExp]>([
    ['a file that is not there', () => [join(folder, 'gone.yaml')], /is not there\./],
    ['broken YAML', () => [file('five/a.yaml', 'kind: [')], /a\.yaml, line 1, column 8/],
    ['a nest without end', () => [file('six/a.yaml', '['.repeat(20_000))], /a\.yaml/],
    [
      'two pods of one name',
      () => [
        file(
          'seven/a.yaml',
          `${good}---\nkind: Pod\nmetadata: {name: a}\n---\nkind: Pod\nmetadata: {name: a}\nspec: {}\n`,
        ),
      ],
      /two different Pod default\/a: .*a\.yaml:17 and .*a\.yaml:20/,
    ],
    [
      'a document that nothing parts from the one before',
      () => [file('eight/a.yaml', `kind: NetworkPolicy\nmetadata: {name: a}\nkind: NetworkPolicy\n`)],
      /line 3, column 1: Map keys must be unique \(is a --- missing\?\)\./,
    ],
    ['a bomb of aliases', () => [file('nine/a.yaml', bomb())], /a\.yaml: Excessive alias count/],
    [
      'what is no policy',
      () => [file('ten/a.yaml', 'kind: Pod\nmetadata: {name: a}')],
      /There is no policy in .*a\.yaml/,
    ],
    ['an object without a kind', () => [file('eleven/a.yaml', 'spec: {}')], /a\.yaml has no kind/],
    ['a folder without policies', () => [join(file('twelve/values.yaml', 'a: 1'), '..')], /There is no policy in/],
    [
      'more than anybody writes',
      () => [file('thirteen/a.yaml', `# ${'x'.repeat(17 * 1024 * 1024)}`)],
      /a\.yaml is larger than 16 MB/,
    ],
    [
      'files and a cluster at once',
      () => [file('fourteen/a.yaml', good), '--context', 'x'],
      /no cluster is asked\. Leave --kubeconfig and --context out/,
    ],
    ['two ways of printing', () => ['--json', '--junit'], /cannot both be printed/],
  ])('refuses %s', async (_title, args, reason) => {
    const { code, stdout, stderr } = await run(['policy', 'lint', ...args()]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(reason);
  });
});

describe('a live cluster', () => {
  let cluster: Simulated;
  beforeAll(async () => {
    cluster = await simulate(['--scenario', 'healthy', '--nodes', '3', '--pods', '60']);
  });
  afterAll(() => cluster.stop());

  it('of good policies is found clean', async () => {
    const { code, stdout } = await run(['policy', 'lint', '--kubeconfig', cluster.kubeconfig, '--json']);
    const { findings } = JSON.parse(stdout) as { findings: { severity: string; title: string }[] };
    expect(findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
    expect(code).toBe(0);
  });
});
