import { agentCommands } from '../../model/bundle/agent-commands.ts';
import type { BundlePod } from '../../model/bundle/bundle-plan.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import type { ApiClient } from '../kubernetes/api-client.ts';
import type { Commands } from '../kubernetes/commands.ts';
import { logProblem } from '../kubernetes/log-problem.ts';

/** One text that is asked of a pod: what it is called in the bundle, and how it is had. */
export type PodText = {
  path: string;
  what: string;
  /** Resolves with the text, and with what it lacks ('' = nothing). Throws a UserError. */
  read(signal: AbortSignal): Promise<{ text: string; lacks: string }>;
};

const system = 'kube-system';
/** The newest of what a container said: more nobody reads, and it crosses the API server. */
const mostLogBytes = 8 * 1_048_576;
const mostLines = '50000';
const mostPageBytes = 16 * 1_048_576;
const commandMs = 20_000;
const longestLine = 16_384;

export function textsOf(
  pod: BundlePod,
  sinceMs: number,
  client: ApiClient,
  exec: Commands['exec'],
): { logs: PodText[]; commands: PodText[]; metrics: PodText[] } {
  return {
    logs: pod.logs.map(({ container, previous }) => ({
      path: `logs/${pod.name}/${container}${previous ? '.previous' : ''}.log`,
      what: `${previous ? 'previous log' : 'log'} of ${container} in ${pod.name}`,
      read: (signal) => readLog(client, pod.name, container, previous, sinceMs, signal),
    })),
    commands: pod.asked === '' ? [] : agentCommands.map((command) => commandText(pod, command, exec)),
    metrics:
      pod.port === 0
        ? []
        : [
            {
              path: `metrics/${pod.name}.txt`,
              what: `metrics of ${pod.name}`,
              read: (signal) => readMetrics(client, pod, signal),
            },
          ],
  };
}

function commandText(pod: BundlePod, command: readonly string[], exec: Commands['exec']): PodText {
  const line = command.join(' ');
  return {
    path: `commands/${pod.name}/${line.replaceAll(/[^a-z]+/g, '-')}.txt`,
    what: `${line} in ${pod.name}`,
    async read(signal) {
      const target = { namespace: system, pod: pod.name, container: pod.asked };
      const { ended, exitCode, stdout, stderr } = await exec(target, command, commandMs, signal);
      const said = stderr === '' ? '' : `\n--- stderr ---\n${stderr}`;
      return { text: inert(`${stdout}${said}`), lacks: lackOf(ended, exitCode) };
    },
  };
}

function lackOf(ended: 'exit' | 'time' | 'size', exitCode: number): string {
  if (ended === 'time') return `It had not ended after ${commandMs / 1_000}s: what came until then.`;
  if (ended === 'size') return 'It said more than is taken: the beginning of it.';
  return exitCode === 0 ? '' : `It ended with exit code ${exitCode}.`;
}

async function readLog(
  client: ApiClient,
  pod: string,
  container: string,
  previous: boolean,
  sinceMs: number,
  signal: AbortSignal,
): Promise<{ text: string; lacks: string }> {
  const { text, dropped } = await readNewest(client, mostLogBytes, {
    ...{ verb: 'GET', resource: 'pods/log', signal },
    path: `/api/v1/namespaces/${system}/pods/${encodeURIComponent(pod)}/log`,
    query: {
      ...{ container, timestamps: 'true', tailLines: mostLines },
      // What it said before it ended is wanted whenever that was.
      ...(previous ? { previous: 'true' } : { sinceSeconds: String(Math.ceil(sinceMs / 1_000)) }),
    },
  }).catch((error: unknown) => {
    throw logProblem(error);
  });
  return { text: inert(text), lacks: dropped > 0 ? `Its first ${dropped} bytes are left out.` : '' };
}

async function readMetrics(client: ApiClient, { name, port }: BundlePod, signal: AbortSignal) {
  const { text, dropped } = await readNewest(client, mostPageBytes, {
    ...{ verb: 'GET', resource: 'pods/proxy', accept: 'text/plain', headMs: 10_000, signal },
    path: `/api/v1/namespaces/${system}/pods/${encodeURIComponent(name)}:${port}/proxy/metrics`,
  });
  return { text: inert(text), lacks: dropped > 0 ? `Its first ${dropped} bytes are left out.` : '' };
}

/** The last `most` bytes, and how many came before those. */
async function readNewest(
  client: ApiClient,
  most: number,
  ask: Parameters<ApiClient['open']>[0] & { signal: AbortSignal },
): Promise<{ text: string; dropped: number }> {
  const limited = { ...ask, signal: AbortSignal.any([ask.signal, AbortSignal.timeout(60_000)]) };
  const { body } = await client.open(limited);
  const chunks: Buffer[] = [];
  let bytes = 0;
  let dropped = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    while (bytes - (chunks[0]?.length ?? 0) > most) {
      const gone = chunks.shift()?.length ?? 0;
      bytes -= gone;
      dropped += gone;
    }
  }
  return { text: Buffer.concat(chunks).toString('utf8'), dropped };
}

/** Whoever opens the file with `cat` is to see text. */
function inert(text: string): string {
  return text
    .split('\n')
    .map((line) => sanitiseLine(line.replace(/\r$/, ''), longestLine))
    .join('\n');
}
