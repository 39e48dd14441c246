import { describe, expect, it } from 'vitest';
import { createJudge } from '../../../src/checks/judge.ts';
import { cellReport } from '../../../src/model/policies/cell-report.ts';
import { countPairs, type Draft, type PairChange } from '../../../src/model/policies/policy-asks.ts';
import { policyReport } from '../../../src/model/policies/policy-report.ts';
import { reachReport } from '../../../src/model/policies/reach-report.ts';
import type { Direction } from '../../../src/model/policies/rule.ts';
import { toItsEnd } from '../../../src/model/policies/turns.ts';
import { whatIfReport } from '../../../src/model/policies/what-if-report.ts';
import { knownShop } from './known.ts';
import { ccnp, cnp, np, objectsOf } from './shop.ts';

const DENY = np('{podSelector: {}, policyTypes: [Ingress]}');
const BACK = cnp(
  '{endpointSelector: {matchLabels: {app: back}}, ingress: [{fromEndpoints: [{matchLabels: {app: cart}}], toPorts: [{ports: [{port: "8081", protocol: TCP}]}]}]}',
);
const ref = { kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'p' } as const;
const judge = createJudge();

describe('who may reach an end', () => {
  const services = `{kind: Service, metadata: {name: web, namespace: shop}, spec: {selector: {app: back}, ports: [{port: 80, targetPort: http}]}}`;
  function rows(policies: string, end: string, direction: Direction = 'ingress') {
    const found = toItsEnd(reachReport(knownShop(policies, { objects: services }), end, direction, 3));
    if (typeof found === 'string') return found;
    return found.rows.map(({ verdict, kind, name, pods, port, decidedBy }) =>
      `${verdict} ${kind} ${name} ×${pods} ${port.other ? '*' : port.port}/${port.protocol} ${decidedBy}`.trimEnd(),
    );
  }

  it('is told workload by workload, with what decides', () => {
    const all = rows(BACK + DENY, 'shop/back');
    expect(all).toContain('allow Pod cart ×1 8081/TCP CNP shop/p ingress[0]');
    expect(all).toContain('deny Pod front ×1 8081/TCP default deny by NP shop/n, CNP shop/p');
    expect(all).toContain('allow Entity host ×0 8081/TCP its own node always may');
    expect(all).toContain('deny Entity world ×0 53/UDP default deny by NP shop/n, CNP shop/p');
  });

  it('of a service is asked on the ports behind it', () => {
    const all = rows(BACK, 'svc/shop/web');
    expect(all).toContain('allow Pod cart ×1 8081/TCP CNP shop/p ingress[0]');
    expect(all).not.toContain('deny Pod cart ×1 53/UDP default deny by CNP shop/p');
  });

  it('goes the other way too, names what denies, and what nobody can tell', () => {
    const out = cnp(
      '{endpointSelector: {matchLabels: {app: cart}}, egress: [{toGroups: [{aws: {}}]}], egressDeny: [{toEndpoints: [{}]}]}',
      { name: 'out' },
    );
    const all = rows(out, 'shop/cart', 'egress');
    expect(all).toContain('deny Pod back ×1 8081/TCP CNP shop/out egressDeny[0]');
    expect(all).toContain(
      'unknown Entity world ×0 443/TCP CiliumNetworkPolicy shop/out egress[0]: what a cloud group holds is not known here',
    );
    expect(rows('', 'shop/cart', 'egress')).toContain('allow Pod back ×1 8081/TCP');
  });

  it('of pods of a node’s network is asked of the node', () => {
    expect(rows(cnp('{endpointSelector: {}, egress: [{toEntities: [remote-node]}]}'), 'kube-system/agent')).toContain(
      'allow Pod front ×1 443/TCP CNP shop/p egress[0]',
    );
  });

  it('of an end that is not there is a sentence', () => {
    expect(rows('', 'shop/x')).toBe('There is no pod, workload or service shop/x.');
  });
});

describe('a cell of the map', () => {
  it('lists the pairs behind it, those that are not allowed first, under names that can be asked about', () => {
    const { pairs } = toItsEnd(cellReport(knownShop(BACK), 'shop', 'shop', 3));
    expect(pairs.map(({ verdict, from, to, port }) => `${verdict} ${from} ${to} ${port.port}`)).toEqual([
      'deny shop/cart shop/back 53',
      'deny shop/front shop/back 53',
      'deny shop/front shop/back 8081',
      'allow shop/back shop/front 8080',
      'allow shop/back shop/front 9090',
      'allow shop/cart shop/back 8081',
      'allow shop/cart shop/front 8080',
      'allow shop/cart shop/front 9090',
    ]);
    expect(pairs[0]?.pods).toEqual([1, 1]);
  });
});

