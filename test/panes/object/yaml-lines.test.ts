import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { describe as describeObject } from '../../../src/panes/object/describe.ts';
import { documentLines } from '../../../src/panes/object/document-lines.ts';
import { withoutSecrets } from '../../../src/panes/object/without-secrets.ts';
import { yamlLines } from '../../../src/panes/object/yaml-lines.ts';

const secret = parse(`
apiVersion: v1
kind: Secret
metadata:
  name: hubble-relay-client-certs
  annotations: {kubectl.kubernetes.io/last-applied-configuration: '{"data":{"tls.key":"aHVudGVyMg=="}}', plain: note}
data: {tls.key: aHVudGVyMg==}
stringData: {more: hunter3}
type: kubernetes.io/tls
`);

describe('a Secret', () => {
  const shown = withoutSecrets(secret);
  const description = documentLines(describeObject(shown, [], 0), 100).flat();

  it.each([
    ['YAML', yamlLines(shown, { managedFields: true }).join('\n')],
    ['description', description.map((span) => span.text).join('\n')],
  ])('shows as %s that it holds something, never what, not even what kubectl apply remembers', (_, text) => {
    expect(text).not.toMatch(/aHVudGVyMg|hunter3/);
    expect(text).toContain('tls.key: (hidden, 12 characters)');
    expect(text).toContain('kubernetes.io/tls');
  });

  it('leaves every other kind as it is', () => {
    const map = { kind: 'ConfigMap', data: { a: 'b' } };
    expect(withoutSecrets(map)).toBe(map);
  });
});

describe('yamlLines', () => {
  it.each([
    ['deep', () => Array.from({ length: 5_000 }).reduce<unknown>((inner) => ({ inner }), 'end')],
    ['wide', () => Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`key-${index}`, index]))],
  ])('cuts what is too %s to be read, says so, and stays quick', (_, make) => {
    const lines = yamlLines({ kind: 'ConfigMap', data: make() }, { managedFields: false });
    expect(lines.at(-1)).toBe('# … cut: more than 6,000 values or 60 levels; kubectl get -o yaml has the rest');
    expect(lines.length).toBeLessThan(6_100);
  });

  it.each([
    [true, true],
    [false, false],
  ])('managedFields asked for: %s, shown: %s', (managedFields, shown) => {
    const object = { kind: 'Pod', metadata: { name: 'a', managedFields: [{ manager: 'kubelet' }] } };
    expect(yamlLines(object, { managedFields }).some((line) => line.includes('kubelet'))).toBe(shown);
  });

  it('makes control characters inert', () => {
    const lines = yamlLines(
      { kind: 'ConfigMap', data: { evil: 'a\u001b]52;c;aGk=\u0007b', block: 'one\n\u001b[2Jtwo\n\u202ethree' } },
      { managedFields: false },
    );
    expect(lines.join('\n')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  });

  it('draws the same part twice when it is in the object twice', () => {
    const labels = { app: 'web' };
    expect(yamlLines({ kind: 'X', a: labels, b: labels }, { managedFields: false })).toEqual([
      'kind: X',
      'a:',
      '  app: web',
      'b:',
      '  app: web',
    ]);
  });

  it.each([[null], [undefined], ['text'], [[]]])('survives %j', (object) => {
    expect(Array.isArray(yamlLines(object, { managedFields: false }))).toBe(true);
  });
});
