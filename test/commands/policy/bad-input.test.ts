import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Command as Program } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diff } from '../../../src/commands/policy/diff.ts';
import { drift } from '../../../src/commands/policy/drift.ts';
import { map } from '../../../src/commands/policy/map.ts';
import { reach, whoCanReachIt } from '../../../src/commands/policy/reach.ts';
import { verdict } from '../../../src/commands/policy/verdict.ts';
import { UserError } from '../../../src/errors.ts';
import { run, type Simulated, simulate } from '../program.ts';

// What is given cannot be read, or holds nothing: every command says so in one sentence, with the file and the place in
// it, and answers nothing.

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'ciliscope-bad-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const PODS = ['web', 'db'].map(
  (name, index) =>
    `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, namespace: a, labels: {app: ${name}}}, spec: {nodeName: n, containers: [{name: c, ports: [{containerPort: 80}]}]}, status: {podIP: 10.0.0.${index + 1}}}\n`,
);
const DENY =
  '{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: deny, namespace: a}, spec: {podSelector: {}}}';

/** A folder of a small cluster and these files. */
function folder(files: Readonly<Record<string, string | Uint8Array>>): string {
  const path = mkdtempSync(join(root, 'f-'));
  for (const [name, content] of Object.entries({ 'pods.yaml': PODS.join('---\n'), ...files })) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return path;
}

const commands = [verdict, whoCanReachIt, reach, map, diff, drift] as const;
type Name = 'verdict' | 'who-can-reach' | 'reach' | 'map' | 'diff' | 'drift';

/** What a command prints, and its code; a UserError as `main` words it. */
async function typed(name: Name, ...args: readonly string[]): Promise<{ code: number; stdout: string; said: string }> {
  const command = commands.find((one) => one.name === name);
  const program = new Program(name);
  command?.describe(program);
  program.exitOverride().parse(args, { from: 'user' });
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  stdin.end();
  const terminal = { stdin, stdout, stderr, env: { LANG: 'C.UTF-8' } } as never;
  try {
    const code = (await command?.run(program.args, program.opts(), terminal)) ?? Number.NaN;
    return { code, stdout: String(stdout.read() ?? ''), said: String(stderr.read() ?? '') };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { code: 2, stdout: String(stdout.read() ?? ''), said: error.message };
  }
}

/** Every command that reads a folder, asked about it. */
function questions(path: string): readonly (readonly [Name, ...string[]])[] {
  return [
    ['verdict', '--state', path, '--from', 'a/web', '--to', 'a/db', '--port', '80'],
    ['who-can-reach', 'a/db', '--state', path],
    ['reach', 'a/web', '--state', path],
    ['map', '--state', path],
    ['diff', path, path],
    ['drift', path],
  ];
}

const bomb = Array.from({ length: 12 }, (_, n) => `a${n}: &a${n} [${Array(9).fill(n === 0 ? 'x' : `*a${n - 1}`)}]`);

