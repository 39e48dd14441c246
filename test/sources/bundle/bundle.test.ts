import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { extract, pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChecks } from '../../../src/checks/run.ts';
import { planBundle } from '../../../src/model/bundle/bundle-plan.ts';
import type { BundleEvent } from '../../../src/model/bundle/bundle-request.ts';
import type { Judgement } from '../../../src/model/finding.ts';
import { serverTime } from '../../../src/model/server-time.ts';
import type { KubeObject } from '../../../src/simulator/cluster.ts';
import type { SimulatorOptions } from '../../../src/simulator/simulate.ts';
import { readBundle } from '../../../src/sources/bundle/read-bundle.ts';
import { type WatchedCluster, watchCluster } from '../../wire/watched-cluster.ts';

const settleMs = 100;
const judgeOf = (standMs: number) => createChecks({ standMs, everyLook: true });
const hour = 3_600_000;

const password = 'Pa55-of-env-9x';
const seeds = {
  password,
  key: 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC',
  certificate: 'MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqh',
  jwt: 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZG1pbiJ9.c2lnbmF0dXJl',
  account: 'Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaYWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXo=',
  sas: 'sIgNaTuRe0fSas1234',
  basic: 'B4sicAuthPw',
  config: 'T0ken-in-coredns-77',
  event: 'T0ken-in-event-55',
  query: 'S3cret-of-a-row-31',
  configMapKey: 'MIIEowIBAAKCAQEAz7XkConfigMapKey',
  configMapKubeconfig: 'TFMwdExTMUNSVWRKVGlCU1UwRWdVRkpKVmtGVVJTQkxSVmt',
  configMapSas: 'c0nfigMapSasSign4ture',
  kubeconfig: 'S3ViZWNvbmZpZ0NsaWVudEtleURhdGFYWVo',
  header: 'H3ader-of-a-policy-8',
  applied: 'Appl1ed-by-another-4',
  list: 'L1st-in-a-setting-6',
  map: 'Map-1n-a-setting-7',
  label: 'Lab3l-of-a-metric-9',
  log: 'S3en-in-a-log-10',
  block: 'Bl0ck-of-a-log-11',
  logKey: 'MIIEpAIBAAKCAQEAt0ldInALog',
  said: 'Sa1d-by-an-agent-13',
  node: 'N0de-of-a-config-14',
};

let cluster: WatchedCluster;
let path: string;
let ended: Extract<BundleEvent, { type: 'end' }>;
let live: Judgement;
let files: Map<string, string>;
let asked: string[];

beforeAll(async () => {
  cluster = await watchCluster({ scenario: 'endpoint-slice-drift', config: { metricsPerSecond: 0 }, voices });
  seed();
  await cluster.allLive();
  await cluster.until('version', ({ cluster: { kubernetesVersion } }) => kubernetesVersion !== '');
  live = judged(cluster);
  path = join(mkdtempSync(join(tmpdir(), 'ciliscope-bundle-')), 'b.tar.gz');
  const from = await cluster.mark();
  ended = await take(path);
  asked = await cluster.asked(from);
  files = await unpacked(path);
}, 60_000);

afterAll(async () => {
  if (path) rmSync(dirname(path), { recursive: true, force: true });
  await cluster?.close();
});

