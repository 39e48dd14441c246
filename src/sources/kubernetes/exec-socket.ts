import WebSocket from 'ws';
import type { ApiClient } from './api-client.ts';
import { ApiProblem } from './api-problem.ts';
import type { Identity } from './credentials.ts';
import { createEnding, createWords, type ExecEnd, isMissing } from './exec-end.ts';
import { execConnectionProblem, execRefusal } from './exec-refusal.ts';

export type ExecTarget = { namespace: string; pod: string; container: string };

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
/** A refusal that is not read to its end by then is told with what came of it. */
const refusalMs = 2_000;
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
  // Its own timeout hears every byte as an answer: a proxy may send one a second for ever.
  const slow = setTimeout(() => {
    fail(new ApiProblem('unreachable', `${server} took the command and does not answer.`, 'Try again.'));
    socket.terminate();
  }, handshakeMs);
  const end = createEnding(ended.resolve);
  socket.on('open', () => {
    clearTimeout(slow);
    opened.resolve();
  });
  socket.on('message', (message) => {
    const data = message as Buffer;
    const channel = data[0];
    const payload = data.subarray(1);
    if (payload.length === 0) return;
    if (channel === 1 || channel === 2) {
      onOutput(channel, payload);
      end.goesOn();
    } else if (channel === 3) end.say(payload);
  });
  // The server's reason comes as the body of the refused upgrade.
  socket.on('unexpected-response', (_request, response) => {
    const words = createWords();
    const refused = () => {
      const body = words.text();
      if (isMissing(body)) {
        opened.resolve();
        ended.resolve({ exitCode: -1, missing: true, text: '' });
      } else {
        fail(execRefusal(response.statusCode ?? 0, response.headers, body, command[0] ?? ''));
      }
      socket.terminate();
    };
    const enough = setTimeout(refused, refusalMs);
    response.on('data', (chunk: Buffer) => {
      if (!words.add(chunk)) refused();
    });
    response.on('end', refused);
    response.on('error', refused);
    response.on('close', () => clearTimeout(enough));
  });
  socket.on('error', (error) => fail(execConnectionProblem(error, server)));
  socket.on('close', (code) => {
    clearTimeout(slow);
    if (end.said()) end.finish();
    else fail(new ApiProblem('unreachable', `The connection broke before the command ended (${code}).`, 'Try again.'));
  });
  return { opened: opened.promise, ended: ended.promise };
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
