import type { LogEvent, LogRequest } from '../../model/asks.ts';
import { createIntern } from '../../model/intern.ts';
import { kinds } from '../../model/kinds.ts';
import { classifyLine, programOfContainer } from '../../model/log-patterns/classify-line.ts';
import type { LogProgram } from '../../model/log-patterns/log-pattern.ts';
import type { ContainerRow } from '../../model/objects/pod.ts';
import type { RawObject } from '../../model/objects/row.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import type { ApiClient } from './api-client.ts';
import { ApiProblem, connectionProblem } from './api-problem.ts';
import { logProblem } from './log-problem.ts';
import { createLogTail, type LogTail, restarted } from './log-tail.ts';
import { backoff, pause } from './waiting.ts';

/**
 * A container's log. Followed, it waits for the container's start, survives lost connections, log rotation and restarts of the container, and says where
 * lines may be missing; it ends when the container, or the pod, is gone for good. Throws UserError when there is no log.
 */
export async function* followLog(client: ApiClient, request: LogRequest, outer: AbortSignal): AsyncGenerator<LogEvent> {
  const stop = new AbortController();
  const signal = AbortSignal.any([outer, stop.signal]);
  const tail = createLogTail();
  const state: Following = {
    last: '',
    repeating: false,
    opened: false,
    failures: 0,
    kubelet: [],
    waited: '',
    notes: [],
    ended: undefined,
    error: undefined,
    wake: () => {},
  };
  const program = programOfContainer(request.container);
  let finished = false;
  void keepReading(client, request, tail, state, signal).then(() => {
    finished = true;
    state.wake();
  });
  try {
    while (!signal.aborted) {
      const done = finished;
      const { lines, dropped } = tail.take();
      const notes = state.notes.splice(0);
      if (dropped > 0)
        yield {
          type: 'gap',
          text: `${dropped.toLocaleString('en')} lines dropped: they come faster than they can be shown`,
        };
      const shown = withoutRepeats(lines, state);
      if (shown.length > 0) yield linesEvent(shown, program);
      notes.push(...state.kubelet.splice(0));
      for (const text of notes) yield { type: 'gap', text };
      if (lines.length > 0 || notes.length > 0) continue;
      if (done) break;
      await new Promise<void>((resolve) => {
        state.wake = resolve;
      });
    }
    if (state.error !== undefined) throw logProblem(state.error);
    if (!signal.aborted) yield { type: 'end', text: state.ended ?? '' };
  } finally {
    stop.abort();
    state.wake();
  }
}

type Following = {
  /** Timestamp of the last line handed out, as the server wrote it. */
  last: string;
  /** After a break, until the first line that is later than the last one. */
  repeating: boolean;
  /** The server has begun to answer once: what breaks later is worth another attempt. */
  opened: boolean;
  failures: number;
  /** What the node's kubelet says in place of lines. */
  kubelet: string[];
  /** What was said last of a container that has not started, '' = nothing. */
  waited: string;
  notes: string[];
  ended: string | undefined;
  error: unknown;
  wake(): void;
};

async function keepReading(
  client: ApiClient,
  request: LogRequest,
  tail: LogTail,
  state: Following,
  signal: AbortSignal,
): Promise<void> {
  let resumed = false;
  while (!signal.aborted) {
    const started = Date.now();
    try {
      await readOnce(client, request, tail, state, resumed, signal);
      if (!request.follow) return;
      const ended = await whyEnded(client, request, signal);
      if (ended !== undefined) {
        state.ended = ended;
        return;
      }
    } catch (error) {
      if (signal.aborted) return;
      const problem =
        error instanceof ApiProblem ? error : connectionProblem(error, client.credentials.session().cluster.server);
      const waits = problem.kind === 'refused' && /waiting to start/.test(problem.said);
      const lasting = !waits && ['missing', 'forbidden', 'refused', 'unauthorized', 'tls'].includes(problem.kind);
      if (!request.follow || lasting || !(state.opened || waits)) {
        if (resumed && problem.kind === 'missing') state.ended = 'The pod is gone.';
        else state.error = problem;
        return;
      }
      const note = waits ? `${problem.said.replace(/\.$/, '')}.` : `${problem.what} Trying again.`;
      // A container that is being created is asked for again and again: that it waits is said once.
      if (!waits || note !== state.waited) state.notes.push(note);
      state.waited = waits ? note : '';
      state.wake();
    }
    if (Date.now() - started > 10_000) state.failures = 0;
    state.failures += 1;
    await pause(backoff(state.failures) / 2, signal);
    tail.restart();
    resumed = true;
  }
}

