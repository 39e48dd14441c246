import { describe, expect, test } from 'vitest';
import { addresses, identities, slope, slopeText } from '../../src/model/capacity.ts';
import { snapshotOf } from '../fixtures/snapshot-of.ts';

const minute = 60_000;
const growing = (perMinute: number, minutes: number, from = 1_000) =>
  Array.from({ length: minutes + 1 }, (_, index) => ({ at: index * minute, count: from + index * perMinute }));

describe('slope', () => {
  test('per hour, and when it is full', () => {
    const found = slope(growing(10, 60), 65_280);
    expect(found?.perHour).toBeCloseTo(600);
    expect(found?.fullInDays).toBeCloseTo((65_280 - 1_600) / 600 / 24);
    expect(slopeText(found)).toBe("full in about 4 days at this hour's growth");
  });

  test('of the last hour only', () =>
    expect(
      slope(
        [
          ...growing(0, 120, 5).slice(0, -1),
          ...growing(1, 60, 5).map((one) => ({ ...one, at: one.at + 120 * minute })),
        ],
        100,
      )?.perHour,
    ).toBeCloseTo(60));
  test('nothing is said of less than ten minutes', () => expect(slope(growing(10, 9), 65_280)).toBeUndefined());
  test('nothing is said of nothing', () => expect(slope([], 65_280)).toBeUndefined());
  test('what shrinks is never full', () => expect(slopeText(slope(growing(-10, 60), 65_280))).toBe(''));
  test('years are not told', () =>
    expect(
      slopeText(
        slope(
          [
            { at: 0, count: 1 },
            { at: 3_600_000, count: 2 },
          ],
          65_280,
        ),
      ),
    ).toBe(''));
  test.each([
    [0.01, '1 hour'],
    [0.5, '12 hours'],
    [1.4, '1 day'],
    [9.9, '9 days'],
  ])('%d days are %s', (fullInDays, text) =>
    expect(slopeText({ perHour: 1, span: 1, fullInDays })).toBe(`full in about ${text} at this hour's growth`),
  );
});

test('identities against what Cilium can number', () => {
  const used = Array.from(
    { length: 3 },
    (_, index) => `{kind: CiliumIdentity, metadata: {name: "${1_000 + index}", uid: i${index}}}`,
  );
  expect(identities(snapshotOf(used.join('\n---\n')))).toMatchObject({ used: 3, most: 65_280, slope: undefined });
});

describe('addresses', () => {
  const nnc = (status: string) =>
    `{kind: NodeNetworkConfig, metadata: {name: n1, namespace: kube-system, uid: nnc}, status: {assignedIPCount: 16, status: Updated, networkContainers: [{status: ${status}}]}}`;

  test('a refused request tells the reason', () =>
    expect(addresses(snapshotOf(nnc('NCUpdateSubnetFullError'))).refused.map((one) => one.reason)).toEqual([
      'NCUpdateSubnetFullError',
    ]));
  test('a granted one is none', () =>
    expect(addresses(snapshotOf(nnc('NCUpdateSuccess')))).toMatchObject({
      refused: [],
      capacity: 16,
      source: 'node network configs',
    }));
  test('an exhausted subnet', () => {
    const state =
      '{kind: ClusterSubnetState, metadata: {name: pods, namespace: kube-system, uid: s}, status: {exhausted: true}}';
    expect(addresses(snapshotOf(state)).exhaustedSubnets.map((one) => one.name)).toEqual(['pods']);
  });

  test.each([
    [8, []],
    [9, ['n1']],
  ])('%d of 10 pods on a node', (pods, full) => {
    const node = '{kind: Node, metadata: {name: n1, uid: n1}, status: {allocatable: {pods: "10"}}}';
    const all = Array.from(
      { length: pods },
      (_, index) =>
        `{kind: Pod, metadata: {name: p${index}, namespace: shop, uid: p${index}}, spec: {nodeName: n1}, status: {phase: Running}}`,
    );
    expect(addresses(snapshotOf([node, ...all].join('\n---\n'))).fullNodes.map((one) => one.node)).toEqual(full);
  });

  test('pods that are over do not count', () => {
    const node = '{kind: Node, metadata: {name: n1, uid: n1}, status: {allocatable: {pods: "10"}}}';
    const all = Array.from(
      { length: 10 },
      (_, index) =>
        `{kind: Pod, metadata: {name: p${index}, namespace: shop, uid: p${index}}, spec: {nodeName: n1}, status: {phase: Succeeded}}`,
    );
    expect(addresses(snapshotOf([node, ...all].join('\n---\n'))).fullNodes).toEqual([]);
  });

  test('self-managed: the ranges of the nodes', () => {
    const yaml = `{kind: ConfigMap, metadata: {name: cilium-config, namespace: kube-system, uid: c}, data: {ipam: cluster-pool}}
---
{kind: CiliumNode, metadata: {name: n1, uid: n1}, spec: {ipam: {podCIDRs: [10.0.1.0/24, "fd00::/64"]}}, status: {ipam: {operator-status: {error: range is full}}}}`;
    expect(addresses(snapshotOf(yaml))).toMatchObject({
      capacity: 253,
      source: 'pod CIDRs',
      errors: [{ node: 'n1', error: 'range is full' }],
    });
  });
});
