import { expect, it } from 'vitest';
import { readWay, wayTitle } from '../../../src/panes/what-if/way.ts';

const cnp = { kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'db' };

it.each([
  [['edit', 'CiliumNetworkPolicy', 'shop', 'db'], { type: 'edit', ref: cnp }, 'edit CNP shop/db'],
  [['edit', 'cnp', 'shop/db'], { type: 'edit', ref: cnp }, 'edit CNP shop/db'],
  [
    ['delete', 'netpol', 'db'],
    { type: 'delete', ref: { ...cnp, kind: 'NetworkPolicy', namespace: 'default' } },
    'delete NP default/db',
  ],
  [
    ['delete', 'ccnp', 'x/db'],
    { type: 'delete', ref: { kind: 'CiliumClusterwideNetworkPolicy', namespace: '', name: 'db' } },
    'delete CCNP db',
  ],
  [
    ['delete', 'CiliumClusterwideNetworkPolicy', '', 'db'],
    { type: 'delete', ref: { kind: 'CiliumClusterwideNetworkPolicy', namespace: '', name: 'db' } },
    'delete CCNP db',
  ],
  [['template', 'fqdn-egress'], { type: 'template', name: 'fqdn-egress' }, 'template fqdn-egress'],
  [['my', 'policy.yaml'], { type: 'file', path: 'my policy.yaml' }, 'my policy.yaml'],
  [['./edit'], { type: 'file', path: './edit' }, './edit'],
  [['mend', 'adds a to b', 'kind: x'], { type: 'mend', what: 'adds a to b', yaml: 'kind: x' }, 'adds a to b'],
])('%j', (args, way, title) => {
  expect(readWay(args)).toEqual(way);
  expect(wayTitle(readWay(args))).toBe(title);
});

it.each([
  [[], /^:whatif edit cnp/],
  [['edit', 'pod', 'shop/db'], /^pod is no kind of policy/],
  [['delete', 'cnp'], /^Which CiliumNetworkPolicy\?/],
])('%j is not understood, and what to type is said', (args, reason) =>
  expect(readWay(args)).toMatchObject({ type: 'none', reason: expect.stringMatching(reason) }),
);
