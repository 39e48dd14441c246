import { expect, it } from 'vitest';
import type { AgentMetrics, AgentReading, OperatorReading } from '../../../src/model/metrics.ts';
import { finding, judged, told } from '../given.ts';

// What agents and operators count, laid over the healthy cluster.

const quiet: AgentReading = {
  node: 'np1-0',
  pod: 'cilium-0',
  at: 0,
  drops: [{ reason: 'Unsupported L3 protocol', direction: 'egress', total: 900, perSecond: 3 }],
  dropsPerSecond: 3,
  forwardsPerSecond: 900,
  history: [],
  controllersFailing: 0,
  unreachableNodes: 0,
  identities: 40,
  policyFailures: 0,
  endpointStates: { ready: 9 },
  mapPressure: [{ map: 'lxc', ratio: 0.1 }],
  refusals: [],
  bgpSessions: [],
};
const writing: OperatorReading = {
  pod: 'cilium-operator-0',
  at: 0,
  syncs: 4_000,
  syncFails: 3,
  syncsPerSecond: 2,
  failsPerSecond: 0,
  queueP50: 0.6,
  queueP99: 1.1,
  endpointsPerSlice: 60,
  unmanagedPods: 0,
  history: [],
};

function metrics(
  agent: Partial<AgentReading>,
  operator: Partial<OperatorReading> = {},
): { facts: { agentMetrics: AgentMetrics } } {
  const agents = [
    { ...quiet, ...agent },
    { ...quiet, node: 'np1-1', pod: 'cilium-1' },
  ];
  return {
    facts: {
      agentMetrics: { agents, operators: [{ ...writing, ...operator }], read: 3, of: 3, roundMs: 30_000, unread: [] },
    },
  };
}
const drop = (reason: string, perSecond: number | null, direction = 'egress') => ({
  drops: [{ reason, direction, total: 100, perSecond }],
});

it.each<[what: string, given: ReturnType<typeof metrics>, told: readonly string[]]>([
  ['a quiet cluster', metrics({}), []],
  ['drops of everyday life', metrics(drop('Stale or unroutable IP', 4)), []],
  ['a single packet', metrics(drop('FIB lookup failed', 0.05)), []],
  ['drops of which the rate is not known yet', metrics(drop('FIB lookup failed', null)), []],
  [
    'a full connection table',
    metrics(drop('CT: Map insertion failed', 41.4)),
    ['agents/drops: 41 packets/s dropped on 1 node: CT: Map insertion failed, connection tracking is full'],
  ],
  [
    'a reason nobody described',
    metrics(drop('Strange new reason', 1)),
    ['agents/drops: 1.0 packets/s dropped on 1 node: Strange new reason'],
  ],
  [
    'drops by policy',
    metrics(drop('Policy denied', 0.7)),
    ['agents/policy-drops: policies drop 0.7 packets/s on 1 node'],
  ],
  [
    'a policy map that is full',
    metrics({ mapPressure: [{ map: 'policy_v2_00771', ratio: 1 }] }),
    ['agents/map-pressure: BPF map policy_v2 100 % full on 1 node'],
  ],
  ['a map that is well used', metrics({ mapPressure: [{ map: 'ct4_global', ratio: 0.89 }] }), []],
  [
    'calls that are turned away',
    metrics({ refusals: [{ code: '429', total: 90, perSecond: 0.15 }] }),
    ['agents/api-calls-refused: the API server turns away 9 calls a minute of 1 agent'],
  ],
  ['calls that were turned away long ago', metrics({ refusals: [{ code: '429', total: 90, perSecond: 0 }] }), []],
  ['calls that got no answer', metrics({ refusals: [{ code: '<error>', total: 90, perSecond: 2 }] }), []],
  [
    'a BGP session that is down',
    metrics({ bgpSessions: [{ peer: '10.1.0.1', isUp: false }] }),
    ['agents/bgp-session-down: no BGP session with 10.1.0.1 on 1 of 1 node'],
  ],
  ['a BGP session that stands', metrics({ bgpSessions: [{ peer: '10.1.0.1', isUp: true }] }), []],
  [
    'failing controllers',
    metrics({ controllersFailing: 2 }),
    ['agents/controllers-failing: 2 controllers of the agents fail on 1 node'],
  ],
  [
    'unreachable nodes',
    metrics({ unreachableNodes: 3 }),
    ['agents/unreachable-nodes: 1 agent cannot reach up to 3 other nodes'],
  ],
  [
    'failing writes of slices',
    metrics({}, { failsPerSecond: 0.1 }),
    ['endpoints/slice-sync-failing: 6 writes of endpoint slices a minute fail'],
  ],
  ['writes that failed long ago', metrics({}, { syncFails: 99 }), []],
  [
    'a long queue',
    metrics({}, { queueP50: 30, queueP99: 90 }),
    ['endpoints/slice-queue-slow: changes wait 90s for a slice (1 in 100), half of them 30s'],
  ],
])('%s', (_, given, expected) => {
  expect(told(given)).toEqual(expected);
});

it('what makes connections fail is an error, what policies are for a note', () => {
  expect(finding(metrics(drop('CT: Map insertion failed', 1)), 'agents/drops').severity).toBe('error');
  expect(finding(metrics(drop('Policy denied', 1)), 'agents/policy-drops').severity).toBe('note');
});

it('an agent that is not ready explains its failing controllers and what it does not reach', () => {
  const notReady = `
kind: Pod
metadata: { namespace: kube-system, name: cilium-0 }
status:
  conditions: [{ type: Ready, status: 'False', lastTransitionTime: <20m ago> }]
  containerStatuses: [{ name: cilium-agent, ready: false, state: { running: { startedAt: <40m ago> } } }]
`;
  const ids = judged({ over: notReady, ...metrics({ controllersFailing: 1, unreachableNodes: 2 }) }).findings.map(
    ({ id }) => id,
  );
  expect(ids).toEqual(['agents/not-ready']);
});

it('without metrics nothing is said of them but that nobody asked', () => {
  const { notAsked, notLookedAt, findings } = judged({});
  expect([findings, notLookedAt]).toEqual([[], []]);
  expect(notAsked).toContainEqual({ id: 'agents/drops', reason: 'not asked: the metrics of the agents' });
});