describe('a policy', () => {
  it('is told in sentences, with whom it selects and isolates and how it stood before', () => {
    const [before] = knownShop(cnp('{endpointSelector: {matchLabels: {app: back}}, ingress: [{}]}')).engine.index.facts
      .policies;
    const edits = [{ at: 5, ref, ...(before ? { before } : {}), who: 'jane (kubectl)' }];
    expect(policyReport(knownShop(BACK, {}, edits), ref, judge, 9)).toEqual({
      ref,
      selects: 1,
      isolates: { ingress: 1, egress: 0 },
      inForce: 'yes',
      why: '',
      rules: [{ path: 'ingress[0]', direction: 'ingress', text: 'from pods app=cart in namespace shop to 8081/TCP' }],
      about: ['pods app=back in namespace shop'],
      subjects: [{ kind: 'Pod', namespace: 'shop', name: 'back', pods: 1 }],
      findings: [],
      earlier: [
        {
          until: 5,
          by: 'jane (kubectl)',
          rules: [{ path: 'ingress[0]', text: 'isolates in ingress, allows nothing' }],
        },
      ],
    });
  });

  it('says what a change of it newly denies, as the list of policies does, for as long as it is told', () => {
    const known = knownShop(BACK, {}, [{ at: 5, ref, who: 'jane' }]);
    const told = (now: number) => {
      const found = policyReport(known, ref, judge, now);
      return typeof found === 'string' ? found : found.findings.map(({ id, text }) => `${id}: ${text}`);
    };
    expect(told(9)).toEqual([
      expect.stringMatching(
        /^policies\/changed-shortly-before: made at .* by jane, which newly denies shop\/\w+ → shop\/back/,
      ),
    ]);
    expect(told(3_600_005)).toEqual([]);
  });

  it.each([
    ['rejected', cnp('{endpointSelector: {}, ingress: [{fromEntities: [mars]}]}'), 'no', /unsupported entity: mars/],
    [
      'of a version that is not served',
      BACK.replace('cilium.io/v2', 'cilium.io/v1'),
      'no',
      /is served as cilium.io\/v2/,
    ],
    [
      'in doubt',
      BACK.replace('spec:', 'status: {conditions: [{type: Valid, status: "False", message: broken}]}, spec:'),
      'unknown',
      /broken/,
    ],
  ])('that is %s says why', (_title, yaml, inForce, why) => {
    const found = policyReport(knownShop(yaml), ref, judge, 9);
    expect(found).toMatchObject({ inForce, why: expect.stringMatching(why) as unknown });
  });

  it('that is switched off by the cluster says so', () => {
    const found = policyReport(knownShop(BACK, { config: { 'enable-policy': 'never' } }), ref, judge, 9);
    expect(found).toMatchObject({ inForce: 'no', why: 'policies are switched off (enable-policy: never)' });
  });

  it('carries its findings, the gravest first', () => {
    const found = policyReport(knownShop(BACK.replace('app: cart', 'app: nobody')), ref, judge, 9);
    expect(typeof found !== 'string' && found.findings.map(({ id }) => id)).toEqual(['policies/peer-selects-nothing']);
  });

  it('that is not there is a sentence', () => {
    expect(policyReport(knownShop(''), ref, judge, 9)).toBe('There is no CiliumNetworkPolicy shop/p.');
  });
});

