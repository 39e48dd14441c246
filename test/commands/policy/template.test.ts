import { describe, expect, it } from 'vitest';
import { groundOf } from '../../../src/checks/policies/ground.ts';
import { lintAll } from '../../../src/checks/policies/linter.ts';
import { parseManifests } from '../../../src/commands/policy/manifests.ts';
import { NEWEST } from '../../../src/model/policies/modes.ts';
import { readFacts } from '../../../src/model/policies/read-facts.ts';
import { templates } from '../../../src/model/policies/templates/index.ts';
import { createEngine } from '../../../src/model/policies/verdict.ts';
import { ask } from '../../model/policies/shop.ts';
import { run } from '../program.ts';

const pod = (namespace: string, name: string, label: string, ip: string) =>
  `{kind: Pod, metadata: {name: ${name}, namespace: ${namespace}, labels: {${label}}}, spec: {nodeName: n1, containers: []}, status: {podIP: ${ip}}}\n---\n`;
const cluster = `${pod('default', 'frontend', 'app: frontend', '10.8.0.1')}${pod('default', 'backend', 'app: backend', '10.8.0.2')}
${pod('default', 'other', 'app: other', '10.8.0.3')}${pod('kube-system', 'dns', 'k8s-app: kube-dns', '10.8.0.4')}
{kind: Node, metadata: {name: n1}, status: {addresses: [{type: InternalIP, address: 10.9.0.1}]}}
---
{kind: Namespace, metadata: {name: default}}
---
{kind: Namespace, metadata: {name: kube-system}}
---
`;

function engineWith(...names: readonly string[]) {
  const texts = names.map((name) => templates.find((one) => one.name === name)?.text ?? '');
  return createEngine(
    readFacts(parseManifests(cluster + texts.join('---\n'), 'test'), { version: NEWEST, dialect: 'cilium' }),
  );
}

describe('policy template', () => {
  it('prints the one that is named, and which there are', async () => {
    const one = await run(['policy', 'template', 'allow-frontend-to-backend-cilium']);
    expect([one.code, one.stderr]).toEqual([0, '']);
    expect(one.stdout).toContain('apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\n');
    const all = await run(['policy', 'template']);
    expect(all.stdout.split('\n').map((line) => line.split(' ')[0])).toEqual([...templates.map((one) => one.name), '']);
    const none = await run(['policy', 'template', 'nonsense']);
    expect([none.code, none.stdout]).toEqual([2, '']);
    expect(none.stderr).toContain('There is no template "nonsense".');
  });

  it.each(templates.map(({ name }) => name))('%s is a right policy', (name) => {
    const { index } = engineWith(name);
    expect(index.facts.policies).toHaveLength(1);
    const found = lintAll(groundOf(index)).map(
      ({ lint: { id, severity }, lapse: { text } }) => `${severity} ${id}: ${text}`,
    );
    // Whether its own warning is worth heeding depends on the size of the cluster.
    const heeded = found.filter((one) => !one.startsWith('note') && !one.includes('policies/empty-policy-map-risk'));
    expect(heeded).toEqual([]);
  });

  it.each<[string, string, string]>([
    ['allow-frontend-to-backend', 'default/frontend > default/backend 8080', 'allow'],
    ['allow-frontend-to-backend', 'default/frontend > default/backend 8081', 'deny'],
    ['allow-frontend-to-backend', 'default/other > default/backend 8080', 'deny'],
    ['allow-frontend-to-backend-cilium', 'default/frontend > default/backend 8080', 'allow'],
    ['allow-frontend-to-backend-cilium', 'default/other > default/backend 8080', 'deny'],
    ['frontend-egress-to-backend', 'default/frontend > default/backend 8080', 'allow'],
    ['frontend-egress-to-backend', 'default/frontend > kube-system/dns 53/UDP', 'allow'],
    ['frontend-egress-to-backend', 'default/frontend > default/other 8080', 'deny'],
    ['default-deny-with-dns', 'default/frontend > default/backend 8080', 'deny'],
    ['default-deny-with-dns', 'default/frontend > kube-system/dns 53', 'allow'],
    ['default-deny-with-dns', 'default/frontend > ip:203.0.113.1 443', 'deny'],
    ['ip-block-and-pods', 'default/frontend > ip:203.0.113.1 443', 'allow'],
    ['ip-block-and-pods', 'default/frontend > kube-system/dns 53', 'allow'],
    ['ip-block-and-pods', 'default/frontend > ip:10.9.0.1 443', 'deny'],
    ['ip-block-and-pods egress-to-nodes', 'default/frontend > ip:10.9.0.1 443', 'allow'],
    ['egress-to-nodes', 'default/frontend > default/backend 8080', 'allow'],
    ['fqdn-egress', 'default/frontend > fqdn:login.microsoftonline.com@203.0.113.1 443', 'allow'],
    ['fqdn-egress', 'default/frontend > fqdn:a.example@203.0.113.2 443', 'deny'],
    ['fqdn-egress', 'default/frontend > kube-system/dns 53/UDP', 'allow'],
    ['default-deny-with-dns node-local-dns', 'default/frontend > ip:169.254.10.10 53/UDP', 'allow'],
    ['default-deny-with-dns node-local-dns', 'default/frontend > entity:host 53/UDP', 'allow'],
    ['default-deny-with-dns node-local-dns', 'default/frontend > entity:host 54/UDP', 'deny'],
  ])('%s: %s is %s', (names, question, verdict) => {
    expect(ask(engineWith(...names.split(' ')), question).split(':')[0]).toBe(verdict);
  });
});