describe('a folder that cannot be read whole is not answered from', () => {
  it.each<[string, Readonly<Record<string, string | Uint8Array>>, RegExp]>([
    ['broken YAML', { 'x.yaml': 'kind: NetworkPolicy\nmetadata: {name: x\nspec: y\n' }, /x\.yaml, line 3, column 1: /],
    ['tabs', { 'x.yaml': 'kind: NetworkPolicy\n\tmetadata: {}\n' }, /x\.yaml, line 2, column 1: Tabs/],
    [
      'a key twice',
      { 'x.yaml': `${DENY}\n---\nkind: A\nkind: B\n` },
      /x\.yaml, line 4, column 1: Map keys must be unique/,
    ],
    ['a bomb of aliases', { 'x.yaml': `${bomb.join('\n')}\nkind: NetworkPolicy\n` }, /x\.yaml: Excessive alias count/],
    ['a merge of what is no map', { 'x.yaml': 'kind: A\nmetadata: {name: x}\nx: {<<: 1}\n' }, /x\.yaml: Merge sources/],
    [
      'a nest without end',
      { 'x.yaml': `kind: A\nx: ${'['.repeat(20_000)}` },
      /x\.yaml, line 2, column \d+: nested too deep\./,
    ],
    ['a text of 50 MB', { 'x.yaml': `# ${'x'.repeat(50 * 1024 * 1024)}` }, /x\.yaml is larger than 16 MB/],
    [
      'a million entries',
      { 'x.yaml': `kind: A\nx: [${'1,'.repeat(1_000_000)}]` },
      /x\.yaml holds more than 700000 entries/,
    ],
    ['UTF-16', { 'x.yaml': Buffer.from(`\ufeff${DENY}`, 'utf16le') }, /x\.yaml is no text in UTF-8/],
    ['Latin 1', { 'x.yaml': Buffer.from('# caf\xe9', 'latin1') }, /x\.yaml is no text in UTF-8/],
    [
      'a picture',
      { 'x.yaml': new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]) },
      /no text in UTF-8/,
    ],
    [
      'no name',
      { 'x.yaml': 'kind: NetworkPolicy\nmetadata: null\n' },
      /x\.yaml \(NetworkPolicy\) has no metadata\.name/,
    ],
    [
      'a kind in other letters',
      { 'x.yaml': DENY.replace('NetworkPolicy', 'Networkpolicy') },
      /there is only NetworkPolicy/,
    ],
    [
      'two of one name',
      { 'x.yaml': `${DENY}\n---\n${DENY.replace('{}', '{matchLabels: {a: b}}')}` },
      /two different NetworkPolicy a\/deny/,
    ],
    [
      'control characters',
      { 'x.yaml': '"\\e]0;title\\a\\e[31m": 1\nkind: "\\e[2JA"\nmetadata: {}\n' },
      /x\.yaml \(\S*A\) has no metadata\.name/,
    ],
  ])('%s', async (_title, files, reason) => {
    for (const [name, ...args] of questions(folder(files))) {
      const { code, stdout, said } = await typed(name, ...args);
      expect([name, code, stdout]).toEqual([name, 2, '']);
      expect(said).toMatch(reason);
      expect(said).not.toMatch(/[\x00-\x1f\x7f]/);
    }
  });

  it.each<[string, string, RegExp]>([
    ['a text that is no object', 'hello\n', /x\.yaml is no Kubernetes object/],
    ['no kind', 'a: b\n', /x\.yaml has no kind/],
  ])('%s, but where a repository is compared, of which it may be a part', async (_title, text, reason) => {
    for (const [name, ...args] of questions(folder({ 'x.yaml': text, 'y.json': '{"a": 1}' }))) {
      const { code, said } = await typed(name, ...args);
      expect([name, code]).toEqual([name, 2]);
      expect(said).toMatch(name === 'drift' ? /^There is no policy in \S+\. Give a folder/ : reason);
    }
  });

  it.each<[string, string, RegExp]>([
    ['broken JSON', '{"kind": "Pod",\n "metadata": {"name": }', /x\.json, line 2, column \d+: /],
    ['empty JSON', '', /x\.json.*(no JSON|JSON input)/],
  ])('%s', async (_title, text, reason) => {
    const path = folder({ 'x.json': text });
    expect((await typed('map', '--state', path)).said).toMatch(reason);
  });

  it('a link that leads nowhere', async () => {
    const path = folder({});
    symlinkSync('gone', join(path, 'x.yaml'));
    expect(await typed('map', '--state', path)).toMatchObject({
      code: 2,
      said: `${join(path, 'x.yaml')} is not there.`,
    });
  });

  it('a folder without pods, a folder that is not there, a file that is a folder', async () => {
    const nothing = join(root, 'nothing');
    mkdirSync(nothing);
    expect((await typed('map', '--state', nothing)).said).toBe('There is no pod.');
    expect((await typed('map', '--state', join(root, 'gone'))).said).toMatch(/gone is not there\.$/);
    expect((await typed('verdict', '--batch', nothing)).said).toMatch(/nothing is a folder\.$/);
  });
});

