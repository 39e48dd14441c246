import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, run, type Simulated, simulate } from '../program.ts';

const pod = (name: string, ip: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels: { app: name } },
  spec: { nodeName: 'node-1', containers: [{ name: 'c', image: 'x' }] },
  status: { podIP: ip },
});
const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
const policy = (name: string, from: string, ports = '') =>
  `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: ${name}, namespace: shop}
spec:
  endpointSelector: {matchLabels: {app: back}}
  ingress:
  - fromEndpoints: [{matchLabels: {app: ${from}}}]${ports}
`;
const objects = [namespace, pod('front', '10.8.0.1'), pod('back', '10.8.0.2'), pod('cart', '10.8.0.3')];
const probe = (from: string) => ({
  id: from,
  from: { pod: `shop/${from}` },
  to: { pod: 'shop/back' },
  port: 80,
  protocol: 'TCP',
});
const batch = (manifests: readonly string[], more: object = {}) => ({
  version: 1,
  name: 'case',
  state: { objects, manifests },
  probes: [probe('front'), probe('cart')],
  ...more,
});

const folder = mkdtempSync(join(tmpdir(), 'ciliscope-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function file(text: string, ending = 'json'): string {
  files += 1;
  const path = join(folder, `${files}.${ending}`);
  writeFileSync(path, text);
  return path;
}

const verdict = (...args: string[]) => run(['policy', 'verdict', ...args]);

describe('policy verdict', () => {
  it('answers a batch, says who decided and what came near', async () => {
    const { code, stdout, stderr } = await verdict(
      '--batch',
      file(JSON.stringify(batch([policy('p', 'front')]))),
      '--json',
    );
    expect([code, stderr]).toEqual([0, '']);
    const allowed = { verdict: 'allow', reason: 'not-isolated', decidedBy: [] };
    const decidedBy = [{ kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'p' }];
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      name: 'case',
      results: [
        {
          id: 'front',
          verdict: 'allow',
          egress: allowed,
          ingress: { verdict: 'allow', reason: 'rule', decidedBy: [{ ...decidedBy[0], rule: 'ingress[0]' }] },
          l7: null,
          notes: [],
        },
        {
          id: 'cart',
          verdict: 'deny',
          egress: allowed,
          ingress: { verdict: 'deny', reason: 'default-deny', decidedBy },
          l7: null,
          notes: ['nearly: CiliumNetworkPolicy shop/p ingress[0] wants app=front (it has cart)'],
        },
      ],
      lint: [],
    });
  });

  it.each<[string, object, string[]]>([
    ['added', { whatIf: { apply: [policy('p', 'front')] } }, ['front: allow, was allow', 'cart: deny, was allow']],
    [
      'replaced',
      { state: { objects, manifests: [policy('p', 'front')] }, whatIf: { apply: [policy('p', 'cart')] } },
      ['front: deny, was allow', 'cart: allow, was deny'],
    ],
    [
      'deleted',
      {
        state: { objects, manifests: [policy('p', 'front')] },
        whatIf: { delete: [{ kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'p' }] },
      },
      ['front: allow, was allow', 'cart: allow, was deny'],
    ],
  ])('answers before and after a policy is %s', async (_title, more, expected) => {
    const { stdout } = await verdict('--batch', file(JSON.stringify(batch([], more))));
    const { results } = JSON.parse(stdout) as {
      results: { id: string; verdict: string; before: { verdict: string } }[];
    };
    expect(results.map((one) => `${one.id}: ${one.verdict}, was ${one.before.verdict}`)).toEqual(expected);
  });

  it('answers a line each, whatever another line is', async () => {
    const lines = [
      JSON.stringify(batch([policy('p', 'front')])),
      '{"version": 1, "name": "bad", "probes": 7}',
      '',
      'no JSON',
      JSON.stringify(batch([], { name: 'last' })),
    ];
    const { code, stdout, stderr } = await typed(['--jsonl'], lines.join('\n'));
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { name: string; error?: string; results: { verdict: string }[] });
    expect(answers.map(({ name, results }) => [name, results.map((one) => one.verdict).join()])).toEqual([
      ['case', 'allow,deny'],
      ['bad', ''],
      ['', ''],
      ['last', 'allow,allow'],
    ]);
    expect(answers[1]?.error).toBe('probes is no list.');
    expect([code, stderr.split('\n')[0]]).toEqual([2, 'ciliscope: line 2: probes is no list.']);
  });

  it('answers one probe of a folder, for people and for scripts', async () => {
    const state = mkdtempSync(join(folder, 'state-'));
    writeFileSync(join(state, 'a.json'), JSON.stringify({ kind: 'List', items: objects }));
    writeFileSync(
      join(state, 'b.yaml'),
      policy('p', 'front', '\n    toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{}]}}]'),
    );
    const asked = ['--state', state, '--from', 'shop/front', '--to', 'shop/back', '--port', '80'];
    const people = await verdict(...asked);
    expect(people.stdout).toBe(`allow: shop/front → shop/back 80/TCP, then http rules filter it
  egress   allow   not-isolated
  ingress  allow   rule by CiliumNetworkPolicy shop/p ingress[0]
           from pods app=front in namespace shop to 80/TCP; HTTP is inspected (anything)
`);
    const script = await verdict(...asked, '--json');
    expect(JSON.parse(script.stdout)).toMatchObject({
      command: 'policy verdict',
      cluster: null,
      startedAt: expect.stringMatching(/Z$/),
      version: 1,
      verdict: 'allow',
      l7: { type: 'http', port: 80 },
      lint: [],
    });
  });

  it('takes a workload for its pods, never for one that talks to itself', async () => {
    const of = (name: string, ip: string, app: string) => {
      const one = pod(name, ip);
      const ownerReferences = [{ kind: 'StatefulSet', name: 'db', controller: true }];
      return { ...one, metadata: { ...one.metadata, labels: { app }, ownerReferences } };
    };
    const asked = async (...pods: object[]) => {
      const state = mkdtempSync(join(folder, 'state-'));
      writeFileSync(join(state, 'a.json'), JSON.stringify({ kind: 'List', items: [namespace, ...pods] }));
      writeFileSync(join(state, 'b.yaml'), policy('p', 'front'));
      return verdict('--state', state, '--from', 'shop/db', '--to', 'shop/db', '--port', '80');
    };
    const one = of('db-0', '10.8.0.7', 'back');
    const same = await asked(one, of('db-1', '10.8.0.8', 'back'));
    expect(same.stdout).toMatch(/^deny: 2 pods of StatefulSet shop\/db → 2 pods of StatefulSet shop\/db 80\/TCP\n/);
    const apart = await asked(one, of('db-1', '10.8.0.8', 'new'));
    expect([apart.code, apart.stdout]).toEqual([2, '']);
    expect(apart.stderr).toMatch(/not one and the same to policies\. Give one of them: shop\/db-0, shop\/db-1\./);
  });

  it('says which policies are not in force', async () => {
    const bad = policy('p', 'front', '\n    fromEntities: [world]');
    const { stdout } = await verdict('--batch', file(JSON.stringify(batch([bad]))));
    expect(JSON.parse(stdout).lint).toEqual([
      {
        severity: 'error',
        id: 'policies/rejected',
        object: { kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'p' },
        message: 'spec.ingress[0]: not in force: combining fromEndpoints and fromEntities is not supported yet',
      },
    ]);
  });
});

