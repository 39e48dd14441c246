import { describe, expect, it } from 'vitest';
import type { NamedQuestion, PairReport } from '../../../src/model/policies/policy-asks.ts';
import { toItsEnd } from '../../../src/model/policies/turns.ts';
import { verdictReport } from '../../../src/model/policies/verdict-report.ts';
import { knownShop } from './known.ts';
import { cnp, np, type Setting } from './shop.ts';

const services = `
{kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: front}, ports: [{port: 80, targetPort: http}, {port: 9090}]}}
---
{kind: Service, metadata: {name: back, namespace: shop}, spec: {selector: {app: back}, ports: [{port: 80, targetPort: 8081}]}}
`;
const DENY = np('{podSelector: {}, policyTypes: [Ingress]}', { name: 'deny-all' });
const BACK = cnp(
  '{endpointSelector: {matchLabels: {app: back}}, ingress: [{fromEndpoints: [{matchLabels: {app: cart}}], toPorts: [{ports: [{port: "8081", protocol: TCP}], rules: {http: [{method: GET}]}}]}]}',
  { name: 'back' },
);

function report(policies: string, question: string, setting: Setting = {}) {
  const [from = '', to = '', port = '0', protocol = 'TCP'] = question.split(' ');
  const asked: NamedQuestion = { from, to, port: Number(port), protocol: protocol as NamedQuestion['protocol'] };
  return toItsEnd(verdictReport(knownShop(policies, { objects: services, ...setting }), asked, 5));
}

function answers(...asked: Parameters<typeof report>): readonly PairReport[] {
  const found = report(...asked);
  if (typeof found === 'string') throw new Error(found);
  return found.answers;
}

/** `deny shop/front → shop/back 8081/TCP ×1 ×1 | not isolated | default deny`. */
const short = ({ verdict, from, to, port, pods, egress, ingress }: PairReport) =>
  `${verdict} ${from} → ${to} ${port.other ? '*' : port.port}/${port.protocol} ×${pods[0]} ×${pods[1]} | ${egress.reason} | ${ingress.reason}`;

