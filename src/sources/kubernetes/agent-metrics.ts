import type { Link } from '../../model/link.ts';
import type { AgentReading, OperatorReading } from '../../model/metrics.ts';
import { type MetricsPage, readAgent, readOperator, type Sample, wanted } from '../../model/metrics-reading.ts';
import type { NetworkPod } from '../../model/network-pods.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import type { ApiClient } from './api-client.ts';
import { ApiProblem, connectionProblem } from './api-problem.ts';
import type { ChangeSink } from './change-batch.ts';
import { createLineSplitter } from './lines.ts';
import { readSample } from './metrics-text.ts';
import { pause } from './waiting.ts';
import type { Resting } from './watch-stream.ts';

export type AgentMetricsOptions = {
  client: ApiClient & Resting;
  /** Pages asked for, at most so many a second. */
  perSecond: number;
  pods(): readonly NetworkPod[];
  sink: Pick<ChangeSink, 'change'>;
  signal: AbortSignal;
};

/** Nobody is asked more often: the page of an agent is half a megabyte that crosses the API server. */
const agentEveryMs = 30_000;
const operatorEveryMs = 15_000;
/** A sick agent is worth asking more often, while there are few. */
const sickEveryMs = 15_000;
const tellEveryMs = 2_000;
/** Rights do not change by themselves. */
const forbiddenMs = 10 * 60_000;
const limitMs = 10_000;
const mostBytes = 32 * 1_048_576;

type Kept<T> = { page: MetricsPage; reading: T };

/**
 * Reads the metrics of agents and operators through the API server's proxy, one page after the other, and tells them as
 * the fact `agentMetrics`. On a large cluster it takes minutes to come to every agent once, and says so.
 */
export function createAgentMetrics({ client, perSecond, pods, sink, signal }: AgentMetricsOptions): {
  run(): Promise<void>;
} {
  const agents = new Map<string, Kept<AgentReading>>();
  const operators = new Map<string, Kept<OperatorReading>>();
  const asked = new Map<string, number>();
  const unread = new Map<string, { pod: string; node: string; why: string }>();
  let told = 0;
  let changed = false;
  let heard = 0;

  function forgetGone(present: readonly NetworkPod[]): void {
    const names = new Set(present.map(({ name }) => name));
    for (const known of [agents, operators, asked, unread]) {
      for (const name of known.keys()) if (!names.has(name)) changed = known.delete(name) || changed;
    }
  }

  /** Who has waited longest beyond what is due. */
  function next(present: readonly NetworkPod[], now: number): NetworkPod | undefined {
    let best: NetworkPod | undefined;
    let longest = 0;
    for (const pod of present) {
      const every = pod.role === 'operator' ? operatorEveryMs : pod.isSick ? sickEveryMs : agentEveryMs;
      const waited = asked.has(pod.name) ? (now - (asked.get(pod.name) ?? 0)) / every : Number.MAX_SAFE_INTEGER;
      if (waited >= 1 && waited > longest) {
        best = pod;
        longest = waited;
      }
    }
    return best;
  }

  async function read(pod: NetworkPod): Promise<void> {
    const page = { at: client.now(), samples: await readPage(client, pod, signal) };
    if (pod.role === 'agent') {
      const reading = readAgent({ node: pod.node, pod: pod.name }, page, agents.get(pod.name));
      agents.set(pod.name, { page, reading });
    } else operators.set(pod.name, { page, reading: readOperator(pod.name, page, operators.get(pod.name)) });
    unread.delete(pod.name);
    heard = client.now();
    changed = true;
  }

  function tell(present: readonly NetworkPod[], link: Link | undefined): void {
    told = Date.now();
    changed = false;
    const agentCount = present.filter(({ role }) => role === 'agent').length;
    sink.change({
      type: 'fact',
      fact: 'agentMetrics',
      at: client.now(),
      link: link ?? { phase: heard === 0 ? 'connecting' : 'live', heard },
      ...(agents.size + operators.size === 0
        ? {}
        : {
            value: {
              agents: [...agents.values()].map(({ reading }) => reading).sort((a, b) => (a.node < b.node ? -1 : 1)),
              operators: [...operators.values()].map(({ reading }) => reading),
              read: agents.size + operators.size,
              of: present.length,
              roundMs: Math.max(agentEveryMs, Math.round((agentCount / perSecond) * 1_000)),
              unread: [...unread.values()],
            },
          }),
    });
  }

  return {
    async run() {
      while (!signal.aborted) {
        const present = pods();
        forgetGone(present);
        const pod = client.resting?.() ? undefined : next(present, Date.now());
        if (pod === undefined) {
          if (changed && Date.now() - told >= tellEveryMs) tell(present, undefined);
          await pause(1_000, signal);
          continue;
        }
        asked.set(pod.name, Date.now());
        const since = Date.now();
        const problem = await read(pod).catch((error: unknown) => problemOf(error, client));
        if (signal.aborted) return;
        if (problem?.kind === 'forbidden') {
          const why = 'forbidden: get pods/proxy in kube-system, which the metrics of agents are read through.';
          tell(present, { phase: 'forbidden', heard, problem: why });
          await pause(forbiddenMs, signal);
          continue;
        }
        if (problem !== undefined) {
          unread.set(pod.name, { pod: pod.name, node: pod.node, why: problem.what });
          changed = true;
        }
        const failsAll = unread.size > 0 && unread.size === present.length;
        if (failsAll) tell(present, { phase: heard === 0 ? 'failed' : 'stale', heard, problem: problem?.what ?? '' });
        else if (Date.now() - told >= tellEveryMs || heard === 0) tell(present, undefined);
        await pause(Math.max(0, 1_000 / perSecond - (Date.now() - since)), signal);
      }
    },
  };
}

/** Throws ApiProblem, or the reason of an abort. */
async function readPage(client: ApiClient, pod: NetworkPod, outer: AbortSignal): Promise<readonly Sample[]> {
  const signal = AbortSignal.any([outer, AbortSignal.timeout(limitMs)]);
  const { body } = await client.open({
    verb: 'GET',
    resource: 'pods/proxy',
    path: `/api/v1/namespaces/kube-system/pods/${encodeURIComponent(pod.name)}:${pod.port}/proxy/metrics`,
    accept: 'text/plain',
    headMs: limitMs,
    signal,
  });
  const samples: Sample[] = [];
  let isCilium = false;
  const split = createLineSplitter((line) => {
    if (!line.startsWith('cilium_')) return;
    isCilium = true;
    const sample = readSample(line, wanted);
    if (sample !== undefined) samples.push(sample);
  });
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > mostBytes)
      throw new ApiProblem('server', `The metrics of ${sanitiseLine(pod.name, 100)} are larger than 32 MB.`);
    split(chunk);
  }
  // The last line may end without a line break.
  split(Buffer.from('\n'));
  // A proxy's own page, or somebody else's: without counters nothing would look lost.
  if (!isCilium)
    throw new ApiProblem('server', `What ${sanitiseLine(pod.name, 100)} answers are no metrics of Cilium.`);
  return samples;
}

function problemOf(error: unknown, client: ApiClient): ApiProblem {
  return error instanceof ApiProblem ? error : connectionProblem(error, client.credentials.session().cluster.server);
}
