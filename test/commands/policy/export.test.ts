import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { exportFiles } from '../../../src/commands/policy/export-files.ts';
import { writeExport } from '../../../src/commands/policy/export-folder.ts';
import { objectsOf } from '../../model/policies/shop.ts';
import { run, type Simulated, simulate } from '../program.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ciliscope-test-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

const served = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  uid: 1b2c
  resourceVersion: "77"
  generation: 3
  creationTimestamp: "2026-01-02T03:04:05Z"
  managedFields: [{manager: kubectl}]
  name: web
  namespace: shop
  labels: {team: sales, answer: "yes"}
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: "{}"
    note: mind the gap
spec: {policyTypes: [Ingress], podSelector: {}, ingress: [{ports: [{protocol: TCP, port: 80}]}]}
status: {}
`;
const clusterwide =
  '{apiVersion: cilium.io/v2, kind: CiliumClusterwideNetworkPolicy, metadata: {name: all}, spec: {endpointSelector: {}, ingress: [{}]}}';

describe('policy export', () => {
  it('writes what people would have written, in one order', () => {
    const files = exportFiles(objectsOf(`${clusterwide}\n---\n${served}\n---\n{kind: Pod, metadata: {name: p}}`));
    expect(files.map(({ path }) => path)).toEqual([
      '_clusterwide/ciliumclusterwidenetworkpolicy-all.yaml',
      'shop/networkpolicy-web.yaml',
    ]);
    expect(files[1]?.text).toBe(`apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  annotations:
    note: mind the gap
  labels:
    answer: "yes"
    team: sales
  name: web
  namespace: shop
spec:
  ingress:
  - ports:
    - port: 80
      protocol: TCP
  podSelector: {}
  policyTypes:
  - Ingress
`);
  });

  it.each(['../../etc', 'a/b', '..', '', 'A', 'a\u0000b'])('refuses the name %j', (name) => {
    const raw = { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name, namespace: 'shop' } };
    expect(() => exportFiles([raw])).toThrow(/cannot be the name of a file/);
    const elsewhere = { ...raw, metadata: { name: 'a', namespace: name || '..' } };
    expect(() => exportFiles([elsewhere])).toThrow(/cannot be the name of a file/);
  });

  it('keeps its own folder as the cluster is, and what is not its own', () => {
    const to = at('one');
    const files = exportFiles(objectsOf(`${clusterwide}\n---\n${served}`));
    expect(writeExport(to, files, false)).toEqual({ added: 2, changed: 0, same: 0, removed: 0 });
    writeFileSync(join(to, 'README.md'), 'ours');
    expect(writeExport(to, files, false)).toEqual({ added: 0, changed: 0, same: 2, removed: 0 });
    const later = exportFiles(objectsOf(served.replace('port: 80', 'port: 81')));
    expect(writeExport(to, later, false)).toEqual({ added: 0, changed: 1, same: 0, removed: 1 });
    expect(readdirSync(to, { recursive: true }).sort()).toEqual([
      '.ciliscope-export',
      'README.md',
      '_clusterwide',
      'shop',
      'shop/networkpolicy-web.yaml',
    ]);
    expect(readFileSync(join(to, 'shop/networkpolicy-web.yaml'), 'utf8')).toContain('port: 81');
  });

  it('refuses a folder of somebody else’s, unless it is told to', () => {
    const to = at('two');
    mkdirSync(join(to, 'src'), { recursive: true });
    expect(() => writeExport(to, exportFiles(objectsOf(served)), false)).toThrow(/was not made by export/);
    expect(readdirSync(to)).toEqual(['src']);
    expect(writeExport(to, exportFiles(objectsOf(served)), true)).toMatchObject({ added: 1 });
  });

  it('never writes or removes outside of the folder', () => {
    const outside = at('outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'networkpolicy-old.yaml'), 'theirs');
    const to = at('three');
    mkdirSync(to);
    writeFileSync(
      join(to, '.ciliscope-export'),
      'mark\n../outside/networkpolicy-old.yaml\nshop/networkpolicy-old.yaml\n',
    );
    symlinkSync(outside, join(to, 'shop'));
    expect(() => writeExport(to, exportFiles(objectsOf(served)), false)).toThrow(/is a link to another folder/);
    expect(() => writeExport(to, [], false)).toThrow(/is a link to another folder/);
    expect(readdirSync(outside)).toEqual(['networkpolicy-old.yaml']);
    rmSync(join(to, 'shop'));
    // A file that is a link is replaced, what it leads to is not.
    mkdirSync(join(to, 'shop'));
    symlinkSync(join(outside, 'networkpolicy-old.yaml'), join(to, 'shop/networkpolicy-web.yaml'));
    writeExport(to, exportFiles(objectsOf(served)), false);
    expect(readFileSync(join(outside, 'networkpolicy-old.yaml'), 'utf8')).toBe('theirs');
    expect(readFileSync(join(to, 'shop/networkpolicy-web.yaml'), 'utf8')).toContain('name: web');
  });
});

describe('a live cluster', () => {
  let cluster: Simulated;
  const live = (...args: string[]) => run(['policy', ...args, '--kubeconfig', cluster.kubeconfig]);
  beforeAll(async () => {
    cluster = await simulate(['--scenario', 'healthy', '--nodes', '3', '--pods', '60']);
  });
  afterAll(() => cluster.stop());

  it('is written, and then does not differ from it until a file is edited', async () => {
    const to = at('live');
    const { code, stdout, stderr } = await live('export', to, '--json');
    expect([code, stderr]).toEqual([0, '']);
    const { files, added } = JSON.parse(stdout) as { files: string[]; added: number };
    expect(files.length).toBeGreaterThan(2);
    expect(added).toBe(files.length);
    expect(files.every((file) => existsSync(join(to, file)))).toBe(true);
    const same = await live('drift', to);
    expect([same.code, same.stdout]).toEqual([0, 'no drift\n']);

    const [first = '', second = ''] = files;
    const { kind, metadata } = parse(readFileSync(join(to, second), 'utf8'));
    writeFileSync(
      join(to, second),
      readFileSync(join(to, second), 'utf8').replace('metadata:\n', 'metadata:\n  labels:\n    edited: here\n'),
    );
    rmSync(join(to, first));
    writeFileSync(join(to, 'mine.yaml'), clusterwide.replace('name: all', 'name: mine'));
    const differs = await live('drift', to, '--json');
    expect(differs.code).toBe(1);
    const answer = JSON.parse(differs.stdout);
    expect(answer).toMatchObject({ command: 'policy drift', cluster: { server: expect.stringMatching(/^https:/) } });
    expect(answer.onlyInCluster).toHaveLength(1);
    expect(answer.onlyInFolder).toEqual([{ kind: 'CiliumClusterwideNetworkPolicy', name: 'mine' }]);
    expect(answer.differ).toHaveLength(1);
    expect(answer.differ[0].object).toMatchObject({ kind, name: metadata.name });
    expect(answer.differ[0].fields[0]).toContain('metadata.labels');
    expect(answer.differ[0].difference).toContain('-    edited: here\n');
  });
});
