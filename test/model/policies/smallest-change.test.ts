import { describe, expect, it } from 'vitest';
import type { Mend, NamedQuestion, PairChange } from '../../../src/model/policies/policy-asks.ts';
import { readWritten } from '../../../src/model/policies/read-facts.ts';
import { policyKey } from '../../../src/model/policies/rule.ts';
import { toItsEnd } from '../../../src/model/policies/turns.ts';
import { verdictReport } from '../../../src/model/policies/verdict-report.ts';
import { whatIfReport } from '../../../src/model/policies/what-if-report.ts';
import { fc } from '../../fixtures/seeded.ts';
import { knownShop } from './known.ts';
import { randomPolicies } from './random-policies.ts';
import { ccnp, cnp, np, objectsOf, type Setting } from './shop.ts';

function mends(policies: string, question: string, setting: Setting = {}): readonly Mend[] {
  const [from = '', to = '', port = '0', protocol = 'TCP'] = question.split(' ');
  const asked = { from, to, port: Number(port), protocol: protocol as NamedQuestion['protocol'] };
  const found = toItsEnd(verdictReport(knownShop(policies, setting), asked, 1));
  return typeof found === 'string' ? [] : (found.answers[0]?.mend ?? []);
}

const DENY = np('{podSelector: {}, policyTypes: [Ingress]}');
const BACK = cnp(
  '{endpointSelector: {matchLabels: {app: back}}, ingress: [{fromEndpoints: [{matchLabels: {app: cart}}], toPorts: [{ports: [{port: "8081", protocol: TCP}]}]}]}',
);

