import { describe, expect, it } from 'vitest';
import { readOpinion } from '../../../src/model/agent-says/read-opinion.ts';

const status = {
  cilium: { state: 'Ok', msg: '1.18.6 (v1.18.6-ebb9f8bf)' },
  kubernetes: { state: 'Warning', msg: '1.34 (v1.34.2)', 'k8s-api-versions': ['v1', 'cilium/v2::CiliumNode'] },
  'cni-file': { state: 'Failure', msg: 'no file' },
  ipam: { status: 'delegated to plugin', allocations: { '10.0.0.1': 'router' } },
  cluster: { ciliumHealth: { state: 'Ok', msg: '' } },
  controllers: [
    { name: 'sync-lb-maps', status: { 'success-count': 4 } },
    {
      name: 'ipcache-bpf-gc',
      status: { 'consecutive-failure-count': 12, 'last-failure-msg': 'no space left on device' },
    },
  ],
  'kube-proxy-replacement': { mode: 'True' },
  hubble: { state: 'Ok', observer: { 'current-flows': 4095, 'max-flows': 4095 } },
  stale: { 'kvstore-ping': '2026-03-04T11:00:00Z' },
  nodeMonitor: { lost: 7 },
};

const lines = (value: unknown) =>
  readOpinion(JSON.stringify(value))?.map(({ name, state, text }) => `${state || '-'} ${name}: ${text}`);

describe('the agent’s own opinion', () => {
  it('is read field by field', () => {
    expect(lines(status)).toEqual([
      'ok cilium: Ok · 1.18.6 (v1.18.6-ebb9f8bf)',
      'warning kubernetes: Warning · 1.34 (v1.34.2) · 2 API groups watched',
      'error cni file: Failure · no file',
      '- ipam: delegated to plugin · 1 addresses given',
      'ok health: Ok',
      'error controllers: 1 of 2 failing',
      '- kube-proxy replacement: True',
      'ok hubble: Ok · 4095 of 4095 flows kept',
      'error stale probes: 1 have not come back',
      'warning monitor: 7 events lost',
    ]);
  });

  it('names the failing controllers with their last error', () => {
    expect(readOpinion(JSON.stringify(status))?.find(({ name }) => name === 'controllers')?.below).toEqual([
      'ipcache-bpf-gc: failed 12 times in a row: no space left on device',
    ]);
  });

  it.each<[string, unknown]>([
    ['nothing', {}],
    ['nulls', { cilium: null, controllers: null, hubble: null, cluster: { ciliumHealth: null } }],
    [
      'other shapes',
      {
        cilium: 'Ok',
        kubernetes: [1],
        controllers: { a: 1 },
        ipam: 7,
        stale: [],
        'kube-proxy-replacement': true,
        nodeMonitor: 'x',
      },
    ],
    ['half a controller', { controllers: [null, { status: { 'consecutive-failure-count': 'many' } }] }],
  ])('leaves out what another version writes differently: %s', (_name, value) => {
    expect(() => lines(value)).not.toThrow();
    expect(lines(value)?.filter((line) => !line.startsWith('ok controllers')) ?? []).toEqual([]);
  });

  it('makes what the agent says inert', () => {
    const [cilium] =
      readOpinion(JSON.stringify({ cilium: { state: 'Ok', msg: 'a\u001b]52;c;eA==\u0007b\u202ec' } })) ?? [];
    expect(cilium?.text).not.toMatch(/[\u0000-\u001f\u202e]/);
  });
});
