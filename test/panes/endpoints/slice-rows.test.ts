import { expect, it } from 'vitest';
import type { Finding } from '../../../src/model/finding.ts';
import { sliceCells, sliceRows } from '../../../src/panes/endpoints/slice-rows.ts';
import { createTheme } from '../../../src/ui/theme.ts';
import { snapshotOf } from '../fixtures/cluster.ts';

const slice = (name: string, namespace: string, ...endpoints: string[]) => ({
  metadata: { name, uid: name },
  namespace,
  endpoints: endpoints.map((endpoint) => ({
    name: endpoint,
    id: 7,
    networking: { addressing: [{ ipv4: '10.1.0.1' }] },
  })),
});
const about = (id: string, kind: string, name: string, namespace?: string): Finding => ({
  id,
  severity: 'warning',
  title: 'differs',
  objects: [namespace === undefined ? { kind, name } : { kind, namespace, name }],
  evidence: [],
  reach: '',
  next: '',
});
const ciliumEndpointSlices = [slice('ces-a', 'shop', 'web'), slice('ces-b', 'pay', 'db'), slice('ces-c', 'api', 'x')];

it.each<[string, Finding[], string]>([
  ['by namespace', [], 'ces-c ces-b ces-a'],
  ['the named one first', [about('endpoints/slice-empty', 'CiliumEndpointSlice', 'ces-a')], 'ces-a ces-c ces-b'],
  [
    'the one that holds a named endpoint first',
    [about('endpoints/slice-identity-differs', 'CiliumEndpoint', 'db', 'pay')],
    'ces-b ces-c ces-a',
  ],
  ['not for other findings', [about('pods/stuck-creating', 'Pod', 'db', 'pay')], 'ces-c ces-b ces-a'],
])('slices stand %s', (_what, findings, names) => {
  const rows = sliceRows(snapshotOf({ objects: { ciliumEndpointSlices }, findings }), '');
  expect(rows.map(({ name }) => name).join(' ')).toBe(names);
});

it('a slice is full by what cilium-config allows', () => {
  const config = { metadata: { name: 'cilium-config', namespace: 'kube-system', uid: 'c' } };
  const fill = (data: Record<string, string>) => {
    const snapshot = snapshotOf({ objects: { ciliumEndpointSlices, configMaps: [{ ...config, data }] } });
    const [row] = sliceRows(snapshot, '');
    return row && sliceCells(row, snapshot, false, createTheme({ ascii: false, colour: false }), 0)[2];
  };
  expect(fill({})).toMatchObject({ text: '1/100' });
  expect(fill({ 'ces-max-ciliumendpoints-per-ces': '50' })).toMatchObject({ text: '1/50' });
});
