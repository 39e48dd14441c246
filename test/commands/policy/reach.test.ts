import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../program.ts';

const folder = mkdtempSync(join(tmpdir(), 'ciliscope-test-'));
const state = join(folder, 'state.yaml');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const front = (name: string) =>
  `{kind: Pod, metadata: {name: front-7d-${name}, namespace: shop, labels: {app: front, pod-template-hash: 7d}, ownerReferences: [{kind: ReplicaSet, name: front-7d, controller: true}]}, spec: {nodeName: n1, containers: []}, status: {podIP: 10.8.0.${name}}}\n---\n`;
beforeAll(() => {
  writeFileSync(
    state,
    `{kind: Namespace, metadata: {name: shop}}
---
${front('1')}${front('2')}
{kind: Pod, metadata: {name: back, namespace: shop, labels: {app: back}}, spec: {nodeName: n1, containers: [{name: c, ports: [{containerPort: 8080}, {containerPort: 9090}]}]}, status: {podIP: 10.8.0.3}}
---
{kind: Pod, metadata: {name: cart, namespace: shop, labels: {app: cart}}, spec: {nodeName: n1, containers: []}, status: {podIP: 10.8.0.4}}
---
{kind: Pod, metadata: {name: done, namespace: shop, labels: {app: front}}, spec: {nodeName: n1, containers: []}, status: {phase: Succeeded}}
---
{kind: Pod, metadata: {name: agent-x, namespace: shop, ownerReferences: [{kind: DaemonSet, name: agent, controller: true}]}, spec: {nodeName: n1, hostNetwork: true, containers: []}, status: {podIP: 10.9.0.1}}
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: p, namespace: shop}
spec:
  endpointSelector: {matchLabels: {app: back}}
  ingress:
  - fromEndpoints: [{matchLabels: {app: front}}]
    toPorts: [{ports: [{port: "8080", protocol: TCP}]}]
`,
  );
});

type Row = { kind: string; namespace?: string; name: string; pods: number; port: number; protocol: string } & {
  verdict: string;
  decidedBy: { direction: string; name: string; rule?: string }[];
};

async function rows(...args: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await run(['policy', ...args, '--state', state, '--json']);
  expect([code, stderr]).toEqual([0, '']);
  const { peers } = JSON.parse(stdout) as { peers: Row[] };
  return peers.map(({ kind, namespace, name, pods, port, protocol, verdict, decidedBy }) => {
    const by = decidedBy.map((one) => ` ${one.direction} ${one.name}${one.rule ? ` ${one.rule}` : ''}`).join('');
    return `${verdict} ${kind} ${namespace ? `${namespace}/` : ''}${name} ×${pods} ${port}/${protocol}${by}`;
  });
}

describe('policy who-can-reach', () => {
  it('says who may, on the ports that the target declares, and by which rule', async () => {
    expect(await rows('who-can-reach', 'shop/back')).toEqual([
      'allow Deployment shop/front ×2 8080/TCP ingress p ingress[0]',
      'allow Entity host ×0 8080/TCP',
      'allow Entity host ×0 9090/TCP',
    ]);
  });

  it('says who may not, where that is asked', async () => {
    const all = await rows('who-can-reach', 'shop/back', '--all', '--port', '9090');
    expect(all).toContain('deny Deployment shop/front ×2 9090/TCP ingress p');
    expect(all).toContain('deny Pod shop/cart ×1 9090/TCP ingress p');
    expect(all).toContain('deny Entity world ×0 9090/TCP ingress p');
    expect(all).toHaveLength(6);
  });

  it('tells a workload before those whose names begin with its name', async () => {
    const other = join(folder, 'order.yaml');
    const named = (name: string, ip: string) =>
      `{kind: Pod, metadata: {name: ${name}, namespace: a, labels: {app: ${name}}}, spec: {containers: [{name: c, ports: [{containerPort: 1}]}]}, status: {podIP: ${ip}}}`;
    writeFileSync(
      other,
      [named('web-2', '10.8.0.1'), named('web', '10.8.0.2'), named('db', '10.8.0.3')].join('\n---\n'),
    );
    const { stdout } = await run(['policy', 'who-can-reach', 'a/db', '--state', other, '--json']);
    const { peers, cluster } = JSON.parse(stdout) as { peers: { name: string }[]; cluster: null };
    expect([cluster, peers.slice(0, 2).map(({ name }) => name)]).toEqual([null, ['web', 'web-2']]);
  });

  it('prints a table', async () => {
    const { stdout } = await run(['policy', 'who-can-reach', 'shop/back', '--port', '8080', '--state', state], {
      LANG: 'C.UTF-8',
    });
    expect(stdout).toBe(`VERDICT  WHO         KIND        PODS  PORT      DECIDED BY
allow    shop/front  Deployment  2     8080/TCP  ingress CiliumNetworkPolicy shop/p ingress[0]
allow    host        Entity      –     8080/TCP  a pod’s own node always may
4 more are denied (--all)
`);
  });
});

describe('policy reach', () => {
  it('asks the ports each target declares; where none are, those policies name and one for all others', async () => {
    const found = await rows('reach', 'shop/front');
    expect(found.filter((row) => row.includes(' shop/'))).toEqual([
      'allow Pod shop/back ×1 8080/TCP ingress p ingress[0]',
      'allow Pod shop/cart ×1 8080/TCP',
      'allow Pod shop/cart ×1 0/TCP',
      'allow Deployment shop/front ×2 8080/TCP',
      'allow Deployment shop/front ×2 0/TCP',
    ]);
  });

  it('takes one pod of a workload, and ends that are no pods', async () => {
    expect(await rows('reach', 'shop/cart', '--port', '8080')).not.toContain('allow Pod shop/back ×1 8080/TCP');
    expect(await rows('who-can-reach', 'ip:203.0.113.9', '--port', '443')).toEqual([
      'allow Pod shop/back ×1 443/TCP',
      'allow Pod shop/cart ×1 443/TCP',
      'allow Deployment shop/front ×2 443/TCP',
    ]);
  });

  it.each<[string, string[], RegExp]>([
    ['what is not there', ['shop/nobody'], /There is no pod, workload or service shop\/nobody\./],
    ['a workload of the nodes’ network without a port', ['shop/agent'], /Give one with --port\./],
    ['an end that declares no port', ['ip:203.0.113.9'], /Give one with --port\./],
    ['a port that is none', ['shop/back', '--port', '99999'], /is no port/],
  ])('refuses %s', async (_title, args, reason) => {
    const { code, stdout, stderr } = await run(['policy', 'who-can-reach', ...args, '--state', state]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(reason);
  });
});
