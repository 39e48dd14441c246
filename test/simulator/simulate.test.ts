import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { KubeObject } from '../../src/simulator/cluster.ts';
import { scenarios } from '../../src/simulator/scenarios/index.ts';
import { type Simulator, simulate } from '../../src/simulator/simulate.ts';
import { findKubectl, kubectlOf } from './kubectl.ts';

// A whole living cluster, by what real kubectls see of it and do to it; a version that is absent is skipped by its name.
const wanted = ['1.28', '1.30', '1.33'];

// biome-ignore lint/suspicious/noExplicitAny: what is read of these objects is what the assertions check.
type Any = any;
type Loose = KubeObject & { spec: Any; status: Any; endpoints: Any[]; namespace: string };

// Rollouts take their time, and the machine may be busy: each version has a cluster of its own, and they wait side by side.
describe('a healthy cluster of 20 nodes and 500 pods', { timeout: 90_000 }, () => {
  for (const [turn, version] of wanted.entries()) {
    const program = findKubectl(version);
    describe.skipIf(program === undefined)(`by kubectl ${version}`, { concurrent: true }, () => {
      let simulator: Simulator;
      let folder: string;
      const file = (name: string) => join(folder, name);
      const list = (kind: string, namespace?: string) => simulator.cluster.store.list(kind, namespace) as Loose[];

      beforeAll(async () => {
        const scenario = scenarios.find(({ id }) => id === 'healthy');
        if (scenario === undefined) throw new Error('no such scenario');
        simulator = await simulate({ scenario, nodes: 20, pods: 500, churn: 0, seed: 7, port: 0, faults: [] });
        folder = mkdtempSync(join(tmpdir(), 'kubectl-'));
        writeFileSync(file('config'), simulator.kubeconfig);
      }, 60_000);
      afterAll(async () => {
        await simulator.close();
        rmSync(folder, { recursive: true, force: true });
      });

      const { kubectl, streaming } = kubectlOf(program, () => ({
        home: folder,
        kubeconfig: file('config'),
        editor: file('editor.sh'),
      }));
      /** A Deployment of its own for each version, with few pods: rollouts take their time. */
      const mine = () => {
        const few = list('Deployment').filter(
          ({ metadata, spec }) => metadata.namespace !== 'kube-system' && spec.replicas === 2,
        );
        const { metadata } = few[turn] as Loose;
        return { namespace: metadata.namespace ?? '', name: metadata.name };
      };

      it('lists what there is, whole, by label and in pieces', { concurrent: false }, async () => {
        const pods = await kubectl('get', 'pods', '-A', '--no-headers');
        expect(rows(pods.out)).toBe(list('Pod').length);
        const pieces = await kubectl('get', 'pods', '-A', '--no-headers', '--chunk-size=100');
        expect(pieces.out.replace(/\S+$/gm, '')).toBe(pods.out.replace(/\S+$/gm, ''));
        const agents = await kubectl('get', 'pods', '-n', 'kube-system', '-l', 'k8s-app=cilium', '--no-headers');
        expect(rows(agents.out)).toBe(20);
        expect(agents.out.match(/ 3\/3 +Running /g)).toHaveLength(20);
        const { out } = await kubectl('get', 'cep', '-A', '-o', 'wide', '--no-headers');
        const policed = list('CiliumEndpoint').filter(({ status }) => status.policy.ingress.enforcing);
        expect(policed.length).toBeGreaterThan(0);
        expect(out.match(/ enforcing /g)).toHaveLength(policed.length);
      });

      it('shows an object as it is stored, and describes it', { concurrent: false }, async () => {
        const { namespace, name } = mine();
        const deployment = list('Deployment', namespace).find(({ metadata }) => metadata.name === name);
        const { out } = await kubectl('get', 'deploy', name, '-n', namespace, '-o', 'yaml');
        expect(out).toContain(`\n  uid: ${deployment?.metadata.uid}\n`);
        const told = (await kubectl('describe', 'deploy', name, '-n', namespace)).out;
        expect(told).toMatch(/Replicas:\s+2 desired \| 2 updated \| 2 total \| 2 available \| 0 unavailable/);
        expect((await kubectl('describe', 'node', list('Node')[turn]?.metadata.name ?? '')).out).toContain('cilium-');
      });

      it('a deleted agent comes back on its node, and a watcher sees it', { concurrent: false }, async () => {
        const agent = list('Pod', 'kube-system').filter(({ metadata }) => metadata.labels?.['k8s-app'] === 'cilium')[
          turn
        ] as Loose;
        const seen = streaming('get', 'pods', '-n', 'kube-system', '-l', 'k8s-app=cilium', '-w', '--no-headers');
        await seen.until(new RegExp(agent.metadata.name));
        const { out } = await kubectl('delete', 'pod', agent.metadata.name, '-n', 'kube-system');
        expect(out).toContain(`pod "${agent.metadata.name}" deleted`);
        await vi.waitFor(() => {
          const here = list('Pod', 'kube-system').filter(
            ({ metadata, spec }) => metadata.labels?.['k8s-app'] === 'cilium' && spec.nodeName === agent.spec.nodeName,
          );
          expect(here.map(({ metadata }) => metadata.uid)).not.toContain(agent.metadata.uid);
          expect(here.map((pod) => isReady(pod))).toEqual([true]);
        }, 40_000);
        await seen.until(/Init:0\/[\s\S]*(\d)\/\1 +Running/);
        seen.stop();
      });

      it('a scaled Deployment gets pods, endpoints and entries in slices of both kinds', {
        concurrent: false,
      }, async () => {
        const { namespace, name } = mine();
        await kubectl('scale', `deploy/${name}`, '-n', namespace, '--replicas=4');
        const placed = () => list('Pod', namespace).filter(({ metadata }) => metadata.labels?.['app'] === name);
        await vi.waitFor(() => {
          const pods = placed();
          expect(pods).toHaveLength(4);
          const names = pods.map(({ metadata }) => metadata.name).sort();
          const ips = pods.map(({ status }) => status.podIP).sort();
          expect(pods.map(isReady)).toEqual([true, true, true, true]);
          const endpoints = list('CiliumEndpoint', namespace).map(({ metadata }) => metadata.name);
          expect(endpoints).toEqual(expect.arrayContaining(names));
          const entries = list('CiliumEndpointSlice').flatMap((slice) => slice.endpoints.map((each) => each.name));
          expect(entries).toEqual(expect.arrayContaining(names));
          const served = list('EndpointSlice', namespace)
            .filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === name)
            .flatMap((slice) => slice.endpoints.flatMap((each) => each.addresses as string[]));
          expect(served.sort()).toEqual(ips);
        }, 30_000);
        await kubectl('scale', `deploy/${name}`, '-n', namespace, '--replicas=2');
        await vi.waitFor(() => expect(placed()).toHaveLength(2), 60_000);
      });

      it('patches, edits, restarts and tells when the rollout is through', { concurrent: false }, async () => {
        const { namespace, name } = mine();
        const before = list('Pod', namespace).filter(({ metadata }) => metadata.labels?.['app'] === name);
        await kubectl('patch', 'deploy', name, '-n', namespace, '-p', '{"spec":{"minReadySeconds":1}}');
        writeFileSync(file('editor.sh'), '#!/bin/sh\nsed -i.old "s/minReadySeconds:.*/minReadySeconds: 0/" "$1"\n');
        chmodSync(file('editor.sh'), 0o700);
        expect((await kubectl('edit', 'deploy', name, '-n', namespace)).out).toBe(`deployment.apps/${name} edited\n`);
        await kubectl('rollout', 'restart', `deploy/${name}`, '-n', namespace);
        const { out } = await kubectl('rollout', 'status', `deploy/${name}`, '-n', namespace, '--timeout=50s');
        expect(out).toContain(`deployment "${name}" successfully rolled out`);
        const after = list('Pod', namespace).filter(
          ({ metadata }) => metadata.labels?.['app'] === name && metadata.deletionTimestamp === undefined,
        );
        expect(after).toHaveLength(2);
        for (const { metadata } of before) expect(after.map((pod) => pod.metadata.uid)).not.toContain(metadata.uid);
      });

      it('an applied policy is found valid and enforced, and no longer once it is deleted', {
        concurrent: false,
      }, async () => {
        const { namespace, name } = mine();
        const policy = `closed-${version.replace('.', '-')}`;
        writeFileSync(file('policy.yaml'), egressPolicy(policy, namespace, name));
        const { out } = await kubectl('apply', '--server-side', '-f', file('policy.yaml'));
        expect(out).toBe(`ciliumnetworkpolicy.cilium.io/${policy} serverside-applied\n`);
        const enforced = () =>
          list('CiliumEndpoint', namespace)
            .filter(({ metadata }) => metadata.labels?.['app'] === name)
            .map(({ status }) => status.policy.egress.enforcing as boolean);
        await vi.waitFor(() => expect(enforced()).toEqual([true, true]), 10_000);
        await vi.waitFor(async () => {
          const told = await kubectl(
            'get',
            'cnp',
            policy,
            '-n',
            namespace,
            '-o',
            'jsonpath={.status.conditions[0].type}',
          );
          expect(told.out).toBe('Valid');
        }, 10_000);
        await kubectl('delete', '-f', file('policy.yaml'));
        await vi.waitFor(() => expect(enforced()).toEqual([false, false]), 10_000);
      });

      it('reads logs and asks an agent', { concurrent: false }, async () => {
        const agent = list('Pod', 'kube-system').find(({ metadata }) => metadata.labels?.['k8s-app'] === 'cilium');
        const pod = agent?.metadata.name ?? '';
        const log = streaming('logs', '-f', pod, '-n', 'kube-system', '-c', 'cilium-agent', '--tail=3');
        await log.until(/(.*\n){3}/);
        log.stop();
        const asked = await kubectl(
          'exec',
          pod,
          '-n',
          'kube-system',
          '-c',
          'cilium-agent',
          '--',
          'cilium-dbg',
          'status',
          '--brief',
        );
        if (Number(version.split('.')[1]) < 30) expect(asked.err).toContain('WebSocket');
        else expect(asked).toMatchObject({ code: 0, out: 'OK\n' });
      });

      it('is told what it may do and what there is', { concurrent: false }, async () => {
        expect((await kubectl('auth', 'can-i', 'delete', 'pods')).out).toBe('yes\n');
        expect((await kubectl('auth', 'can-i', 'delete', 'pods', '--context=reader')).out).toBe('no\n');
        expect((await kubectl('get', 'secrets', '-A', '--context=reader')).err).toContain('Forbidden');
        expect((await kubectl('get', 'nodes', '--context=expired')).err).toContain('Unauthorized');
        const { out } = await kubectl('api-resources', '--no-headers', '-o', 'name');
        const names = out.trim().split('\n');
        const kinds = new Set(
          simulator.cluster.store.resources().map(({ plural, group }) => `${plural}${group && '.'}${group}`),
        );
        for (const kind of kinds) expect(names).toContain(kind);
      });
    });
  }
});

function rows(table: string): number {
  return table.trimEnd().split('\n').length;
}

function isReady(pod: Loose): boolean {
  return pod.status.conditions.some(
    (each: { type: string; status: string }) => each.type === 'Ready' && each.status === 'True',
  );
}

function egressPolicy(name: string, namespace: string, app: string): string {
  return `
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: ${name}, namespace: ${namespace}}
spec: {endpointSelector: {matchLabels: {app: ${app}}}, egress: [{toEntities: [cluster]}]}
`;
}
