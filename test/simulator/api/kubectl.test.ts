import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findKubectl, kubectlOf } from '../kubectl.ts';
import { type SmallCluster, startSmallCluster } from './small-cluster.ts';

// A version that is absent is skipped by its name.
const wanted = ['1.27', '1.29', '1.30', '1.33'];

for (const version of wanted) {
  const program = findKubectl(version);
  describe.skipIf(program === undefined)(`kubectl ${version}`, () => {
    const minor = Number(version.split('.')[1]);
    let cluster: SmallCluster;
    let folder: string;
    const { kubectl, streaming } = kubectlOf(program, () => ({
      home: folder,
      kubeconfig: file('admin.json'),
      editor: file('editor.sh'),
    }));
    beforeAll(async () => {
      cluster = await startSmallCluster();
      folder = mkdtempSync(join(tmpdir(), 'kubectl-'));
      for (const token of ['admin', 'reader', 'old']) writeFileSync(file(`${token}.json`), cluster.kubeconfig(token));
      writeFileSync(file('web.yaml'), manifest);
    });
    afterAll(async () => {
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    it('applies, and applies again without a change', async () => {
      expect(await kubectl('apply', '-f', file('web.yaml'))).toMatchObject({
        out: 'deployment.apps/web created\npod/web-0 created\npod/web-1 created\nciliumnetworkpolicy.cilium.io/web created\n',
      });
      const again = await kubectl('apply', '-f', file('web.yaml'));
      expect(again.out).toBe(
        'deployment.apps/web unchanged\npod/web-0 unchanged\npod/web-1 unchanged\nciliumnetworkpolicy.cilium.io/web unchanged\n',
      );
    });

    it('is told of an unknown field', async () => {
      writeFileSync(file('bad.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: bad}\nnope: 1\n');
      expect((await kubectl('apply', '-f', file('bad.yaml'))).err).toContain(
        'strict decoding error: unknown field "nope"',
      );
    });

    it('shows tables, by label, in pieces, of several kinds', async () => {
      const { out } = await kubectl('get', 'pods', '-n', 'shop', '-l', 'app=web', '--chunk-size=1', '-o', 'wide');
      expect(out.replace(/ +/g, ' ')).toMatch(
        /^NAME READY STATUS RESTARTS AGE IP NODE NOMINATED NODE READINESS GATES\nweb-0 0\/1 Pending 0 \S+ <none> node-1 <none> <none>\nweb-1 /,
      );
      const both = await kubectl('get', 'deploy,cnp', '-A', '--no-headers');
      expect(both.out.replace(/ +/g, ' ')).toMatch(
        /^shop deployment\.apps\/web 0\/2 0 0 \S+\nshop ciliumnetworkpolicy\.cilium\.io\/web \S+/,
      );
    });

    it('shows an object as it is stored', async () => {
      const { out } = await kubectl('get', 'pod', 'web-0', '-n', 'shop', '-o', 'yaml');
      const stored = cluster.store.get('Pod', 'shop', 'web-0');
      expect(out).toContain(`  uid: ${stored?.metadata.uid}`);
      expect(out).toContain(`  resourceVersion: "${stored?.metadata.resourceVersion}"`);
    });

    it('describes', async () => {
      const { out } = await kubectl('describe', 'pod', 'web-0', '-n', 'shop');
      expect(out).toMatch(/^Name:\s+web-0\nNamespace:\s+shop\n/);
      expect(out).toMatch(/Node:\s+node-1/);
    });

    it('watches', async () => {
      const seen = streaming('get', 'pods', '-n', 'shop', '-w', '--no-headers');
      await seen.until(/web-1/);
      await kubectl('label', 'pod', 'web-0', '-n', 'shop', 'seen=yes');
      await seen.until(/web-1[\s\S]*web-0/);
      seen.stop();
    });

    it('applies on the server and is told of conflicts', async () => {
      writeFileSync(file('more.yaml'), manifest.replace('replicas: 2', 'replicas: 9'));
      const { err } = await kubectl('apply', '--server-side', '--field-manager=other', '-f', file('more.yaml'));
      expect(err).toContain('conflict with "kubectl-client-side-apply" using apps/v1: .spec.replicas');
      const forced = await kubectl(
        'apply',
        '--server-side',
        '--force-conflicts',
        '--field-manager=other',
        '-f',
        file('web.yaml'),
      );
      expect(forced.out).toContain('deployment.apps/web serverside-applied');
    });

    it('patches, edits, scales and restarts', async () => {
      await kubectl(
        'patch',
        'deploy',
        'web',
        '-n',
        'shop',
        '-p',
        '{"spec":{"template":{"spec":{"containers":[{"name":"c","image":"app:2"}]}}}}',
      );
      const editor = file('editor.sh');
      writeFileSync(editor, '#!/bin/sh\nsed -i.old s/minReadySeconds:.*/minReadySeconds:\\ 7/ "$1"\n');
      chmodSync(editor, 0o700);
      expect((await kubectl('edit', 'deploy', 'web', '-n', 'shop')).out).toBe('deployment.apps/web edited\n');
      expect((await kubectl('scale', 'deploy/web', '-n', 'shop', '--replicas=5')).out).toBe(
        'deployment.apps/web scaled\n',
      );
      expect((await kubectl('rollout', 'restart', 'deploy/web', '-n', 'shop')).out).toBe(
        'deployment.apps/web restarted\n',
      );
      expect(cluster.store.get('Deployment', 'shop', 'web')?.['spec']).toMatchObject({
        replicas: 5,
        minReadySeconds: 7,
        template: {
          metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': expect.any(String) as string } },
          spec: { containers: [{ name: 'c', image: 'app:2', ports: [{ containerPort: 80, protocol: 'TCP' }] }] },
        },
      });
    });

    it('follows a log to its end', async () => {
      const { out } = await kubectl('logs', '-f', 'web-0', '-n', 'shop', '--tail=1');
      expect(out).toBe('c line 3\nc line 4\nc line 5\n');
    });

    it(minor >= 30 ? 'runs a command' : 'is told that its exec is not spoken here', async () => {
      const good = await kubectl('exec', 'web-0', '-n', 'shop', '--', 'echo', 'hello');
      if (minor < 30) {
        expect(good).toMatchObject({ code: 1, err: expect.stringContaining('WebSocket') as string });
        return;
      }
      expect(good).toMatchObject({ code: 0, out: 'hello\n' });
      const bad = await kubectl('exec', 'web-0', '-n', 'shop', '--', 'bad');
      expect(bad).toMatchObject({ code: 3, err: expect.stringContaining('bad: it failed') as string });
    });

    it('asks what it may do, and what there is', async () => {
      expect((await kubectl('auth', 'can-i', 'list', 'pods')).out).toBe('yes\n');
      expect((await kubectl('auth', 'can-i', 'list', 'pods', '--kubeconfig', file('reader.json'))).out).toBe('no\n');
      const { out } = await kubectl('api-resources', '--api-group=cilium.io', '--no-headers');
      expect(out.replace(/ +/g, ' ')).toContain('ciliumendpoints cep,ciliumep cilium.io/v2 true CiliumEndpoint');
    });

    it('is told that its credentials are over', async () => {
      expect((await kubectl('get', 'pods', '--kubeconfig', file('old.json'))).err).toContain('Unauthorized');
    });

    it('deletes', async () => {
      const { out } = await kubectl('delete', 'cnp/web', 'deploy/web', '-n', 'shop');
      expect(out).toContain('deployment.apps "web" deleted');
      await kubectl('delete', 'pod', 'web-0', 'web-1', '-n', 'shop', '--force', '--grace-period=0');
      expect((await kubectl('get', 'pods', '-n', 'shop')).err).toContain('No resources found');
    });

    function file(name: string): string {
      return join(folder, name);
    }
  });
}

const manifest = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 2
  minReadySeconds: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: c, image: "app:1", ports: [{containerPort: 80}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web-0, namespace: shop, labels: {app: web}}
spec: {nodeName: node-1, containers: [{name: c, image: "app:1"}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: shop, labels: {app: web}}
spec: {nodeName: node-1, containers: [{name: c, image: "app:1"}]}
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: web, namespace: shop}
spec: {endpointSelector: {matchLabels: {app: web}}, ingress: [{fromEntities: [cluster]}]}
`;
