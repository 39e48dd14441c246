import WebSocket from 'ws';
import { sanitiseLine } from '../../model/sanitise.ts';
import type { ApiClient } from './api-client.ts';
import { ApiProblem, connectionProblem, statusProblem } from './api-problem.ts';
import type { Identity } from './credentials.ts';

export type ExecTarget = { namespace: string; pod: string; container: string };

/** `text`: the runtime's words where it ended badly, sanitised. `missing`: the container has no such program. */
export type ExecEnd = { exitCode: number; missing: boolean; text: string };

/** A command that runs in a container. */
export type ExecSocket = {
  /** How it ended, after all of its output. Rejects with an ApiProblem where the connection broke before. */
  ended: Promise<ExecEnd>;
  /**
   * Ends the command: closing the connection alone would leave it running in the container (kubernetes-client/javascript
   * #2532, kubernetes #89031). Only where it has a terminal. Resolves when it has ended, or after `waitMs`.
   */
  interrupt(waitMs: number): Promise<void>;
  close(): void;
};

export type ExecOptions = {
  target: ExecTarget;
  command: readonly string[];
  /** With a terminal a ctrl-C reaches it, and stdout and stderr are one. */
  terminal: boolean;
  /** Nothing heard for this long: the connection is asked whether it lives. */
  silenceMs: number;
  onOutput(channel: 1 | 2, bytes: Buffer): void;
};

const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const mostFrameBytes = 8 * 1_048_576;
const handshakeMs = 15_000;
/** How long output may still come after the command has said how it ended. */
const lateOutputMs = 300;
const stdin = 0;
const closeChannel = 255;
const controlC = 3;

/**
 * Begins a command and resolves when it runs. As with every request the credentials are renewed once after a 401.
 * Throws ApiProblem where it cannot be begun, in the server's words.
 */
export async function openExec(client: ApiClient, options: ExecOptions, signal: AbortSignal): Promise<ExecSocket> {
  const identity = await client.credentials.identity();
  try {
    return await dial(client, identity, options, signal);
  } catch (error) {
    if (!(error instanceof ApiProblem && error.kind === 'unauthorized')) throw error;
    await client.credentials.renew(identity);
    return dial(client, await client.credentials.identity(), options, signal);
  }
}

