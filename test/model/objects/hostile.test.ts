import { describe, expect, test } from 'vitest';
import { createIntern } from '../../../src/model/intern.ts';
import { type KindId, kinds } from '../../../src/model/kinds.ts';
import type { RawObject } from '../../../src/model/objects/row.ts';
import { fc } from '../../fixtures/seeded.ts';

const ids = Object.keys(kinds) as KindId[];
const nasty = 'a\x1b]52;c;eA==\x07b\rc\x9b2Jd\u202ee\u200bf\u2028g\ud800h\x00';
const control = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Every field any projection reads, all of them hostile. */
function hostileObject(): RawObject {
  const labels = { [nasty]: nasty, 'k8s-app': nasty, agentpool: nasty };
  const condition = { type: nasty, status: nasty, reason: nasty, message: nasty };
  const state = { waiting: { reason: nasty, message: nasty } };
  const container = { name: nasty, image: nasty, ports: [{ hostPort: 1, protocol: nasty, name: nasty }] };
  const status = { name: nasty, state, lastState: { terminated: { reason: nasty, message: nasty, exitCode: 1 } } };
  const template = {
    metadata: { labels },
    spec: {
      containers: [container],
      nodeSelector: labels,
      tolerations: [{ key: nasty, value: nasty, effect: nasty, operator: nasty }],
    },
  };
  return {
    metadata: {
      name: nasty,
      namespace: nasty,
      uid: nasty,
      resourceVersion: nasty,
      labels,
      annotations: { 'io.cilium/x': nasty, ...labels },
      ownerReferences: [{ kind: nasty, name: nasty, uid: nasty, controller: true }],
      managedFields: [
        {
          manager: nasty,
          operation: nasty,
          time: '2026-11-22T12:00:00Z',
          fieldsV1: { 'f:spec': { [`f:${nasty}`]: {} }, [`f:${nasty}`]: {} },
        },
      ],
    },
    spec: {
      nodeName: nasty,
      serviceAccountName: nasty,
      providerID: nasty,
      podCIDRs: [nasty],
      holderIdentity: nasty,
      type: nasty,
      clusterIP: nasty,
      clusterIPs: [nasty],
      selector: { ...labels, matchLabels: labels },
      endpointSelector: { matchLabels: labels },
      podSelector: { matchLabels: labels },
      taints: [{ key: nasty, value: nasty, effect: nasty }],
      containers: [container],
      initContainers: [container],
      template,
      ports: [{ name: nasty, protocol: nasty, targetPort: nasty }],
      addresses: [{ type: nasty, ip: nasty }],
      health: { ipv4: nasty },
      defaults: labels,
    },
    status: {
      phase: nasty,
      reason: nasty,
      podIP: nasty,
      podIPs: [{ ip: nasty }],
      conditions: [condition, { ...condition, type: 'Valid' }, { ...condition, type: 'PodScheduled', status: 'False' }],
      containerStatuses: [status],
      initContainerStatuses: [status],
      nodeInfo: { kubeletVersion: nasty, operatingSystem: nasty, osImage: nasty, kernelVersion: nasty },
      addresses: [{ type: 'InternalIP', address: nasty }],
      state: nasty,
      status: nasty,
      networking: { node: nasty, addressing: [{ ipv4: nasty, ipv6: nasty }] },
      identity: { id: 1 },
      log: [{ message: nasty }],
      ipam: { 'operator-status': { error: nasty } },
      networkContainers: [{ status: nasty, subnetName: nasty, assignmentMode: nasty }],
    },
    data: { [nasty]: nasty },
    reason: nasty,
    message: nasty,
    type: nasty,
    involvedObject: { kind: nasty, name: nasty, namespace: nasty, uid: nasty },
    source: { component: nasty, host: nasty },
    'security-labels': labels,
    namespace: nasty,
    addressType: nasty,
    endpoints: [
      { name: nasty, addresses: [nasty], nodeName: nasty, networking: { node: nasty, addressing: [{ ipv4: nasty }] } },
    ],
    ports: [{ name: nasty, protocol: nasty }],
  };
}

describe.each(ids)('%s', (id) => {
  test('no text in the row can steer a terminal', () => {
    const row = drawn(kinds[id].project(hostileObject(), createIntern()));
    expect(row.name).toContain('^[]52');
    for (const text of textsOf(row)) expect(text).not.toMatch(control);
  });

  test('a row has the same keys in the same order whatever came', () => {
    const keys = Object.keys(kinds[id].project(hostileObject(), createIntern()));
    expect(Object.keys(kinds[id].project({}, createIntern()))).toEqual(keys);
    expect(Object.keys(kinds[id].project({ metadata: null, spec: [], status: 'x' }, createIntern()))).toEqual(keys);
  });

  test('any JSON in any place makes a row', () => {
    const raw = fc.record({
      metadata: fc.json().map(parsed),
      spec: fc.json().map(parsed),
      status: fc.json().map(parsed),
      endpoints: fc.json().map(parsed),
      data: fc.json().map(parsed),
    });
    fc.assert(
      fc.property(raw, (object) => Array.isArray(textsOf(kinds[id].project(object as RawObject, createIntern())))),
      { numRuns: 50 },
    );
  });

  test('nulls in lists make a row', () => {
    const spec = {
      containers: [null, 1],
      initContainers: [null],
      taints: [null],
      ports: [null],
      specs: [null],
      template: { spec: { containers: [null], affinity: null } },
    };
    const status = {
      conditions: [null],
      containerStatuses: [null, {}],
      addresses: [null],
      networking: { addressing: [null] },
      networkContainers: [null],
      podIPs: [null],
    };
    const raw = {
      metadata: { name: 'x', managedFields: [null], ownerReferences: [null] },
      spec,
      status,
      endpoints: [null],
      specs: [null],
    };
    expect(kinds[id].project(raw, createIntern()).name).toBe('x');
  });

  test('a megabyte annotation and 5,000 labels leave a small row', () => {
    const labels = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`label-${index}`, 'x'.repeat(63)]));
    const annotations = {
      'io.cilium/big': 'y'.repeat(1_000_000),
      'kubectl.kubernetes.io/last-applied-configuration': 'z'.repeat(1_000_000),
    };
    const row = kinds[id].project(
      { metadata: { name: 'x', labels, annotations }, 'security-labels': labels, data: labels },
      createIntern(),
    );
    expect(JSON.stringify(drawn(row)).length).toBeLessThan(100_000);
  });
});

/** Without a policy's `body`: the object as the server has it, to be read and written back, never drawn as it is. */
function drawn<R extends object>(row: R): Omit<R, 'body'> {
  const { body: _, ...rest } = row as R & { body?: unknown };
  return rest;
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, below]) => [key, ...textsOf(below)]);
}

function parsed(json: string): unknown {
  return JSON.parse(json);
}
