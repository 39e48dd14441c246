import { expect, test } from 'vitest';
import type { Change } from '../../../src/model/change.ts';
import type { AgentMetrics } from '../../../src/model/metrics.ts';
import { createAgentMetrics } from '../../../src/sources/kubernetes/agent-metrics.ts';

/** What is told of one agent whose page this is, read once. */
async function told(page: string): Promise<AgentMetrics | undefined> {
  const stop = new AbortController();
  let value: AgentMetrics | undefined;
  const client = {
    now: () => 1_000,
    async open() {
      return {
        status: 200,
        headers: {},
        body: (async function* () {
          yield Buffer.from(page);
        })(),
      };
    },
  } as unknown as Parameters<typeof createAgentMetrics>[0]['client'];
  const sink = {
    change(change: Change) {
      if (change.type === 'fact' && change.fact === 'agentMetrics') value = change.value as AgentMetrics | undefined;
      else return;
      stop.abort();
    },
  };
  const pod = { name: 'cilium-1', node: 'n1', port: 9962, role: 'agent', isSick: false } as const;
  await createAgentMetrics({ client, perSecond: 1_000, pods: () => [pod], sink, signal: stop.signal }).run();
  return value;
}

test.each([
  ['a page to sign in', '<html>cilium_ sign in</html>'],
  ['nothing', ''],
  ['the metrics of another program', 'go_goroutines 7\nprocess_cpu_seconds_total 1\n# EOF\n'],
])('%s is no agent without drops', async (_, page) => {
  const metrics = await told(page);
  expect(metrics?.agents ?? []).toEqual([]);
});

test('OpenMetrics and the newer name of unreachable nodes are read', async () => {
  const status = 'cilium_node_health_connectivity_status{source_node_name="n1"';
  const page = `# TYPE cilium_drop_count counter
cilium_drop_count_total{reason="Policy denied",direction="EGRESS"} 12.0 1700000000.123 # {trace_id="x"} 1.0
cilium_drop_count_created{reason="Policy denied",direction="EGRESS"} 1.7e+09
${status},type="node",status="reachable"} 4
${status},type="node",status="unreachable"} 2
${status},type="endpoint",status="unreachable"} 3
# EOF`;
  expect((await told(page))?.agents).toMatchObject([
    { node: 'n1', drops: [{ reason: 'Policy denied', total: 12 }], unreachableNodes: 2, controllersFailing: null },
  ]);
});