describe('takeBundle', () => {
  it('writes objects, logs, commands and metrics into a file of its owner alone, with a manifest at its end', () => {
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const names = [...files.keys()];
    expect(names.at(-1)).toBe('manifest.json');
    expect(names).toContain('objects/ciliumEndpoints/1-00001.ndjson');
    expect(names).toContain('objects-again/suspects.ndjson');
    expect(names.some((name) => /^logs\/cilium-operator-.*\/cilium-operator\.log$/.test(name))).toBe(true);
    expect(names.some((name) => /^commands\/cilium-.*\/cilium-dbg-status-verbose\.txt$/.test(name))).toBe(true);
    expect(files.get(names.find((name) => /status-verbose/.test(name)) ?? '')).toContain('Cilium');
    const manifest = JSON.parse(files.get('manifest.json') ?? '');
    expect(manifest.files.map(({ path: name }: { path: string }) => name)).toEqual(names.slice(0, -1));
    expect(manifest.gaps).toEqual([]);
    expect(ended).toMatchObject({ gaps: [], stopped: false, files: names.length });
  });

  it('asks about as much as was said before', () => {
    const plan = planNow();
    expect(ended.requests).toBeGreaterThan(0);
    const again = files.get('objects-again/suspects.ndjson')?.trimEnd().split('\n').length ?? 0;
    expect(again).toBeGreaterThan(0);
    // Which kinds there are is asked anew where reading takes long.
    expect(Math.abs(ended.requests - plan.requests - again)).toBeLessThan(8);
  });

  it('never asks for a Secret', () => {
    expect(asked.filter((request) => /secrets/.test(request))).toEqual([]);
  });

  it('holds no secret in any byte, nor encoded', () => {
    const bytes = gunzipSync(readFileSync(path)).toString('latin1');
    const found = Object.entries(seeds).flatMap(([name, secret]) =>
      formsOf(secret)
        .filter((form) => bytes.includes(form))
        .map((form) => `${name}: ${form}`),
    );
    expect(found).toEqual([]);
    // They were there to be taken out.
    for (const beside of ['[redacted]', 'DB_PASSWORD', 'note-of-pem', 'seeded-rule', 'log-that-tells', 'said-by-us'])
      expect(bytes).toContain(beside);
    expect(bytes).toContain('seeded_metric{token="[redacted]"} 1');
  });

  it('keeps what was read when it is stopped, and says what is missing', async () => {
    const partial = `${path}.stopped`;
    const stopped = await take(partial, (event, stop) => event.type === 'progress' && stop());
    expect(stopped.stopped).toBe(true);
    const said = JSON.parse((await unpacked(partial)).get('manifest.json') ?? '');
    expect(said.gaps.map(({ why }: { why: string }) => why)).toContain('It was stopped before its end.');
    rmSync(partial);
  });

  it('never writes to a file that is there', async () => {
    const there = `${path}.there`;
    writeFileSync(there, 'mine');
    await expect(take(there)).rejects.toThrow(/There is a file .* already/);
    expect(readFileSync(there, 'utf8')).toBe('mine');
    rmSync(there);
  });
});

describe('readBundle', () => {
  it('comes to the findings of the live cluster', async () => {
    const { judgement, snapshot, manifest } = await readBundle(path, judgeOf);
    expect(live.findings.length).toBeGreaterThan(3);
    expect(judgement.findings.map(essence)).toEqual(live.findings.map(essence));
    expect(judgement.looked).toBe(live.looked);
    expect(snapshot.cluster.context).toBe(manifest.context);
  });
});

/** Archives of the same files by whoever had them in his hands before. */
const repacked: readonly [string, (files: Map<string, string>) => Buffer | Promise<Buffer>][] = [
  ['in another order', (all) => packed([...all].reverse().map(([name, text]) => [`ciliscope-bundle/${name}`, text]))],
  ['as tar does it from within', (all) => packed([...all].map(([name, text]) => [`./${name}`, text]))],
  [
    'in a folder of his own, by a Mac, with a note',
    (all) =>
      packed([
        ['._incident', 'Mac'],
        ['incident/.DS_Store', 'Mac'],
        ['incident/notes.txt', 'it was DNS'],
        ['incident/ciliscope-bundle/._session.json', 'Mac'],
        ...[...all].map(([name, text]) => [`incident/ciliscope-bundle/${name}`, text] as const),
      ]),
  ],
  [
    'under another name, not compressed',
    async (all) => gunzipSync(await packed([...all].map(([name, text]) => [`monday/${name}`, text]))),
  ],
];

