import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { RawObject } from '../../../src/model/objects/row.ts';
import { merged, nothingYet, unreadText, withBase, withText } from '../../../src/panes/what-if/draft-state.ts';
import { fromEdited, linesAbove, toEdit } from '../../../src/panes/what-if/edited-text.ts';

const policy = (ports: readonly number[], version = '1', label = 'db'): RawObject =>
  parse(`apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: db, namespace: shop, uid: u1, resourceVersion: "${version}" }
spec:
  endpointSelector: { matchLabels: { app: ${label} } }
  ingress:
  - fromEndpoints: [{ matchLabels: { app: checkout } }]
    toPorts: [{ ports: [${ports.map((port) => `{ port: "${port}", protocol: TCP }`).join(', ')}] }]
`);
const key = 'CiliumNetworkPolicy|shop/db';
const textOf = (object: RawObject) => JSON.stringify({ ...object, metadata: { name: 'db', namespace: 'shop' } });

describe('what stands above the text in the editor', () => {
  it('goes again, and a mistake is told where it stands there', () => {
    const edited = toEdit('kind: x\n', 'Words.', undefined);
    expect(edited.split('\n')).toHaveLength(linesAbove + 2);
    expect(fromEdited(edited)).toBe('kind: x\n');
    const broken = withText(nothingYet, fromEdited(edited.replace('kind: x', 'kind: [')), 'shop', linesAbove);
    expect(broken.draft).toBeUndefined();
    expect(broken.text).toBe('kind: [\n');
    expect(unreadText(broken.unread ?? expect.fail())).toMatch(/^line 4, column 1: /);
    expect(toEdit(broken.text, 'Words.', broken.unread).split('\n')[1]).toMatch(
      /^# ciliscope: It could not be read: line 4, /,
    );
  });

  it('survives an editor that writes line ends and a mark of its own', () => {
    const edited = `\uFEFF${toEdit('kind: x\nmore: y\n', 'Words.', undefined).replaceAll('\n', '\r\n')}`;
    expect(fromEdited(edited)).toBe('kind: x\nmore: y\n');
  });

  it('a file with nothing but our words is empty', () => expect(fromEdited(toEdit('', 'Words.', undefined))).toBe(''));
});

describe('what others changed meanwhile', () => {
  const mine = (object: RawObject) =>
    withBase(withText(nothingYet, textOf(object), 'shop'), new Map([[key, policy([5432])]]));

  it('is taken up where it is somewhere else', () => {
    const theirs = policy([5432], '2', 'database');
    const next = merged(mine(policy([5432, 5433])), new Map([[key, theirs]]), 'shop');
    if (typeof next === 'string') expect.fail(next);
    expect(next.draft?.put[0]?.spec).toEqual(policy([5432, 5433], '2', 'database').spec);
    expect(next.base.get(key)).toBe(theirs);
    expect(next.revision).toBe(2);
  });

  it('is not mixed with mine where both changed the same lines', () => {
    expect(merged(mine(policy([5433])), new Map([[key, policy([5434], '2')]]), 'shop')).toBe(
      'both changed the same lines',
    );
    const many = Array.from({ length: 1_200 }, (_, port) => port);
    const large = merged(mine(policy(many)), new Map([[key, policy([5434], '2')]]), 'shop');
    expect(large).toBe('yours changed too many lines to be merged');
  });

  it('cannot be taken up when it is gone', () => {
    expect(merged(mine(policy([5433])), new Map([[key, undefined]]), 'shop')).toBe('it was deleted meanwhile');
  });
});