describe('bad input is told in a sentence, and answers nothing', () => {
  const given = (manifest: string) => ['--batch', file(JSON.stringify(batch([manifest])))];
  it.each<[string, () => string[], RegExp]>([
    ['nothing asked', () => [], /What is asked\?/],
    ['two ways at once', () => ['--jsonl', '--batch', '-'], /What is asked\?/],
    ['no port', () => ['--state', folder, '--from', 'a/b', '--to', 'a/c'], /about --from, --to and --port/],
    ['no other end', () => ['--state', folder, '--from', 'a/b', '--port', '1'], /about --from, --to and --port/],
    [
      'a version that is none',
      () => ['--batch', file('{}'), '--cilium-version', 'new'],
      /"new" is no version\. Give one like/,
    ],
    ['a file that is not there', () => ['--batch', join(folder, 'gone')], /gone is not there\./],
    ['no JSON', () => ['--batch', file('{')], /: no JSON: /],
    ['no version', () => ['--batch', file('{"probes": []}')], /no "version": 1/],
    [
      'broken YAML',
      () => given('kind: Pod\nmetadata:\n  name: a\n name: b\n'),
      /state\.manifests\[0\], line 4, column 1/,
    ],
    [
      'a key twice',
      () => given('kind: Pod\nkind: Pod\nmetadata: {name: a}\n'),
      /line 2, column 1: Map keys must be unique/,
    ],
    ['a bomb of aliases', () => given(`${bomb}\nkind: Pod\nmetadata: {name: a}\n`), /Excessive alias count/],
    ['a text of 50 MB', () => given(`# ${'x'.repeat(50 * 1024 * 1024)}\n`), /larger than 16 MB/],
    ['no object', () => given('- 1\n'), /is no Kubernetes object/],
    ['no name', () => given('kind: NetworkPolicy\n'), /has no metadata.name/],
    [
      'two of one name',
      () => given(`${policy('p', 'front')}---\n${policy('p', 'cart')}`),
      /there are two different CiliumNetworkPolicy shop\/p/,
    ],
    [
      'a folder without --state',
      () => ['--batch', file(JSON.stringify(batch([], { state: { dir: '/' } })))],
      /only read together with --state/,
    ],
    [
      'a delete of nothing',
      () => [
        '--batch',
        file(JSON.stringify(batch([], { whatIf: { delete: [{ kind: 'NetworkPolicy', namespace: 'a', name: 'b' }] } }))),
      ],
      /there is no NetworkPolicy a\/b/,
    ],
    [
      'a peer that is none',
      () => [
        '--batch',
        file(JSON.stringify(batch([], { probes: [{ id: '1', from: {}, to: { pod: 'a/b' }, port: 1 }] }))),
      ],
      /probes\[0\]\.from names no peer/,
    ],
    [
      'no protocol',
      () => ['--batch', file(JSON.stringify(batch([], { probes: [{ ...probe('front'), protocol: 'QUIC' }] })))],
      /"QUIC" is no protocol/,
    ],
  ])('%s', async (_title, args, reason) => {
    const { code, stdout, stderr } = await verdict(...args());
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(reason);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('a pod that is not there is unknown, and 2 where nothing else was asked', async () => {
    const lost = { ...probe('front'), id: 'lost', to: { pod: 'shop/gone' } };
    const some = await verdict('--batch', file(JSON.stringify(batch([], { probes: [lost, probe('front')] }))));
    const none = await verdict('--batch', file(JSON.stringify(batch([], { probes: [lost] }))));
    expect([some.code, none.code]).toEqual([0, 2]);
    expect(JSON.parse(none.stdout).results[0]).toMatchObject({
      verdict: 'unknown',
      notes: ['there is no pod shop/gone'],
    });
  });

  it('the same policy twice is the same policy', async () => {
    const { code } = await verdict(...given(`${policy('p', 'front')}---\n${policy('p', 'front')}`));
    expect(code).toBe(0);
  });

  it('policy alone asks what', async () => {
    const { code, stderr } = await run(['policy']);
    expect([code, stderr]).toEqual([2, 'ciliscope: policy what? Try: ciliscope policy --help\n']);
  });
});

const bomb = ['a0: &a0 [x, x]', ...Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`)].join(
  '\n',
);

describe('a live cluster', () => {
  let cluster: Simulated;
  beforeAll(async () => {
    cluster = await simulate(['--scenario', 'healthy', '--nodes', '3', '--pods', '40']);
  });
  afterAll(() => cluster.stop());

  it('is read where no state is given', async () => {
    const probes = [{ id: 'node', from: { ip: '198.51.100.1' }, to: { entity: 'host' }, port: 1 }];
    const asked = file(JSON.stringify({ version: 1, probes }));
    const { code, stdout } = await verdict('--kubeconfig', cluster.kubeconfig, '--batch', asked);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).results[0].verdict).toBe('allow');
  });

  it('is told from one that cannot be reached', async () => {
    const { code, stdout, stderr } = await verdict(
      '--kubeconfig',
      join(folder, 'gone'),
      '--from',
      'a/b',
      '--to',
      'a/c',
      '--port',
      '1',
    );
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/kubeconfig/);
  });
});

function typed(args: readonly string[], input: string): Promise<Ended> {
  const bin = join(import.meta.dirname, '..', '..', '..', 'bin', 'ciliscope.js');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, 'policy', 'verdict', ...args], { stdio: 'pipe' });
    const texts = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => (texts.stdout += chunk));
    child.stderr.on('data', (chunk) => (texts.stderr += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...texts }));
    child.stdin.end(input);
  });
}
