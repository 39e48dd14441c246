import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../program.ts';

const folder = mkdtempSync(join(tmpdir(), 'ciliscope-test-'));
const state = join(folder, 'state.yaml');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pod = (namespace: string, name: string, ports: string, ip: string) =>
  `{kind: Pod, metadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${name}}}, spec: {nodeName: n1, containers: [{name: c, ports: [${ports}]}]}, status: {podIP: ${ip}}}\n---\n`;
beforeAll(() => {
  writeFileSync(
    state,
    `${pod('shop', 'front', '', '10.8.0.1')}${pod('shop', 'back', '{containerPort: 80}', '10.8.0.2')}
${pod('pay', 'bank', '{containerPort: 443}, {containerPort: 9090}', '10.8.0.3')}${pod('vault', 'key', '{containerPort: 1}', '10.8.0.4')}
{kind: Namespace, metadata: {name: shop}}
---
{kind: Namespace, metadata: {name: pay}}
---
{kind: Namespace, metadata: {name: vault}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: shut, namespace: vault}, spec: {podSelector: {}}}
---
{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: bank, namespace: pay}, spec: {podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}}], ports: [{port: 443}]}]}}
`,
  );
});

const map = (...args: string[]) => run(['policy', 'map', '--state', state, ...args], { LC_ALL: 'C.UTF-8' });

describe('policy map', () => {
  it('says which namespaces may talk to which', async () => {
    const { code, stdout } = await map('--format', 'json');
    expect(code).toBe(0);
    const { cells } = JSON.parse(stdout) as { cells: { from: string; to: string; verdict: string }[] };
    // pay and vault are one pod each: nobody there to talk to.
    expect(cells.map(({ from, to, verdict }) => `${from} ${to} ${verdict}`)).toEqual([
      'pay shop allow',
      'pay vault deny',
      'shop pay partly',
      'shop shop allow',
      'shop vault deny',
      'vault pay deny',
      'vault shop allow',
    ]);
  });

  it('draws it', async () => {
    expect((await map()).stdout).toBe(`   FROM \\ TO  1  2  3
1  pay        ·  ●  ✖
2  shop       ◐  ●  ✖
3  vault      ✖  ●  ·
from the row to the column: ● allow  ◐ partly  ✖ deny  ○ unknown  · not asked
`);
    expect((await map('--format', 'mermaid', '-n', 'pay')).stdout).toBe(`flowchart LR
  n0["pay"]
  n1["shop"]
  n2["vault"]
  n0 --> n1
  n1 -. partly .-> n0
`);
  });

  it('draws it in ASCII where it is told to', async () => {
    const drawn = `   FROM \\ TO  1  2  3
1  pay        -  =  X
2  shop       ~  =  X
3  vault      X  =  -
from the row to the column: = allow  ~ partly  X deny  ? unknown  - not asked
`;
    expect((await map('--ascii')).stdout).toBe(drawn);
    expect((await run(['policy', 'map', '--state', state], { LC_ALL: 'C' })).stdout).toBe(drawn);
  });

  it.each([
    [['--format', 'svg'], /is no format/],
    [['-n', 'nowhere'], /No pod is in a namespace nowhere/],
  ])('refuses %j', async (args, reason) => {
    const { code, stdout, stderr } = await map(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(reason);
  });
});
