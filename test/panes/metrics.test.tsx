import { expect, it } from 'vitest';
import type { Asks, LogEvent } from '../../src/model/asks.ts';
import type { Change } from '../../src/model/change.ts';
import type { Link } from '../../src/model/link.ts';
import type { AgentMetrics, AgentReading } from '../../src/model/metrics.ts';
import { AgentScreen } from '../../src/panes/agent/AgentScreen.tsx';
import { AgentsScreen } from '../../src/panes/agents/AgentsScreen.tsx';
import { ClusterScreen } from '../../src/panes/cluster/ClusterScreen.tsx';
import { ChurnScreen } from '../../src/panes/endpoints/ChurnScreen.tsx';
import { now, sickObjects, snapshotOf } from './fixtures/cluster.ts';
import { draw, frameOf, noAsks } from './fixtures/frame.tsx';
import { mount } from './fixtures/mount.tsx';

// What agents and operators count, where it is shown.

const node = 'aks-np1-31415926-vmss000000';
const reading: AgentReading = {
  node,
  pod: 'cilium-a',
  at: now - 4_000,
  drops: [
    { reason: 'CT: Map insertion failed', direction: 'egress', total: 12_400, perSecond: 41.2 },
    { reason: 'Unsupported L3 protocol', direction: 'egress', total: 900, perSecond: 0.02 },
  ],
  dropsPerSecond: 41.22,
  forwardsPerSecond: 2_210,
  history: [null, 0, 20, 41.22],
  controllersFailing: 2,
  unreachableNodes: 0,
  identities: 40,
  policyFailures: 0,
  endpointStates: { ready: 31, regenerating: 2, disconnected: 0 },
  mapPressure: [{ map: 'ct4_global', ratio: 0.97 }],
  refusals: [],
  bgpSessions: [],
};
const metrics: AgentMetrics = {
  agents: [reading],
  operators: [
    {
      pod: 'cilium-operator-a',
      at: now,
      syncs: 4_000,
      syncFails: 60,
      syncsPerSecond: 2.1,
      failsPerSecond: 0.5,
      queueP50: 0.62,
      queueP99: 75,
      endpointsPerSlice: 60,
      unmanagedPods: 0,
      history: [0.6, 0.7, 75],
    },
  ],
  read: 2,
  of: 3,
  roundMs: 30_000,
  unread: [{ pod: 'cilium-b', node: 'n2', why: 'cilium-b does not answer on port 9962.' }],
};
const told = (value: AgentMetrics | undefined, link: Link = { phase: 'live', heard: now }): Change =>
  ({ type: 'fact', fact: 'agentMetrics', at: now, link, ...(value && { value }) }) as Change;
const withMetrics = (change: Change) => snapshotOf({ objects: sickObjects(), changes: [change] });
const textOf = (lines: readonly string[]) => lines.map((line) => line.trimEnd()).join('\n');

it('an agent’s page: drops by reason with their meaning, controllers, endpoints, the fullest maps', async () => {
  async function* logs(): AsyncIterable<LogEvent> {}
  const asks = new Proxy(noAsks, { get: (all, name) => (name === 'logs' ? logs : all[name as keyof Asks]) });
  const app = mount(AgentScreen, withMetrics(told(metrics)), frameOf(120, 70, { args: [node] }), asks);
  const text = await app.until(/What it counts/);
  app.close();
  expect(text).toMatch(/What it counts · read 4s ago/);
  expect(text).toMatch(/forwards +2,210\/s/);
  expect(text).toMatch(/drops +41\/s/);
  expect(text).toMatch(
    /41\/s +egress +CT: Map insertion failed, connection tracking is full · 12,400 since it started/,
  );
  expect(text).toMatch(/1\.2\/min +egress +Unsupported L3 protocol · 900 since/);
  expect(text).toMatch(/controllers +2 failing/);
  expect(text).toMatch(/endpoints +31 ready, 2 regenerating\n/);
  expect(text).toMatch(/BPF maps .* 97% ct4_global/);
});

it('the agents’ list has a column of drops once they are known, and none before', () => {
  const list = (change: Change) => draw(AgentsScreen, withMetrics(change), frameOf(120, 20));
  const known = list(told(metrics));
  expect(known.find((line) => line.includes('NODE'))).toMatch(/VERSION +DROPS +AGE/);
  expect(known.find((line) => line.includes(node))).toMatch(/ 41\/s /);
  expect(textOf(list(told(undefined, { phase: 'connecting', heard: 0 })))).not.toContain('DROPS');
});

it('the endpoints’ page says what the operator says of itself', () => {
  const text = textOf(draw(ChurnScreen, withMetrics(told(metrics)), frameOf(120, 20)));
  expect(text).toMatch(/operator writes 2\.1\/s, 0\.5\/s fail {2}waits half 0\.6s, 1 in 100 75s/);
});

it.each<[what: string, change: Change, says: RegExp]>([
  [
    'counted',
    told(metrics),
    /Dropped by agents · 1 agent read, each every 30s\n.*41\/s +egress +CT: Map insertion failed/,
  ],
  ['one unread', told(metrics), /cilium-b: cilium-b does not answer on port 9962\./],
  [
    'first time',
    told(undefined, { phase: 'connecting', heard: 0 }),
    /The metrics of agents are being read for the first time\./,
  ],
  [
    'forbidden',
    told(undefined, { phase: 'forbidden', heard: 0, problem: 'forbidden: get pods/proxy in kube-system.' }),
    /forbidden: get pods\/proxy in kube-system\./,
  ],
  [
    'stale',
    told(metrics, { phase: 'stale', heard: now - 90_000, problem: 'refused.' }),
    /Not heard for 90s: refused\./,
  ],
])('the cluster’s page, %s', (_, change, says) => {
  expect(textOf(draw(ClusterScreen, withMetrics(change), frameOf(120, 120)))).toMatch(says);
});

it('the cluster’s page where nobody asks', () => {
  const text = textOf(draw(ClusterScreen, snapshotOf({ objects: sickObjects() }), frameOf(120, 120)));
  expect(text).toMatch(/The metrics of agents are not asked for\./);
});