describe('what only looks odd is read', () => {
  const denied = /^deny: a\/web → a\/db 80\/TCP\n/;
  it.each<[string, Readonly<Record<string, string>>]>([
    ['a byte order mark', { 'x.yaml': `\ufeff${DENY}` }],
    ['a byte order mark before JSON', { 'x.json': `\ufeff${JSON.stringify(policyObject())}` }],
    ['lines that end as on Windows', { 'x.yaml': DENY.replaceAll(', ', ',\r\n  ') }],
    ['empty documents and files', { 'x.yaml': `---\n# nothing\n---\n${DENY}\n---\n`, 'y.yaml': '', 'z.json': 'null' }],
    ['the same policy twice', { 'x.yaml': `${DENY}\n---\n${DENY}` }],
    ['a folder called like a file', { 'x.yaml/y.yaml': DENY }],
    ['a kind nobody asks about', { 'x.yaml': DENY, 'y.yaml': '{apiVersion: x/v1, kind: Moon, metadata: {name: m}}' }],
    ['an object that holds itself', { 'x.yaml': DENY.replace('metadata: {', 'metadata: &m {annotations: *m, ') }],
    [
      'a field below which there is no end',
      { 'x.json': JSON.stringify(policyObject()).replace('{}', `{"x": ${nest(2_000)}}`) },
    ],
  ])('%s', async (_title, files) => {
    const { code, stdout } = await typed('verdict', ...(questions(folder(files))[0]?.slice(1) ?? []));
    expect(code).toBe(0);
    expect(stdout).toMatch(denied);
  });

  it('a link to a folder above is not followed for ever', async () => {
    const path = folder({ 'x.yaml': DENY });
    symlinkSync('.', join(path, 'again'));
    expect((await typed('map', '--state', path)).code).toBe(0);
  });
});

function policyObject() {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'deny', namespace: 'a' },
    spec: { podSelector: {} },
  };
}

function nest(depth: number): string {
  return `${'{"x":'.repeat(depth)}1${'}'.repeat(depth)}`;
}

describe('a question that is none', () => {
  it.each<[readonly string[], RegExp]>([
    [['--port', 'NaN'], /"NaN" is no port/],
    [['--port', '65536'], /"65536" is no port/],
    [['--port', '1e3'], /"1e3" is no port/],
    [['--port', '80', '--protocol', 'QUIC'], /"QUIC" is no protocol/],
  ])('%j', async (args, reason) => {
    const { code, stdout, said } = await typed(
      'verdict',
      '--state',
      folder({}),
      '--from',
      'a/web',
      '--to',
      'a/db',
      ...args,
    );
    expect([code, stdout]).toEqual([2, '']);
    expect(said).toMatch(reason);
  });

  it.each(['a/gone', 'ip:999.1.1.1', 'entity:moon', ''])('an end that is not there is unknown: %j', async (from) => {
    const path = folder({ 'x.yaml': DENY });
    const { code, stdout } = await typed('verdict', '--state', path, '--from', from, '--to', 'a/db', '--port', '80');
    expect(code).toBe(2);
    expect(stdout).toMatch(/^unknown: /);
  });
});

describe('the program itself', () => {
  let cluster: Simulated;
  beforeAll(async () => {
    cluster = await simulate(['--scenario', 'healthy', '--nodes', '3', '--pods', '40', '--fault', 'black-hole']);
  });
  afterAll(() => cluster.stop());

  it.each(['map', 'drift'])('%s without an answer in time is 2 and one sentence', async (name) => {
    const given = name === 'drift' ? [folder({ 'x.yaml': DENY })] : [];
    const { code, stdout, stderr } = await run([
      'policy',
      name,
      ...given,
      '--kubeconfig',
      cluster.kubeconfig,
      '--timeout',
      '1s',
    ]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe('ciliscope: The cluster did not answer in time. Give it longer with --timeout 2m.\n');
  });

  it('says a broken file in one line', async () => {
    const { code, stdout, stderr } = await run(['policy', 'map', '--state', folder({ 'x.yaml': 'a: [' })]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^ciliscope: \S+x\.yaml, line 1, column \d+: [^\n]+\n$/);
  });
});
