import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
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

describe('yamlLines', () => {
  it('never shows what a Secret holds, not even in what kubectl apply remembers', () => {
    const shown = yamlLines(secret, { managedFields: true }).join('\n');
    expect(shown).not.toMatch(/aHVudGVyMg|hunter3/);
    expect(shown).toContain('tls.key: (hidden, 12 characters)');
    expect(shown).toContain('plain: note');
    expect(shown).toContain('type: kubernetes.io/tls');
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