describe('a verdict in words', () => {
  it.each<[string, string, string, string[]]>([
    [
      'an allow',
      BACK,
      'shop/cart shop/back 8081',
      ['allow shop/cart → shop/back 8081/TCP ×1 ×1 | not isolated | allowed by rule'],
    ],
    [
      'a default deny',
      BACK,
      'shop/front shop/back 8081',
      ['deny shop/front → shop/back 8081/TCP ×1 ×1 | not isolated | default deny'],
    ],
    [
      'the ports that the target declares, where none is asked',
      BACK,
      'shop/cart shop/back',
      [
        'deny shop/cart → shop/back 53/UDP ×1 ×1 | not isolated | default deny',
        'allow shop/cart → shop/back 8081/TCP ×1 ×1 | not isolated | allowed by rule',
      ],
    ],
    [
      'the ports that rules about the two name, where none is declared',
      cnp(
        '{endpointSelector: {matchLabels: {app: cart}}, ingress: [{fromEndpoints: [{}], toPorts: [{ports: [{port: "70", protocol: TCP}]}]}]}',
      ),
      'shop/front shop/cart',
      [
        'deny shop/front → shop/cart */TCP ×1 ×1 | not isolated | default deny',
        'allow shop/front → shop/cart 70/TCP ×1 ×1 | not isolated | allowed by rule',
      ],
    ],
    [
      'a service’s port as its pods have it',
      BACK,
      'shop/cart svc/shop/back 80',
      ['allow shop/cart → shop/back 8081/TCP ×1 ×1 | not isolated | allowed by rule'],
    ],
    [
      'a port that only the service of that name has',
      BACK,
      'shop/cart shop/back 80',
      ['allow shop/cart → shop/back 8081/TCP ×1 ×1 | not isolated | allowed by rule'],
    ],
    [
      'a named target port',
      DENY,
      'shop/cart svc/shop/web 80',
      ['deny shop/cart → shop/front 8080/TCP ×1 ×1 | not isolated | default deny'],
    ],
    [
      'every port of a service',
      DENY,
      'shop/cart svc/shop/web',
      [
        'deny shop/cart → shop/front 8080/TCP ×1 ×1 | not isolated | default deny',
        'deny shop/cart → shop/front 9090/TCP ×1 ×1 | not isolated | default deny',
      ],
    ],
    [
      'a node',
      DENY,
      'kube-system/agent shop/back 8081',
      ['deny kube-system/agent → shop/back 8081/TCP ×1 ×1 | a node: policies do not hold for it | default deny'],
    ],
    [
      'a pod’s own node',
      DENY,
      'kube-system/agent-1 shop/back 8081',
      [
        'allow kube-system/agent-1 → shop/back 8081/TCP ×1 ×1 | a node: policies do not hold for it | its own node always may',
      ],
    ],
    [
      'the world',
      DENY,
      '203.0.113.9 shop/back 8081',
      ['deny 203.0.113.9 → shop/back 8081/TCP ×0 ×1 | outside the cluster | default deny'],
    ],
    [
      'a ping',
      DENY,
      'shop/cart shop/back 0 ICMP',
      ['deny shop/cart → shop/back 8/ICMP ×1 ×1 | not isolated | default deny'],
    ],
    [
      'a rule that denies',
      cnp('{endpointSelector: {matchLabels: {app: back}}, ingressDeny: [{fromEndpoints: [{}]}]}'),
      'shop/cart shop/back 8081',
      ['deny shop/cart → shop/back 8081/TCP ×1 ×1 | not isolated | denied by rule'],
    ],
    [
      'what nobody can tell',
      cnp('{endpointSelector: {matchLabels: {app: cart}}, egress: [{toGroups: [{aws: {}}]}]}'),
      'shop/cart 203.0.113.9 443',
      ['unknown shop/cart → 203.0.113.9 443/TCP ×1 ×0 | not known | outside the cluster'],
    ],
  ])('%s', (_title, policies, question, expected) => {
    expect(answers(policies, question).map(short)).toEqual(expected);
  });

  it('says the rule, who isolates, what nearly matched and what looks inside', () => {
    const [allowed] = answers(BACK + DENY, 'shop/cart shop/back 8081');
    expect(allowed?.ingress.rules).toEqual([
      {
        policy: { kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'back' },
        path: 'ingress[0]',
        text: 'from pods app=cart in namespace shop to 8081/TCP; HTTP is inspected (GET)',
      },
    ]);
    expect(allowed?.l7).toBe('HTTP is inspected (GET)');
    const [denied] = answers(BACK + DENY, 'shop/front shop/back 8081');
    expect(denied?.ingress.isolating.map(({ name }) => name)).toEqual(['deny-all', 'back']);
    expect(denied?.ingress.nearMisses.map(({ path, miss }) => `${path} ${miss}`)).toEqual([
      'ingress[0] wants app=cart (it has front)',
    ]);
  });

  it('puts pods of a workload together that are treated alike, and apart that are not', () => {
    const pod = (n: number, labels: string) =>
      `{kind: Pod, metadata: {name: job-${n}, namespace: shop, labels: ${labels}, ownerReferences: [{kind: DaemonSet, name: job, controller: true}]}, spec: {nodeName: node-1, containers: []}, status: {podIP: 10.8.1.${n}}}`;
    const objects = [pod(1, '{app: cart}'), pod(2, '{app: cart, extra: "1"}'), pod(3, '{app: other}')].join('\n---\n');
    expect(answers(BACK, 'shop/job shop/back 8081', { objects }).map(short)).toEqual([
      'deny shop/job → shop/back 8081/TCP ×1 ×1 | not isolated | default deny',
      'allow shop/job → shop/back 8081/TCP ×2 ×1 | not isolated | allowed by rule',
    ]);
  });

  it.each([
    [
      'the port behind a service',
      BACK,
      'shop/cart svc/shop/back 80',
      'port 80 of service shop/back is port 8081 of its pods',
    ],
    [
      'a port that the service has not',
      BACK,
      'shop/cart svc/shop/back 81',
      'service shop/back has only 80/TCP: asked of the pods behind it',
    ],
    [
      'that a pod is its node',
      BACK,
      'kube-system/agent shop/back 1',
      'pod kube-system/agent is in the node’s network: to policies it is the node, and no policy holds for it',
    ],
    [
      'that no allow helps against a deny',
      cnp('{endpointSelector: {matchLabels: {app: back}}, ingressDeny: [{fromEndpoints: [{}]}]}'),
      'shop/cart shop/back 1',
      'CiliumNetworkPolicy shop/p ingressDeny[0] would have to go or say less: a rule that denies wins over every rule that allows',
    ],
  ])('notes %s', (_title, policies, question, note) => {
    expect(answers(policies, question).flatMap(({ notes }) => notes)).toContain(note);
  });

  it.each([
    ['an end that is not there', 'shop/cart shop/nobody 1', 'There is no pod, workload or service shop/nobody.'],
    [
      'a pod and itself',
      'shop/cart shop/cart 1',
      'pod shop/cart and pod shop/cart are one and the same: what a pod sends to itself no policy sees.',
    ],
  ])('answers %s with a sentence', (_title, question, sentence) => {
    expect(report('', question)).toBe(sentence);
  });

  it('tells what it was before each edit that is about the pair, the newest first', () => {
    const policy = (yaml: string) => {
      const [found] = knownShop(yaml).engine.index.facts.policies;
      if (!found) throw new Error('no policy');
      return found;
    };
    const [deny, back] = [policy(DENY), policy(BACK)];
    const elsewhere = policy(np('{podSelector: {}, policyTypes: [Ingress]}', { namespace: 'pay', name: 'x' }));
    const known = knownShop(BACK + DENY, {}, [
      { at: 1, ref: deny.ref, after: deny, who: 'jane' },
      { at: 2, ref: back.ref, after: back, who: 'joe' },
      { at: 3, ref: elsewhere.ref, before: elsewhere, who: '' },
    ]);
    const found = toItsEnd(
      verdictReport(known, { from: 'shop/cart', to: 'shop/back', port: 8081, protocol: 'TCP' }, 9),
    );
    if (typeof found === 'string') throw new Error(found);
    expect(found.answers[0]?.earlier).toEqual([
      { before: 2, policy: back.ref, verdict: 'deny' },
      { before: 1, policy: deny.ref, verdict: 'allow' },
    ]);
  });
});