describe('a bundle that somebody unpacked and packed again', () => {
  it.each(repacked)('is read: %s', async (name, make) => {
    const again = join(dirname(path), `${name.replaceAll(' ', '-')}.tar`);
    writeFileSync(again, await make(files));
    const { judgement, manifest } = await readBundle(again, judgeOf);
    expect(judgement.findings.map(essence)).toEqual(live.findings.map(essence));
    expect(manifest.gaps).toEqual([]);
  });

  it('says what was taken out of it, and concludes nothing from what is not there', async () => {
    const again = join(dirname(path), 'lost.tar.gz');
    const kept = [...files].filter(([name]) => !name.startsWith('objects/ciliumEndpoints/'));
    const newer: [string, string] = ['objects/somethingNew/1-00001.ndjson', '{}\n'];
    writeFileSync(again, await packed([newer, ...kept]));
    const { judgement, manifest, snapshot } = await readBundle(again, judgeOf);
    expect(manifest.gaps.map(({ what }) => what)).toEqual(['objects/ciliumEndpoints/1-00001.ndjson', 'somethingNew']);
    expect(snapshot.links.get('ciliumEndpoints')?.phase).toBe('failed');
    expect(judgement.notLookedAt.map(({ reason }) => reason).join()).toContain(
      'Not all of it is in the bundle any more.',
    );
    expect(judgement.findings.filter(({ id }) => !live.findings.some((one) => one.id === id))).toEqual([]);
  });
});

async function packed(all: readonly (readonly [string, string])[]): Promise<Buffer> {
  const tar = pack();
  for (const [name, text] of all) tar.entry({ name }, text);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks));
}

function essence({ id, title, objects, severity }: Judgement['findings'][number]) {
  return { id, title, severity, objects };
}

function judged({ snapshot }: WatchedCluster): Judgement {
  const judge = judgeOf(settleMs);
  const now = serverTime(snapshot(), Date.now());
  judge.judge(snapshot(), now);
  return judge.judge(snapshot(), now + settleMs);
}

function planNow() {
  const snapshot = cluster.snapshot();
  return planBundle(
    snapshot,
    live,
    { nodes: [...snapshot.tables.nodes.rows.values()].slice(0, 1).map(({ name }) => name), sinceMs: hour },
    serverTime(snapshot, Date.now()),
  );
}

async function take(to: string, on: (event: BundleEvent, stop: () => void) => unknown = () => {}) {
  const { asks } = cluster.sources;
  const request = {
    ...{ plan: planNow(), path: to, program: 'ciliscope test', settleMs, timeline: cluster.snapshot().timeline },
    texts: [{ path: 'queries.json', text: JSON.stringify({ rows: [['login', `password=${seeds.query}`]] }) }],
  };
  let end: Extract<BundleEvent, { type: 'end' }> | undefined;
  for await (const event of asks.takeBundle(request, new AbortController().signal)) {
    on(event, () => void asks.endBundle());
    if (event.type === 'end') end = event;
  }
  if (end === undefined) throw new Error('it did not end');
  return end;
}

/** What agents say, with secrets in it: in a log, on the metrics page, as what a command prints. */
const voices: SimulatorOptions['voices'] = (own) => ({
  log(pod, container, options) {
    const lines = own.log(pod, container, options);
    return lines === undefined ? undefined : withSecrets(lines);
  },
  metrics: (pod, port) => {
    const page = own.metrics(pod, port);
    return page === undefined ? undefined : `${page}seeded_metric{token="${seeds.label}"} 1\n`;
  },
  exec(pod, container, command) {
    const session = own.exec(pod, container, command);
    if (session === undefined || session.goesOn) return session;
    const said = `said-by-us: kvstore password: ${seeds.said}\n{"Authorization":["Bearer ${seeds.said}"]}\n`;
    return { ...session, run: (write, signal) => session.run(write, signal).finally(() => write('stdout', said)) };
  },
});

async function* withSecrets(lines: AsyncIterable<{ at: number; line: string }>) {
  for await (const one of lines) yield one;
  const key = ['-----BEGIN RSA PRIVATE KEY-----', seeds.logKey, '-----END RSA PRIVATE KEY-----'];
  const block = ['log-that-tells: 1', 'password: |', '  first', `  ${seeds.block}`];
  const said = `level=info msg="sent {\\"token\\":\\"${seeds.log}\\"} to https://me:${seeds.log}@host/x"`;
  for (const line of [said, ...key, ...block]) yield { at: Date.now(), line };
}

