import { describe, expect, it } from 'vitest';
import { groundOf } from '../../../src/checks/policies/ground.ts';
import { lintAll } from '../../../src/checks/policies/linter.ts';
import type { PolicyEdit } from '../../../src/model/policies/policy-edit.ts';
import type { Policy } from '../../../src/model/policies/rule.ts';
import { cnp, np, shop } from '../../model/policies/shop.ts';

const at = Date.parse('2026-11-21T12:00:10Z');

function policyOf(yaml: string): Policy | undefined {
  return yaml === '' ? undefined : shop(yaml).index.facts.policies[0];
}

/** What is told of one edit where `others` stand beside it. */
function told(before: string, after: string, { others = '', who = 'jane@contoso (kubectl)' } = {}): string[] {
  const { index } = shop(others);
  const [was, is] = [policyOf(before), policyOf(after)];
  const ref = (is ?? was)?.ref;
  if (!ref) throw new Error('an edit of nothing');
  const policies = is ? [...index.facts.policies, is] : index.facts.policies;
  const edit: PolicyEdit = { at, ref, who, ...(was ? { before: was } : {}), ...(is ? { after: is } : {}) };
  const ground = groundOf(index.withPolicies(policies), { edits: [edit], now: at + 60_000 });
  return lintAll(ground)
    .filter(({ lint: { id } }) => id === 'policies/changed-shortly-before')
    .map(({ object, lapse: { text, since } }) => `${object.kind} ${object.name} ${since === at}: ${text}`);
}

const letIn = (app: string) =>
  cnp(`{endpointSelector: {matchLabels: {app: back}}, ingress: [{fromEndpoints: [{matchLabels: {app: ${app}}}]}]}`);

it.each<[string, string, string, string, string[]]>([
  [
    'a policy that is new, and isolates',
    '',
    letIn('front'),
    '',
    [
      'CiliumNetworkPolicy p true: made at 12:00Z by jane@contoso (kubectl), which newly denies shop/cart → shop/back 8081/TCP and 7 other pairs',
    ],
  ],
  [
    'a rule that now means somebody else',
    letIn('front'),
    letIn('cart'),
    '',
    [
      'CiliumNetworkPolicy p true: changed at 12:00Z by jane@contoso (kubectl), which newly denies shop/front → shop/back 8081/TCP and 1 other pair',
    ],
  ],
  [
    'an allow that was deleted from under a default deny',
    letIn('cart'),
    '',
    np('{podSelector: {}}'),
    [
      'CiliumNetworkPolicy p true: deleted at 12:00Z by jane@contoso (kubectl), which newly denies shop/cart → shop/back 8081/TCP and 1 other pair',
    ],
  ],
  [
    'a change that only allows more',
    letIn('cart'),
    cnp('{endpointSelector: {matchLabels: {app: back}}, ingress: [{fromEndpoints: [{}]}]}'),
    '',
    [],
  ],
  ['a change of words alone', letIn('cart'), letIn('cart'), '', []],
  [
    'a deny where everything was denied',
    '',
    letIn('nobody'),
    cnp('{endpointSelector: {}, ingress: [{}]}', { name: 'deny' }),
    [],
  ],
])('%s', (_title, before, after, others, expected) => {
  expect(told(before, after, { others })).toEqual(expected);
});

it('names nobody where nobody is known', () => {
  expect(told('', letIn('front'), { who: '' })[0]).toContain('made at 12:00Z, which newly denies');
});

describe('several changes of one policy within the hour', () => {
  /** Each version after the other, a minute apart, by an author of its own; '' = it is not there. */
  function toldOf(versions: readonly string[], others = ''): string[] {
    const { index } = shop(others);
    const policies = versions.map(policyOf);
    const ref = policies.find((one) => one !== undefined)?.ref;
    if (!ref) throw new Error('edits of nothing');
    const edits = policies.slice(1).map((after, nth): PolicyEdit => {
      const before = policies[nth];
      const sides = { ...(before ? { before } : {}), ...(after ? { after } : {}) };
      return { at: at + nth * 60_000, ref, who: `author-${nth + 1}`, ...sides };
    });
    const is = policies.at(-1);
    const all = is ? [...index.facts.policies, is] : index.facts.policies;
    const found = lintAll(groundOf(index.withPolicies(all), { edits, now: at + 600_000 }));
    return found.flatMap(({ lint: { id }, lapse }) => (id === 'policies/changed-shortly-before' ? [lapse.text] : []));
  }
  const everybody = cnp('{endpointSelector: {matchLabels: {app: back}}, ingress: [{fromEndpoints: [{}]}]}');
  const described = (app: string) =>
    cnp(
      `{description: x, endpointSelector: {matchLabels: {app: back}}, ingress: [{fromEndpoints: [{matchLabels: {app: ${app}}}]}]}`,
    );

  it('are told once where it was edited and then deleted', () => {
    const told = toldOf([everybody, letIn('cart'), ''], np('{podSelector: {}}'));
    expect(told).toEqual([
      expect.stringMatching(/^deleted at 12:01Z by author-2, .*; since 12:00Z it was changed 2 times$/),
    ]);
  });

  it('name the one that made the denial, be it the newest or not', () => {
    expect(toldOf([everybody, described('cart'), letIn('nobody')])).toEqual([
      expect.stringMatching(/^changed at 12:01Z by author-2, which newly denies shop\/cart → shop\/back 8081\/TCP and/),
    ]);
    expect(toldOf([everybody, letIn('cart'), described('cart')])).toEqual([
      expect.stringMatching(/^changed at 12:00Z by author-1, /),
    ]);
    expect(toldOf([everybody, everybody, letIn('cart')])).toEqual([
      expect.stringMatching(/^changed at 12:01Z by author-2, /),
    ]);
  });

  it('are silent where it was made and deleted, or put right', () => {
    expect(toldOf(['', letIn('cart'), ''])).toEqual([]);
    expect(toldOf([everybody, letIn('cart'), everybody])).toEqual([]);
  });
});