describe('the smallest change', () => {
  it('is a rule of its own beside one that nearly matched, or a policy of its own', () => {
    const [beside, own, ...others] = mends(BACK, 'shop/front shop/back 8081');
    expect(others).toEqual([]);
    expect(beside?.what).toBe(
      'adds a rule of its own to CiliumNetworkPolicy shop/p, whose ingress[0] wants app=cart (it has front); opens shop/front → shop/back on 8081/TCP, no other pair of workloads',
    );
    const rule = {
      fromEndpoints: [{ matchLabels: { app: 'front' } }],
      toPorts: [{ ports: [{ port: '8081', protocol: 'TCP' }] }],
    };
    expect(beside?.adds).toEqual({
      ref: { kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'p' },
      at: 'spec.ingress',
      rule,
    });
    const [was] = objectsOf(BACK);
    const spec = was?.spec as { ingress: unknown[] };
    expect(beside?.objects).toEqual([{ ...was, spec: { ...spec, ingress: [...spec.ingress, rule] } }]);
    expect(own?.objects).toEqual([
      {
        apiVersion: 'cilium.io/v2',
        kind: 'CiliumNetworkPolicy',
        metadata: { name: 'allow-front-to-back-8081', namespace: 'shop' },
        spec: { endpointSelector: { matchLabels: { app: 'back' } }, ingress: [rule] },
      },
    ]);
    expect(objectsOf(own?.yaml ?? '')).toEqual(own?.objects);
  });

  it('that opens the fewest pairs comes first, and a rule beside each that nearly matched is offered', () => {
    const all = cnp('{endpointSelector: {}, ingress: [{fromEndpoints: [{matchLabels: {app: cart}}]}]}', {
      name: 'all',
    });
    const found = mends(all + BACK, 'pay/bank shop/back 8081');
    expect(found.map(({ what }) => what)).toEqual([
      expect.stringMatching(/shop\/p.*no other pair of workloads$/),
      expect.stringMatching(/allow-bank-to-back-8081.*no other pair of workloads$/),
      expect.stringMatching(/shop\/all.*and 2 more on that port: pay\/bank → shop\/cart, pay\/bank → shop\/front$/),
    ]);
  });

  it('says what it opens as the what-if of it counts it, on ports that nobody declares, too', () => {
    const all = cnp('{endpointSelector: {}, ingress: [{fromEndpoints: [{matchLabels: {app: cart}}]}]}');
    const known = knownShop(all);
    const wide = mends(all, 'pay/bank shop/back 8081').find(({ what }) => what.includes('2 more on that port'));
    const found = toItsEnd(whatIfReport(known, { put: wide?.objects ?? [], remove: [] }, () => [], 1));
    if (typeof found === 'string') throw new Error(found);
    const told = ({ from, to, port }: PairChange) => `${from} ${to} ${port.port}`;
    expect(found.pairs.map(told)).toEqual(['pay/bank shop/back 8081', 'pay/bank shop/cart 8081']);
    expect(found.undeclared.map(told)).toEqual(['pay/bank shop/front 8081']);
  });

  it('is not tried in a policy about everybody where that would take minutes', () => {
    const near = ccnp('{endpointSelector: {}, ingress: [{fromEndpoints: [{matchLabels: {app: nobody}}]}]}');
    const whats = (pods: number) => {
      const objects = Array.from(
        { length: pods },
        (_, n) => `{kind: Pod, metadata: {name: many-${n}, namespace: shop, labels: {app: many-${n}}}}`,
      ).join('\n---\n');
      const asked = { from: 'shop/front', to: 'shop/back', port: 8081, protocol: 'TCP' } as const;
      const found = toItsEnd(verdictReport(knownShop(near, { objects }), asked, 1));
      return typeof found === 'string' ? [found] : found.answers[0]?.mend.map(({ what }) => what.split(',')[0]);
    };
    const own = 'adds CiliumNetworkPolicy shop/allow-front-to-back-8081; opens shop/front → shop/back on 8081/TCP';
    expect(whats(0)).toEqual([own, 'adds a rule of its own to CiliumClusterwideNetworkPolicy c']);
    expect(whats(300)).toEqual([own]);
  });

  it.each<[string, string, string, string]>([
    [
      'NetworkPolicy where such isolate',
      DENY,
      'pay/audit shop/back 8081',
      '{podSelector: {matchLabels: {app: back}}, policyTypes: [Ingress], ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: pay}}, podSelector: {matchLabels: {app: audit}}}], ports: [{port: 8081, protocol: TCP}]}]}',
    ],
    [
      'Cilium’s own for what NetworkPolicy cannot say: a node',
      DENY,
      'node/node-2 shop/back 8081',
      '{endpointSelector: {matchLabels: {app: back}}, ingress: [{fromEntities: [host, remote-node], toPorts: [{ports: [{port: "8081", protocol: TCP}]}]}]}',
    ],
    [
      'a ping',
      DENY,
      'shop/cart shop/back 0 ICMP',
      '{endpointSelector: {matchLabels: {app: back}}, ingress: [{fromEndpoints: [{matchLabels: {app: cart}}], icmps: [{fields: [{family: IPv4, type: 8}]}]}]}',
    ],
    [
      'an address outside',
      cnp('{endpointSelector: {}, egress: [{}]}'),
      'shop/front 203.0.113.9 443',
      '{endpointSelector: {matchLabels: {app: front}}, egress: [{toCIDR: [203.0.113.9/32], toPorts: [{ports: [{port: "443", protocol: TCP}]}]}]}',
    ],
    [
      'a name, where DNS is seen',
      cnp(
        '{endpointSelector: {}, egress: [{toEndpoints: [{matchLabels: {"k8s:io.kubernetes.pod.namespace": kube-system, k8s-app: kube-dns}}], toPorts: [{ports: [{port: "53", protocol: UDP}], rules: {dns: [{matchPattern: "*"}]}}]}]}',
      ),
      'shop/front fqdn:api.example.com@203.0.113.9 443',
      '{endpointSelector: {matchLabels: {app: front}}, egress: [{toFQDNs: [{matchName: api.example.com}], toPorts: [{ports: [{port: "443", protocol: TCP}]}]}]}',
    ],
    [
      'the other namespace named',
      ccnp('{endpointSelector: {}, ingress: [{}]}'),
      'shop/front pay/bank 8080',
      '{endpointSelector: {matchLabels: {app: bank}}, ingress: [{fromEndpoints: [{matchLabels: {"k8s:io.kubernetes.pod.namespace": shop, app: front}}], toPorts: [{ports: [{port: "8080", protocol: TCP}]}]}]}',
    ],
  ])('is %s', (_title, policies, question, spec) => {
    const [mend] = mends(policies, question);
    expect(mend?.objects.map((object) => object.spec)).toEqual([objectsOf(spec)[0]]);
  });

  it('is Cilium’s own where identities carry no labels of namespaces, and a NetworkPolicy would mean nobody', () => {
    const labels = '[k8s:app=audit, k8s:io.kubernetes.pod.namespace=pay]';
    const objects = `{kind: CiliumEndpoint, metadata: {name: audit, namespace: pay}, status: {identity: {id: 700, labels: ${labels}}}}`;
    const kinds = (policies: string, question: string) =>
      mends(policies, question, { objects }).map(({ objects }) => objects.map(({ kind }) => kind));
    expect(kinds(DENY, 'pay/audit shop/back 8081')).toEqual([['CiliumNetworkPolicy']]);
    // Within the namespace a NetworkPolicy says what it means.
    expect(kinds(DENY, 'shop/front shop/back 8081')).toEqual([['NetworkPolicy']]);
  });

  it('of both directions is two policies, with names of their own', () => {
    const [mend] = mends(
      DENY + np('{podSelector: {}, policyTypes: [Egress]}', { name: 'out' }),
      'shop/front shop/back 8081',
    );
    const names = mend?.objects.map((object) => (object.metadata as { name: string }).name);
    expect(names).toEqual(['allow-front-to-back-8081-egress', 'allow-front-to-back-8081']);
    expect(objectsOf(mend?.yaml ?? '')).toEqual(mend?.objects);
  });

  it('takes no name that is taken', () => {
    const taken = np('{podSelector: {matchLabels: {app: x}}}', { name: 'allow-front-to-back-8081' });
    const [mend] = mends(DENY + taken, 'shop/front shop/back 8081');
    expect(mend?.objects[0]?.metadata).toEqual({ name: 'allow-front-to-back-8081-2', namespace: 'shop' });
  });

  it('is none where a rule denies', () => {
    const deny = cnp('{endpointSelector: {matchLabels: {app: back}}, ingressDeny: [{fromEndpoints: [{}]}]}');
    expect(mends(deny + DENY, 'shop/front shop/back 8081')).toEqual([]);
  });

  it('whatever the policies are, allows the pair, and nobody is newly denied', () => {
    let offered = 0;
    const pods = ['shop/front', 'shop/back', 'shop/cart', 'pay/bank', 'pay/audit', 'kube-system/dns'];
    const end = fc.constantFrom(...pods);
    const outside = fc.constantFrom(
      '203.0.113.9',
      'entity:world',
      'entity:remote-node',
      'node/node-2',
      'entity:kube-apiserver',
    );
    const ends = fc.oneof(fc.tuple(end, end), fc.tuple(end, outside), fc.tuple(outside, end));
    fc.assert(
      fc.property(randomPolicies, ends, fc.constantFrom(8080, 8081, 443), (policies, [from, to], port) => {
        const known = knownShop(policies);
        const { engine } = known;
        const question: NamedQuestion = { from, to, port, protocol: 'TCP' };
        const found = toItsEnd(verdictReport(known, question, 1));
        if (typeof found === 'string') return;
        for (const { mend, verdict } of found.answers) {
          expect(verdict === 'deny' || mend.length === 0).toBe(true);
          for (const { objects, yaml } of mend) {
            offered += 1;
            const put = readWritten(objectsOf(yaml), engine.index.facts.modes).policies;
            expect(put.flatMap(({ rejected }) => rejected)).toEqual([]);
            expect(put).toHaveLength(objects.length);
            const keys = new Set(put.map(({ ref }) => policyKey(ref)));
            const kept = engine.index.facts.policies.filter(({ ref }) => !keys.has(policyKey(ref)));
            const after = engine.withPolicies([...kept, ...put]);
            const then = toItsEnd(verdictReport({ ...known, engine: after }, question, 1));
            expect(typeof then !== 'string' && then.answers.map((one) => one.verdict)).toEqual(['allow']);
            for (const a of pods)
              for (const b of pods) {
                const asked = { from: { pod: a }, to: { pod: b }, port, protocol: 'TCP' } as const;
                if (a !== b && engine.ask(asked).verdict === 'allow') expect(after.ask(asked).verdict).toBe('allow');
              }
          }
        }
      }),
      { numRuns: 150 },
    );
    expect(offered).toBeGreaterThan(20);
  });
});