async function dial(
  client: ApiClient,
  identity: Identity,
  options: ExecOptions,
  signal: AbortSignal,
): Promise<ExecSocket> {
  signal.throwIfAborted();
  const started = performance.now();
  const { server } = client.credentials.session().cluster;
  const path = pathOf(options);
  const tellEnd = await client.tellExec(options.target, options.command);
  if (signal.aborted) tellEnd({ outcome: 'refused', said: 'left before it was sent' });
  signal.throwIfAborted();
  const socket = new WebSocket(`${server.replace(/^http/, 'ws')}${path}`, protocols, {
    headers: identity.headers as Record<string, string>,
    agent: identity.agent,
    ...identity.tls,
    handshakeTimeout: handshakeMs,
    maxPayload: mostFrameBytes,
    perMessageDeflate: false,
  });
  let status = 0;
  socket.on('upgrade', (response) => {
    status = response.statusCode ?? 0;
  });
  socket.on('unexpected-response', (_request, response) => {
    status = response.statusCode ?? 0;
  });
  socket.on('close', () =>
    client.count({ verb: 'EXEC', resource: 'pods', path, status, ms: performance.now() - started }),
  );
  const { opened, ended } = listen(socket, server, options);
  let left = false;
  const leave = () => {
    left = true;
    socket.terminate();
  };
  ended.then(
    (end) => tellEnd({ outcome: 'done', said: `${endWords(end)} after ${took(started)}` }),
    (error: unknown) => tellEnd(left ? { outcome: 'done', said: `left after ${took(started)}` } : brokenEnd(error)),
  );
  const abort = leave;
  signal.addEventListener('abort', abort, { once: true });
  try {
    await opened;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
  const beat = heartbeat(socket, options.silenceMs);
  socket.on('close', () => clearInterval(beat));
  return {
    ended,
    async interrupt(waitMs) {
      const over = ended.then(
        () => {},
        () => {},
      );
      if (socket.readyState === socket.OPEN) {
        socket.send(Buffer.from([stdin, controlC]));
        if (socket.protocol === protocols[0]) socket.send(Buffer.from([closeChannel, stdin]));
        await Promise.race([over, new Promise((resolve) => setTimeout(resolve, waitMs).unref())]);
      }
      leave();
    },
    close: leave,
  };
}

function took(started: number): string {
  return `${((performance.now() - started) / 1_000).toFixed(1)}s`;
}

function endWords({ missing, exitCode }: ExecEnd): string {
  return missing ? 'no such program there' : `exit ${exitCode}`;
}

/** What the server refused was not run; of a broken connection nobody knows. */
function brokenEnd(error: unknown): { outcome: 'refused' | 'unknown'; said: string } {
  const problem = error instanceof ApiProblem ? error : undefined;
  return { outcome: (problem?.status ?? 0) >= 400 ? 'refused' : 'unknown', said: problem?.what ?? String(error) };
}

function pathOf({ target, command, terminal }: ExecOptions): string {
  const query = new URLSearchParams({ container: target.container, stdout: 'true' });
  if (terminal) {
    query.set('stdin', 'true');
    query.set('tty', 'true');
  } else {
    query.set('stderr', 'true');
  }
  for (const word of command) query.append('command', word);
  return `/api/v1/namespaces/${encodeURIComponent(target.namespace)}/pods/${encodeURIComponent(target.pod)}/exec?${query}`;
}

/** What the server's frames and refusals mean. */
function listen(
  socket: WebSocket,
  server: string,
  { command, onOutput }: ExecOptions,
): { opened: Promise<void>; ended: Promise<ExecEnd> } {
  const opened = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<ExecEnd>();
  // Whoever waits for the opening alone must not be hit by what comes later.
  ended.promise.catch(() => {});
  const fail = (problem: ApiProblem) => {
    opened.reject(problem);
    ended.reject(problem);
  };
  let end: ExecEnd | undefined;
  socket.on('open', () => opened.resolve());
  socket.on('message', (message) => {
    const data = message as Buffer;
    const channel = data[0];
    const payload = data.subarray(1);
    if (channel === 1 || channel === 2) {
      if (payload.length > 0) onOutput(channel, payload);
    } else if (channel === 3 && end === undefined && payload.length > 0) {
      end = readEnd(payload.toString('utf8'));
      const known = end;
      setTimeout(() => ended.resolve(known), lateOutputMs);
    }
  });
  // The server's reason comes as the body of the refused upgrade.
  socket.on('unexpected-response', (_request, response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    const refused = () => {
      const body = Buffer.concat(chunks).toString('utf8');
      if (isMissing(body)) {
        opened.resolve();
        ended.resolve({ exitCode: -1, missing: true, text: '' });
      } else {
        fail(refusal(response.statusCode ?? 0, response.headers, body, command));
      }
      socket.terminate();
    };
    response.on('end', refused);
    response.on('error', refused);
  });
  socket.on('error', (error) => fail(socketProblem(error, server)));
  socket.on('close', (code) => {
    if (end !== undefined) ended.resolve(end);
    else fail(new ApiProblem('unreachable', `The connection broke before the command ended (${code}).`, 'Try again.'));
  });
  return { opened: opened.promise, ended: ended.promise };
}

function refusal(
  status: number,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: string,
  command: readonly string[],
): ApiProblem {
  const problem = statusProblem(status, headers, body, 'run commands in pods (create and get pods/exec)');
  switch (problem.kind) {
    case 'throttled': {
      const wait = problem.retryAfterMs > 0 ? ` Try again in ${Math.ceil(problem.retryAfterMs / 1_000)}s.` : '';
      return new ApiProblem('throttled', `${problem.what}${wait}`, problem.hint, problem);
    }
    case 'refused':
      return new ApiProblem(
        'refused',
        `${command[0]} was not run (${status}): ${problem.said || 'the server does not say why'}.`,
        'Is the container running?',
        problem,
      );
    default:
      return problem;
  }
}

function socketProblem(error: Error & { code?: string }, server: string): ApiProblem {
  if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
    return new ApiProblem('server', 'The command answers with more than 8 MB at once.', 'Ask for less.');
  }
  if (/handshake has timed out/i.test(error.message)) {
    return new ApiProblem('unreachable', `${server} took the command and does not answer.`, 'Try again.');
  }
  if (/subprotocol/i.test(error.message)) {
    return new ApiProblem(
      'server',
      'The server speaks no form of exec that is known here (v5, v4.channel.k8s.io).',
      'A proxy in between may have dropped Sec-WebSocket-Protocol.',
    );
  }
  return connectionProblem(error, server);
}

/** Load balancers forget silent connections. Who has answered before and does not any more is gone. */
function heartbeat(socket: WebSocket, silenceMs: number): NodeJS.Timeout {
  let answers = false;
  let heard = performance.now();
  const hear = () => {
    heard = performance.now();
  };
  socket.on('message', hear);
  socket.on('pong', () => {
    answers = true;
    hear();
  });
  return setInterval(() => {
    if (socket.readyState !== socket.OPEN) return;
    if (answers && performance.now() - heard > 2.5 * silenceMs) socket.terminate();
    else socket.ping();
  }, silenceMs).unref();
}

type EndStatus = {
  status?: string;
  message?: string;
  details?: { causes?: { reason?: string; message?: string }[] };
};

/** Channel 3 carries a Status: Success, or the exit code among its causes. */
function readEnd(text: string): ExecEnd {
  let status: EndStatus | null;
  try {
    status = JSON.parse(text);
  } catch {
    return { exitCode: -1, missing: isMissing(text), text: sanitiseLine(text, 300) };
  }
  if (status?.status === 'Success') return { exitCode: 0, missing: false, text: '' };
  const causes = Array.isArray(status?.details?.causes) ? status.details.causes : [];
  const code = Number(causes.find((cause) => cause?.reason === 'ExitCode')?.message ?? -1);
  const words = String(status?.message ?? '');
  return { exitCode: Number.isInteger(code) ? code : -1, missing: isMissing(words), text: sanitiseLine(words, 300) };
}

/** The container runtimes' own words. */
function isMissing(text: string): boolean {
  return /executable file not found|no such file or directory: unknown|stat .*: no such file/i.test(text);
}
