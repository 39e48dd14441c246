// Calls of agents to the API server that were refused.
import { atMost, count } from '../checks/words.ts';
import { refusalWords } from '../model/api-refusals.ts';
import { nodeRef } from './agent-on-node.ts';
import { agentSamples } from './agent-samples.ts';
import { seen, speaksAgainst, speaksFor } from './look.ts';
import type { Cause, LookAsks, Looked, RunState } from './runbook.ts';

export type Refused = { node: string; codes: readonly { code: string; total: number; perSecond: number | null }[] };

export async function refused(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const { all, source, missed } = await refusals(state, asks, signal);
  // What overloads the API server is felt by agents everywhere: some of each pool are enough.
  const asked = missed === '' ? [] : [seen(missed, source)];
  const troubled = all.filter(({ codes }) => codes.length > 0);
  if (troubled.length === 0)
    return {
      evidence: [speaksAgainst(`${count(all.length, 'agent')}: every call was answered`, source), ...asked],
      value: troubled,
    };
  const lines = atMost(
    troubled.map(({ node, codes }) => `${node}: ${codes.map(codeText).join(', ')} since its agent started`),
    5,
    'node',
  );
  const turned = troubled.filter(({ codes }) => codes.some(({ code }) => code !== '<error>'));
  // One node that gets no answer has a network of its own that is at fault.
  if (troubled.length === 1 && all.length > 2 && turned.length === 0)
    return {
      evidence: [
        speaksAgainst(
          `only on ${troubled[0]?.node}, of ${count(all.length, 'agent')}: its own way to the API server (node, NSG, route), not the API server`,
          source,
        ),
        ...lines.map((text) => seen(text, source)),
      ],
      ruledOut: ['api-server-overloaded', 'client-floods', 'endpoint-churn'],
      value: troubled,
    };
  const isNow = troubled.some(({ codes }) => codes.some(({ perSecond }) => (perSecond ?? 0) > 0));
  return {
    evidence: [
      speaksFor(`on ${troubled.length} of ${count(all.length, 'agent')}`, source),
      ...lines.map((text) => speaksFor(text, source)),
      ...asked,
    ],
    causes: [
      overloaded(
        troubled.map(({ node }) => node),
        isNow ? 'likely' : 'possible',
      ),
    ],
    value: troubled,
  };
}

async function refusals(
  state: RunState,
  asks: LookAsks,
  signal: AbortSignal,
): Promise<{ all: readonly Refused[]; source: string; missed: string }> {
  const known = state.snapshot.facts.agentMetrics?.value;
  if (known !== undefined && known.agents.length > 0) {
    const left = known.of - known.read;
    const all = known.agents.map(({ node, refusals }) => ({ node, codes: refusals }));
    return {
      all,
      source: 'metrics of the agents',
      missed: left > 0 ? `${left} of ${known.of} pages were not read` : '',
    };
  }
  const { read, missed } = await agentSamples(state, asks, 'k8s_client_api_calls_total', signal);
  const all = read.map(({ node, samples }) => {
    const totals = Map.groupBy(samples, ({ labels }) => labels['return_code'] ?? '');
    const codes = [...totals]
      .filter(([code]) => /^(429|5\d\d|<error>)$/.test(code))
      .map(([code, some]) => ({ code, total: some.reduce((sum, { value }) => sum + value, 0), perSecond: null }))
      .filter(({ total }) => total > 0);
    return { node, codes };
  });
  return { all, source: 'exec cilium-dbg metrics list', missed };
}

function codeText({ code, total, perSecond }: Refused['codes'][number]): string {
  return `${refusalWords({ code, total })}${perSecond === null ? '' : `, ${(perSecond * 60).toFixed(0)} a minute now`}`;
}

export function overloaded(nodes: readonly string[], confidence: Cause['confidence']): Cause {
  return {
    id: 'api-server-overloaded',
    text: `The API server turns away or does not answer agents of ${count(nodes.length, 'node')}.`,
    confidence,
    objects: nodes.slice(0, 20).map(nodeRef),
    next: 'Find who asks it for so much (audit log by client) and stop that; then lower what changes, or choose the Standard or Premium tier.',
  };
}
