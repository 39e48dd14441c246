import { describe, expect, it } from 'vitest';
import { dropsOfCluster } from '../../src/model/metrics.ts';
import { type MetricsPage, readAgent, readOperator } from '../../src/model/metrics-reading.ts';

const minute = 60_000;

function page(at: number, ...lines: readonly [name: string, labels: string, value: number][]): MetricsPage {
  return {
    at,
    samples: lines.map(([name, labels, value]) => ({
      name: `cilium_${name}`,
      value,
      labels: Object.fromEntries(
        labels
          .split(' ')
          .filter((one) => one !== '')
          .map((one) => one.split('=')),
      ),
    })),
  };
}
const of = { node: 'n1', pod: 'cilium-a' };

describe('an agent', () => {
  const first = page(
    0,
    ['drop_count_total', 'reason=Policy_denied direction=INGRESS', 10],
    ['forward_count_total', 'direction=EGRESS', 100],
  );

  it('read once has totals and no rates', () => {
    expect(readAgent(of, first, undefined)).toMatchObject({
      drops: [{ reason: 'Policy_denied', direction: 'ingress', total: 10, perSecond: null }],
      dropsPerSecond: null,
      forwardsPerSecond: null,
      history: [null],
      controllersFailing: null,
    });
  });

  it('read twice has rates, also of a reason that was not there before', () => {
    const second = page(
      minute,
      ['drop_count_total', 'reason=Policy_denied direction=INGRESS', 70],
      ['drop_count_total', 'reason=CT:_Map_insertion_failed direction=EGRESS', 600],
      ['forward_count_total', 'direction=EGRESS', 100],
    );
    const reading = readAgent(of, second, { page: first, reading: readAgent(of, first, undefined) });
    expect(reading.drops.map(({ reason, perSecond }) => [reason, perSecond])).toEqual([
      ['CT:_Map_insertion_failed', 10],
      ['Policy_denied', 1],
    ]);
    expect(reading).toMatchObject({ dropsPerSecond: 11, forwardsPerSecond: 0, history: [null, 11] });
  });

  it('that counts no packets at all drops not none: nobody knows', () => {
    const silent = (at: number) => page(at, ['identity', '', 9]);
    const reading = readAgent(of, silent(minute), { page: silent(0), reading: readAgent(of, silent(0), undefined) });
    expect(reading).toMatchObject({ dropsPerSecond: null, forwardsPerSecond: null, unreachableNodes: null });
  });

  it('that began anew in between has no rate, and never a negative one', () => {
    const anew = page(
      minute,
      ['drop_count_total', 'reason=Policy_denied direction=INGRESS', 2],
      ['forward_count_total', 'direction=EGRESS', 5],
    );
    const reading = readAgent(of, anew, { page: first, reading: readAgent(of, first, undefined) });
    expect(reading).toMatchObject({ dropsPerSecond: null, forwardsPerSecond: null });
  });

  it('tells its gauges: the fullest maps, endpoints by state, what it could not take in', () => {
    const reading = readAgent(
      of,
      page(
        0,
        ['bpf_map_pressure', 'map_name=lxc', 0.1],
        ['bpf_map_pressure', 'map_name=policy_v2_7', 0.97],
        ['endpoint_state', 'endpoint_state=ready', 12],
        ['policy_change_total', 'outcome=success', 9],
        ['policy_change_total', 'outcome=fail', 2],
        ['controllers_failing', '', 3],
      ),
      undefined,
    );
    expect(reading).toMatchObject({
      mapPressure: [
        { map: 'policy_v2_7', ratio: 0.97 },
        { map: 'lxc', ratio: 0.1 },
      ],
      endpointStates: { ready: 12 },
      policyFailures: 2,
      controllersFailing: 3,
    });
  });
});

describe('an operator', () => {
  const delay = (le: string, value: number): [string, string, number] => [
    'operator_ces_queueing_delay_seconds_bucket',
    `queue=standard le=${le}`,
    value,
  ];
  const first = page(
    0,
    ['operator_ces_sync_total', 'outcome=success', 100],
    delay('1', 100),
    delay('60', 100),
    delay('+Inf', 100),
  );

  it('tells how long changes waited of those written since, not since it began', () => {
    const second = page(
      minute,
      ['operator_ces_sync_total', 'outcome=success', 106],
      ['operator_ces_sync_total', 'outcome=fail', 6],
      delay('1', 100),
      delay('60', 110),
      delay('+Inf', 110),
    );
    const reading = readOperator('operator-a', second, {
      page: first,
      reading: readOperator('operator-a', first, undefined),
    });
    expect(reading).toMatchObject({ syncs: 112, syncFails: 6, syncsPerSecond: 0.2, failsPerSecond: 0.1 });
    expect(reading.queueP50).toBeCloseTo(1 + 59 * 0.5);
    expect(reading.queueP99).toBeCloseTo(1 + 59 * 0.99);
  });

  it('that wrote nothing has no wait to tell of; beyond the last bound it is that bound', () => {
    const again = { ...first, at: minute };
    const before = { page: first, reading: readOperator('operator-a', first, undefined) };
    expect(readOperator('operator-a', again, before).queueP99).toBeNull();
    const late = page(
      minute,
      ['operator_ces_sync_total', 'outcome=success', 110],
      delay('1', 100),
      delay('60', 100),
      delay('+Inf', 110),
    );
    expect(readOperator('operator-a', late, before).queueP99).toBe(60);
  });
});

it('drops of the cluster are those of its agents, by reason and direction', () => {
  const agent = (node: string, perSecond: number | null) => ({
    ...readAgent({ node, pod: node }, page(0), undefined),
    drops: [{ reason: 'Policy denied', direction: 'egress', total: 5, perSecond }],
  });
  const metrics = {
    agents: [agent('a', 1), agent('b', 2), agent('c', null)],
    operators: [],
    read: 3,
    of: 3,
    roundMs: 1,
    unread: [],
  };
  expect(dropsOfCluster(metrics)).toEqual([{ reason: 'Policy denied', direction: 'egress', total: 15, perSecond: 3 }]);
});