describe('what if', () => {
  const changes = (pairs: readonly PairChange[]) =>
    pairs.map(({ from, to, port, before, after }) => `${from} ${to} ${port.port} ${before} ${after}`);
  function whatIf(policies: string, draft: Partial<Draft>) {
    const found = toItsEnd(whatIfReport(knownShop(policies), { put: [], remove: [], ...draft }, judge, 4));
    if (typeof found === 'string') throw new Error(found);
    return found;
  }

  it('a policy is put: who is newly denied, outside too, and whom it selects', () => {
    const found = whatIf('', { put: objectsOf(BACK) });
    expect(changes(found.pairs)).toContain('shop/front shop/back 8081 allow deny');
    expect(changes(found.pairs)).not.toContain('shop/cart shop/back 8081 allow deny');
    expect(changes(found.outside)).toContain('entity:world shop/back 8081 allow deny');
    expect(found.summaries).toMatchObject([{ ref, selects: 1, isolates: { ingress: 1, egress: 0 }, inForce: 'yes' }]);
    expect(found.findings).toEqual([]);
  });

  it('one is put in the place of its namesake, and one is removed', () => {
    const wider = BACK.replace('app: cart', 'app: front');
    expect(changes(whatIf(BACK, { put: objectsOf(wider) }).pairs)).toEqual([
      'shop/cart shop/back 8081 allow deny',
      'shop/front shop/back 8081 deny allow',
    ]);
    const { pairs, unchanged } = whatIf(BACK, { remove: [ref] });
    expect(changes(pairs)).toContain('shop/front shop/back 8081 deny allow');
    expect(unchanged).toBeGreaterThan(0);
  });

  it('counts pairs of workloads, of which there are as many whatever the ports of the draft', () => {
    const ports = [1, 2, 3, 4].map((port) => `{port: "${port}", protocol: TCP}`).join(', ');
    const drafts = [
      cnp('{endpointSelector: {matchLabels: {app: cart}}, ingress: [{}]}', { name: 'one' }),
      cnp(`{endpointSelector: {matchLabels: {app: cart}}, ingress: [{toPorts: [{ports: [${ports}]}]}]}`, {
        name: 'one',
      }),
    ];
    const totals = drafts.map((draft) => {
      const { pairs, undeclared, unchanged } = whatIf('', { put: objectsOf(draft) });
      const workloads = [...pairs, ...undeclared].filter(({ from }) => !from.startsWith('entity:'));
      return countPairs(workloads) + unchanged;
    });
    // Six pods of their own, none of which is asked about itself.
    expect(totals).toEqual([30, 30]);
  });

  it('tells what a rule opens on a port that nobody declares there, but not twice', () => {
    const wall = cnp('{endpointSelector: {}, ingress: [{fromEndpoints: [{matchLabels: {app: nobody}}]}]}');
    const door = cnp(
      '{endpointSelector: {}, ingress: [{fromEndpoints: [{matchLabels: {app: cart}}], toPorts: [{ports: [{port: "8081", protocol: TCP}]}]}]}',
      { name: 'door' },
    );
    const { pairs, undeclared } = whatIf(wall, { put: objectsOf(door) });
    expect(changes(pairs)).toEqual(['shop/cart shop/back 8081 deny allow']);
    expect(changes(undeclared)).toEqual(['shop/cart shop/front 8081 deny allow']);
  });

  it('a draft that is wrong says what is wrong with it', () => {
    const found = whatIf('', { put: objectsOf(cnp('{endpointSelector: {}, ingress: [{fromEntities: [mars]}]}')) });
    expect(found.findings.map(({ id, policy }) => `${id} ${policy.name}`)).toEqual(['policies/rejected p']);
    expect(found.summaries).toMatchObject([{ inForce: 'no' }]);
    expect(found.pairs).toEqual([]);
  });

  it('a group is put: the rules that name it mean what it holds', () => {
    const rule = cnp('{endpointSelector: {matchLabels: {app: cart}}, egress: [{toCIDRSet: [{cidrGroupRef: all}]}]}');
    const group =
      '{apiVersion: cilium.io/v2, kind: CiliumCIDRGroup, metadata: {name: all}, spec: {externalCIDRs: [0.0.0.0/0]}}';
    expect(changes(whatIf(rule, { put: objectsOf(group) }).outside)).toContain(
      'shop/cart entity:world 65535 deny allow',
    );
  });

  it.each<[string, Partial<Draft>, string]>([
    ['what is no policy', { put: [{ kind: 'Pod' }] }, 'Pod is no policy.'],
    ['a policy without a name', { put: [{ kind: 'NetworkPolicy', spec: {} }] }, 'A NetworkPolicy has no name.'],
    ['what is not there to be removed', { remove: [ref] }, 'There is no CiliumNetworkPolicy shop/p to remove.'],
    [
      'two of one name',
      { put: objectsOf(BACK + BACK.replace('app: cart', 'app: front')) },
      'In the draft there are two different CiliumNetworkPolicy shop/p.',
    ],
  ])('%s is refused in a sentence', (_title, draft, sentence) => {
    const found = toItsEnd(whatIfReport(knownShop(''), { put: [], remove: [], ...draft }, judge, 4));
    expect(found).toBe(sentence);
  });

  it('a clusterwide policy isolates whom it selects', () => {
    const found = whatIf('', { put: objectsOf(ccnp('{endpointSelector: {}, egress: [{toEntities: [cluster]}]}')) });
    expect(changes(found.outside)).toContain('shop/cart entity:world 65535 allow deny');
    expect(found.summaries).toMatchObject([{ selects: 6, isolates: { ingress: 0, egress: 6 } }]);
  });
});
