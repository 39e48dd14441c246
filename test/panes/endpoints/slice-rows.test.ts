import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/model/finding.ts';
import { endpointCells, endpointRows, toldOfSlices } from '../../../src/panes/endpoints/endpoint-rows.ts';
import { sliceCells, sliceRows, sliceVersion } from '../../../src/panes/endpoints/slice-rows.ts';
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

it('endpoints that a finding of slices names stand first, and say what it is', () => {
  const ciliumEndpoints = ['web', 'db', 'job'].map((name) => ({
    metadata: { namespace: 'shop', name, uid: name },
    status: { id: 1, state: 'ready', identity: { id: 7 }, networking: { addressing: [{ ipv4: '10.1.0.1' }] } },
  }));
  const findings = [about('endpoints/missing-from-slices', 'CiliumEndpoint', 'job', 'shop')];
  const snapshot = snapshotOf({ objects: { ciliumEndpoints }, findings });
  const told = toldOfSlices(snapshot);
  const drawn = endpointRows(snapshot, '').map((row) => {
    const [, name, state] = endpointCells(row, told.get(`${row.namespace}/${row.name}`) ?? '', 0);
    return [name, typeof state === 'object' ? state.text : state];
  });
  expect(drawn).toEqual([
    ['job', 'in no slice'],
    ['web', 'ready'],
    ['db', 'ready'],
  ]);
});

it('a slice is full by what cilium-config allows', () => {
  const config = { metadata: { name: 'cilium-config', namespace: 'kube-system', uid: 'c' } };
  const fill = (data: Record<string, string>) => {
    const snapshot = snapshotOf({ objects: { ciliumEndpointSlices, configMaps: [{ ...config, data }] } });
    const [row] = sliceRows(snapshot, '');
    return row && sliceCells(row, snapshot, createTheme({ ascii: false, colour: false }), 0)[2];
  };
  expect(fill({})).toMatchObject({ text: '1/100' });
  expect(fill({ 'ces-max-ciliumendpoints-per-ces': '50' })).toMatchObject({ text: '1/50' });
});

describe('entries that differ', () => {
  const ciliumEndpoint = (namespace: string, name: string, ipv4: string) => ({
    metadata: { namespace, name, uid: `${namespace}-${name}` },
    status: { identity: { id: 7 }, networking: { addressing: [{ ipv4 }] } },
  });
  const objects = {
    ciliumEndpointSlices: [
      slice('ces-a', 'shop', 'web'),
      slice('ces-b', 'pay', 'db', 'api', 'job'),
      slice('ces-c', 'api', 'x'),
    ],
    ciliumEndpoints: [ciliumEndpoint('shop', 'web', '10.1.0.9'), ciliumEndpoint('pay', 'db', '10.1.0.1')],
  };

  it('are counted, and of the named slices the one with most stands first', () => {
    const findings = ['ces-a', 'ces-b'].map((name) => about('endpoints/x', 'CiliumEndpointSlice', name));
    const rows = sliceRows(snapshotOf({ objects, findings }), '');
    expect(rows.map(({ name, differs }) => `${name} ${differs}`)).toEqual(['ces-b 2', 'ces-a 1', 'ces-c 1']);
  });

  it('are not known while endpoints are not live, and nothing is claimed', () => {
    const links = { ciliumEndpoints: { phase: 'stale', heard: 1 } as const };
    const snapshot = snapshotOf({ objects, links });
    const [row] = sliceRows(snapshot, '');
    expect(row?.differs).toBeUndefined();
    expect(row && sliceCells(row, snapshot, createTheme({ ascii: false, colour: false }), 0)[4]).toMatchObject({
      text: 'unknown',
    });
  });
});

it('another finding with the same title makes the rows anew', () => {
  const version = (name: string, at: number) => {
    const snapshot = snapshotOf({ findings: [about('endpoints/x', 'CiliumEndpointSlice', name)] });
    return sliceVersion({ ...snapshot, judgement: { ...snapshot.judgement, at } });
  };
  expect(version('ces-a', 1)).not.toBe(version('ces-b', 2));
  expect(version('ces-a', 1)).toBe(version('ces-a', 2));
});
