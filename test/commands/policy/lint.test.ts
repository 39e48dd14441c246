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

describe('policy lint', () => {
  it('says where in a file a policy is wrong', async () => {
    const path = file('one/bad.yaml', bad);
    const { code, stdout, stderr } = await run(['policy', 'lint', path]);
    expect([code, stderr]).toEqual([1, '']);
    expect(
      stdout,
    ).toBe(`${path}:26:26: error: CiliumNetworkPolicy shop/db: not in force: port must be given, as a string (policies/rejected)
  spec.ingress[0].toPorts[0].ports[0] · Mend what is named and apply the policy again.
`);
  });

  it('is silent about what is right, and says so', async () => {
    const { code, stdout } = await run(['policy', 'lint', file('two/good.yaml', good), '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ version: 1, command: 'policy lint', findings: [] });
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
      'two policies of one name',
      () => [file('seven/a.yaml', good), file('seven/b.yaml', good.replace('front', 'back'))],
      /two different CiliumNetworkPolicy shop\/web/,
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