async function readOnce(
  client: ApiClient,
  request: LogRequest,
  tail: LogTail,
  state: Following,
  resumed: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { namespace, pod, container } = request;
  const from = resumed && state.last !== '' ? { sinceTime: state.last } : sinceOf(request);
  const answer = await client.open({
    verb: 'GET',
    resource: 'pods/log',
    path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`,
    query: {
      container,
      // They tell where to go on after a break; they are taken off before the line is shown.
      timestamps: 'true',
      ...(request.follow && { follow: 'true' }),
      ...(request.previous && { previous: 'true' }),
      ...from,
    },
    signal,
  });
  state.opened = true;
  for await (const chunk of answer.body) {
    tail.push(chunk);
    state.wake();
  }
  tail.finish();
  state.wake();
}

function sinceOf(request: LogRequest): Record<string, string> {
  return {
    ...(request.tailLines !== undefined && { tailLines: String(request.tailLines) }),
    ...(request.sinceSeconds !== undefined && { sinceSeconds: String(request.sinceSeconds) }),
  };
}

/** In the node's own time zone, which is mostly UTC. */
const stamped = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) /;

/** Instead of lines, where the file is gone or was moved while it was read. */
const ofKubelet = /^(unable to retrieve container logs for |failed to try resolving symlinks in path )/;

type StampedLine = { text: string; at: number };

function linesEvent(lines: readonly StampedLine[], program: LogProgram | undefined): LogEvent {
  const texts = lines.map(({ text }) => text);
  const known = texts.flatMap((text, place) => {
    const found = program && classifyLine(text, program);
    return found === undefined ? [] : [{ place, pattern: found.pattern.id }];
  });
  return { type: 'lines', lines: texts, at: lines.map(({ at }) => at), ...(known.length > 0 && { known }) };
}

/** `sinceTime` is cut to whole seconds by the server: after a break some lines come twice. */
function withoutRepeats(lines: readonly Buffer[], state: Following): StampedLine[] {
  const shown: StampedLine[] = [];
  for (const bytes of lines) {
    if (bytes === restarted) {
      state.repeating = true;
      continue;
    }
    const text = bytes.toString('utf8');
    const stamp = stamped.exec(text)?.[1];
    if (stamp === undefined && ofKubelet.test(text)) {
      state.kubelet.push(`The node says: ${sanitiseLine(text, 300)}`);
      continue;
    }
    if (stamp !== undefined) {
      if (state.repeating && comparable(stamp) <= comparable(state.last)) continue;
      // A container's clock may be set back: from here on nothing is compared.
      state.repeating = false;
      state.last = stamp;
    }
    shown.push({
      text: sanitiseLine((stamp === undefined ? text : text.slice(stamp.length + 1)).replace(/\r$/, ''), 8_192),
      at: stamp === undefined ? 0 : Date.parse(stamp),
    });
  }
  return shown;
}

/** Trailing zeros of the fraction are left out by the server, and zones may change: the texts alone do not sort. */
function comparable(stamp: string): string {
  const [, seconds = '', fraction = '', zone = ''] = /^([^.Z+]{19})(?:\.(\d+))?(.*)$/.exec(stamp) ?? [];
  const at = Date.parse(`${seconds}${zone}`);
  return `${String(Number.isNaN(at) ? 0 : at).padStart(15, '0')}.${fraction.padEnd(9, '0')}`;
}

/** A followed log ends when the container does, but also at rotations. Undefined: it goes on. */
async function whyEnded(client: ApiClient, request: LogRequest, signal: AbortSignal): Promise<string | undefined> {
  const { namespace, pod, container } = request;
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}`;
  try {
    const raw = (await client.json({ verb: 'GET', resource: 'pods', path, signal })) as RawObject;
    // The projection keeps every container of kube-system, elsewhere only the troubled ones.
    const row = kinds.pods.project(asSystemPod(raw), createIntern());
    const found = row.containers.find((one) => one.name === container);
    if (found === undefined || found.state === 'running' || found.state === 'waiting') return undefined;
    const willRestart = row.phase === 'Running' && row.deleting === 0 && !found.init;
    return willRestart ? undefined : endText(found);
  } catch (error) {
    return error instanceof ApiProblem && error.kind === 'missing' ? 'The pod is gone.' : undefined;
  }
}

function asSystemPod(raw: RawObject): RawObject {
  return { ...raw, metadata: { ...(raw.metadata as object), namespace: 'kube-system' } };
}

function endText(container: ContainerRow): string {
  const why = container.reason === '' ? '' : ` (${container.reason})`;
  return `The container ended with exit code ${container.exitCode}${why}.`;
}