/** Secrets of each kind, where people leave them. */
function seed(): void {
  const { store } = cluster.simulator.cluster;
  const pem = (what: string, body: string) => `-----BEGIN ${what}-----\n${body}\n-----END ${what}-----\n`;
  const pod = (name: string, annotations: Record<string, string>, env: object[], args: string[]): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', annotations },
    spec: { containers: [{ name: 'main', image: 'web:1', env, args }] },
    status: { phase: 'Succeeded' },
  });
  const create = (object: KubeObject) => void store.create(object, 'test');
  const rule = {
    headers: [`X-Api-Key: ${seeds.header}`],
    headerMatches: [{ name: 'X-Auth', value: seeds.header, mismatch: 'LOG' }],
  };
  create(
    pod(
      'seeded',
      {
        'note-of-pem': pem('PRIVATE KEY', seeds.key),
        'note-of-certificate': Buffer.from(pem('CERTIFICATE', seeds.certificate)).toString('base64'),
        'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ env: [{ name: 'X', value: password }] }),
        hook: `https://x.blob.core.windows.net/c?sv=2022&sig=${seeds.sas}`,
        encoded: encodeURIComponent(`AccountName=a;AccountKey=${seeds.account}`),
        'kapp.k14s.io/original': JSON.stringify({ env: [{ name: 'API_TOKEN', value: seeds.applied }] }),
      },
      [
        { name: 'DB_PASSWORD', value: password },
        { name: 'STORAGE', value: `DefaultEndpointsProtocol=https;AccountKey=${seeds.account};EndpointSuffix=x` },
        { name: 'AMQP', value: `amqps://app:${seeds.basic}@queue:5671` },
      ],
      ['--token', seeds.jwt, `--kubeconfig-inline=client-key-data: ${seeds.kubeconfig}`],
    ),
  );
  create({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'coredns-seeded', namespace: 'kube-system' },
    data: {
      'tls.key': pem('RSA PRIVATE KEY', seeds.configMapKey),
      'settings.yaml': `tokens:\n- ${seeds.list}\npasswords:\n  db: ${seeds.map}\n`,
      kubeconfig: `apiVersion: v1\nkind: Config\nusers:\n- name: a\n  user:\n    client-key-data: ${seeds.configMapKubeconfig}\n`,
      hook: `https://x.blob.core.windows.net/c?sv=2022&se=2027&sig=${seeds.configMapSas}`,
      'log.override': `forward . tls://1.1.1.1 {\n  api_token ${seeds.config}\n}\ntoken: ${seeds.config}\n`,
    },
  });
  create({
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: 'seeded-rule', namespace: 'default' },
    spec: {
      endpointSelector: {},
      ingress: [{ toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], rules: { http: [rule] } }] }],
    },
  });
  create({
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNodeConfig',
    metadata: { name: 'seeded', namespace: 'kube-system' },
    spec: { defaults: { 'kvstore-password': seeds.node }, nodeSelector: {} },
  });
  create({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'seeded.1', namespace: 'default' },
    involvedObject: { kind: 'Pod', namespace: 'default', name: 'seeded' },
    type: 'Warning',
    reason: 'Failed',
    message: `pull failed: Authorization: Bearer ${seeds.event}; env was ${password}`,
    count: 1,
    lastTimestamp: new Date().toISOString(),
  });
}

function formsOf(secret: string): readonly string[] {
  return [secret, Buffer.from(secret).toString('base64').replace(/=+$/, ''), encodeURIComponent(secret)];
}

async function unpacked(archive: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const tar = extract();
  tar.end(gunzipSync(readFileSync(archive)));
  for await (const entry of tar) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    found.set(entry.header.name.replace(/^ciliscope-bundle\//, ''), Buffer.concat(chunks).toString('utf8'));
  }
  return found;
}
