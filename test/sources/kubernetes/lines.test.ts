import { describe, expect, test } from 'vitest';
import { createLineSplitter, withoutManagedFields } from '../../../src/sources/kubernetes/lines.ts';
import { fc } from '../../fixtures/seeded.ts';

test('lines come out whole however the bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.integer({ min: 1, max: 7 }), (texts, size) => {
      const lines = texts.map((text) => text.replaceAll('\n', ' ')).filter((text) => text !== '');
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      const out: string[] = [];
      const push = createLineSplitter((line) => out.push(line));
      for (let i = 0; i < bytes.length; i += size) push(bytes.subarray(i, i + size));
      expect(out).toEqual(lines);
    }),
  );
});

test('half a line at the end is not a line', () => {
  const out: string[] = [];
  createLineSplitter((line) => out.push(line))(Buffer.from('{"a":1}\n{"b":'));
  expect(out).toEqual(['{"a":1}']);
});

describe('without managedFields', () => {
  const fields = [{ manager: 'cilium-agent', fieldsV1: { 'f:status': { 'k:{"name":"a"}': {} } } }];
  const object = (managedFields: unknown, name: string) => ({
    apiVersion: 'cilium.io/v2',
    metadata: { managedFields, name, namespace: 'shop', ownerReferences: [{ kind: 'Pod', name: 'p' }] },
    status: { id: 1 },
  });
  const cases: [string, unknown][] = [
    ['one object', object(fields, 'a')],
    ['many', { items: [object(fields, 'a'), object(fields, 'b')], metadata: { resourceVersion: '1' } }],
    ['none', object(undefined, 'a')],
    ['an empty list', object([], 'a')],
  ];
  test.each(cases)('%s: all else is as it was', (_name, value) => {
    const json = JSON.stringify(value);
    const parsed = JSON.parse(withoutManagedFields(json));
    const wanted = JSON.parse(json, (key, inner) => (key === 'managedFields' && inner.length > 0 ? undefined : inner));
    expect(parsed).toEqual(wanted);
  });
  test('a manager that looks like the end costs the saving, never the object', () => {
    const json = JSON.stringify(object([{ manager: 'agent }],"name":"x"' }], 'a'));
    expect(JSON.parse(withoutManagedFields(json))).toEqual(JSON.parse(json));
  });
  test('built-in kinds, where managedFields is the last of metadata', () => {
    const pod = (name: string) => ({
      metadata: { name, uid: 'u', managedFields: fields },
      spec: { nodeName: 'n' },
      status: {},
    });
    const json = JSON.stringify({ items: [pod('a'), pod('b')] });
    const cut = withoutManagedFields(json);
    expect(cut).not.toContain('managedFields');
    expect(JSON.parse(cut)).toEqual({
      items: ['a', 'b'].map((name) => ({ metadata: { name, uid: 'u' }, spec: { nodeName: 'n' }, status: {} })),
    });
  });
  test('any other order of keys is left alone', () => {
    const json = '{"metadata":{"managedFields":[{"manager":"m"}],"labels":{}},"spec":{"x":[{"y":1}],"name":"z"}}';
    expect(withoutManagedFields(json)).toBe(json);
  });
});
