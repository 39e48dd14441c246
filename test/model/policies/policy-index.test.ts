import { expect, it } from 'vitest';
import { fc } from '../../fixtures/seeded.ts';
import { ask, ccnp, cnp, np, shop } from './shop.ts';

const pods = ['shop/front', 'shop/back', 'shop/cart', 'pay/bank', 'pay/audit', 'kube-system/dns'];
const questions = pods.flatMap((from) => pods.filter((to) => to !== from).map((to) => `${from} > ${to} 8080`));

const namespace = fc.constantFrom('shop', 'pay');
const app = fc.constantFrom('front', 'back', 'cart', 'bank', 'audit');
const rule = fc.tuple(fc.constantFrom('ingress', 'ingressDeny', 'egress', 'egressDeny'), app, fc.boolean());
const policy = fc
  .tuple(fc.constantFrom('cnp', 'ccnp', 'np'), namespace, app, rule, fc.integer({ min: 0, max: 5 }))
  .map(([kind, where, subject, [part, peer, ported], number]) => {
    const key = part.startsWith('ingress') ? 'from' : 'to';
    const ports = ported ? ', toPorts: [{ports: [{port: "8080", protocol: TCP}]}]' : '';
    const spec = `{endpointSelector: {matchLabels: {app: ${subject}}}, ${part}: [{${key}Endpoints: [{matchLabels: {app: ${peer}}}]${ports}}]}`;
    if (kind === 'cnp') return cnp(spec, { name: `p${number}`, namespace: where });
    if (kind === 'ccnp') return ccnp(spec, `c${number}`);
    const direction = part.startsWith('ingress') ? 'ingress' : 'egress';
    return np(
      `{podSelector: {matchLabels: {app: ${subject}}}, ${direction}: [{${key}: [{podSelector: {matchLabels: {app: ${peer}}}}]}]}`,
      { name: `n${number}`, namespace: where },
    );
  });
const policies = fc.uniqueArray(policy, {
  selector: (text) => /kind: \w+.*?name: \w+(, namespace: \w+)?/.exec(text)?.[0],
  maxLength: 8,
});

it('an index that was changed answers like one that was built', () => {
  fc.assert(
    fc.property(policies, policies, (before, after) => {
      const changed = shop(before.join('---\n'));
      for (const question of questions) ask(changed, question);
      const built = shop(after.join('---\n'));
      // Policies that stayed are the same objects, as they are when only one row changes.
      const texts = new Map(before.map((text, index) => [text, changed.index.facts.policies[order(before, index)]]));
      const next = after.map((text, index) => texts.get(text) ?? built.index.facts.policies[order(after, index)]);
      const engine = changed.withPolicies(
        next.filter((one) => one !== undefined).sort((a, b) => rank(a.ref.kind) - rank(b.ref.kind)),
      );
      expect(questions.map((question) => ask(engine, question))).toEqual(
        questions.map((question) => ask(built, question)),
      );
    }),
    { numRuns: 60 },
  );
});

/** Facts hold policies kind by kind, in the order they were given. */
function order(texts: readonly string[], index: number): number {
  const sorted = texts
    .map((text, at) => ({ at, rank: rank(/kind: (\w+)/.exec(text)?.[1] ?? '') }))
    .sort((a, b) => a.rank - b.rank || a.at - b.at);
  return sorted.findIndex(({ at }) => at === index);
}

function rank(kind: string): number {
  return ['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'].indexOf(kind);
}
