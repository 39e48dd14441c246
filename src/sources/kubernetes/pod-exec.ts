import WebSocket from 'ws';
import { UserError } from '../../errors.ts';
import type { ExecResult } from '../../model/asks.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import type { ApiClient } from './api-client.ts';
import { ApiProblem, connectionProblem, statusProblem } from './api-problem.ts';
import type { Identity } from './credentials.ts';
import { isReading } from './reading-commands.ts';

export type ExecTarget = { namespace: string; pod: string; container: string };

const mostBytes = 8 * 1_048_576;

/**
 * Runs one reading command in a container and waits for its end, for `limitMs` or 8 MB of output, whichever is first
 * (what came until then is the answer). Throws UserError where it cannot be run.
 */
export async function runInPod(
  client: ApiClient,
  target: ExecTarget,
  command: readonly string[],
  limitMs: number,
  signal: AbortSignal,
): Promise<ExecResult> {
  if (!isReading(command)) {
    throw new UserError(`Not run: "${sanitiseLine(command.join(' '), 200)}" is none of the commands that only read.`);
  }
  const first = await execAdmitted(client, target, command, limitMs, signal);
  // Before 1.15 the agent's own tool had another name.
  if (first.missing && command[0] === 'cilium-dbg') {
    const second = await execAdmitted(client, target, ['cilium', ...command.slice(1)], limitMs, signal);
    if (!second.missing) return second.result;
  }
  if (first.missing) {
    throw new UserError(
      `The container ${sanitiseLine(target.container, 100)} has no ${command[0]}.`,
      'Its image may be of another version, or not be Cilium.',
    );
  }
  return first.result;
}

type Outcome = { result: ExecResult; missing: boolean };

/** As every request: on a 401 the credentials are renewed, once. */
async function execAdmitted(
  client: ApiClient,
  target: ExecTarget,
  command: readonly string[],
  limitMs: number,
  signal: AbortSignal,
): Promise<Outcome> {
  const identity = await client.credentials.identity();
  try {
    return await execOnce(client, identity, target, command, limitMs, signal);
  } catch (error) {
    if (!(error instanceof ApiProblem && error.kind === 'unauthorized')) throw error;
    await client.credentials.renew(identity);
    return execOnce(client, await client.credentials.identity(), target, command, limitMs, signal);
  }
}

async function execOnce(
  client: ApiClient,
  identity: Identity,
  target: ExecTarget,
  command: readonly string[],
  limitMs: number,
  signal: AbortSignal,
): Promise<Outcome> {
  const started = performance.now();
  const path = `/api/v1/namespaces/${encodeURIComponent(target.namespace)}/pods/${encodeURIComponent(target.pod)}/exec`;
  const query = new URLSearchParams({ container: target.container, stdout: 'true', stderr: 'true' });
  for (const word of command) query.append('command', word);
  const { server } = client.credentials.session().cluster;
  const socket = new WebSocket(
    `${server.replace(/^http/, 'ws')}${path}?${query}`,
    ['v5.channel.k8s.io', 'v4.channel.k8s.io'],
    {
      headers: identity.headers as Record<string, string>,
      agent: identity.agent,
      ...identity.tls,
      handshakeTimeout: 15_000,
      maxPayload: mostBytes,
      perMessageDeflate: false,
    },
  );
  let status = 0;
  socket.on('upgrade', (response) => {
    status = response.statusCode ?? 0;
  });
  socket.on('unexpected-response', (_request, response) => {
    status = response.statusCode ?? 0;
  });
  try {
    return await conversation(socket, command, limitMs, signal, server);
  } finally {
    socket.terminate();
    client.count({
      verb: 'EXEC',
      resource: 'pods',
      path: `${path}?${query}`,
      status,
      ms: performance.now() - started,
    });
  }
}

function conversation(
  socket: WebSocket,
  command: readonly string[],
  limitMs: number,
  signal: AbortSignal,
  server: string,
): Promise<Outcome> {
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
  const output = { 1: [] as Buffer[], 2: [] as Buffer[] };
  let bytes = 0;
  const done = (ended: ExecResult['ended'], exitCode = -1, missing = false) => {
    const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString('utf8');
    resolve({ result: { ended, exitCode, stdout: text(output[1]), stderr: text(output[2]) }, missing });
  };
  const timer = setTimeout(() => done('time'), limitMs);
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();

  socket.on('message', (message) => {
    const data = message as Buffer;
    const channel = data[0];
    const payload = data.subarray(1);
    if (channel === 1 || channel === 2) {
      bytes += payload.length;
      output[channel].push(payload);
      if (bytes > mostBytes) done('size');
    } else if (channel === 3) {
      const end = readEnd(payload.toString('utf8'));
      done('exit', end.exitCode, end.missing);
    }
  });
  // The server's reason comes as the body of the refused upgrade.
  socket.on('unexpected-response', (_request, response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      if (isMissing(body)) done('exit', -1, true);
      else reject(statusProblem(response.statusCode ?? 0, response.headers, body, `exec ${command[0]} in this pod`));
    });
  });
  socket.on('error', (error) => reject(connectionProblem(error, server)));
  socket.on('close', () =>
    reject(new ApiProblem('unreachable', 'The connection broke before the command ended.', 'Try again.')),
  );
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  });
}

type EndStatus = {
  status?: string;
  message?: string;
  details?: { causes?: { reason?: string; message?: string }[] };
};

/** Channel 3 carries a Status: Success, or the exit code among its causes. */
function readEnd(text: string): { exitCode: number; missing: boolean } {
  let status: EndStatus = {};
  try {
    status = JSON.parse(text);
  } catch {
    return { exitCode: -1, missing: isMissing(text) };
  }
  if (status.status === 'Success') return { exitCode: 0, missing: false };
  const code = status.details?.causes?.find((cause) => cause?.reason === 'ExitCode')?.message;
  return { exitCode: code === undefined ? -1 : Number(code), missing: isMissing(String(status.message ?? '')) };
}

/** The container runtimes' own words. */
function isMissing(text: string): boolean {
  return /executable file not found|no such file or directory: unknown|stat .*: no such file/i.test(text);
}
