import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { messageOf } from '../../errors.ts';
import { badRequest, type Status } from '../api-error.ts';
import type { ExecSession, KubeObject } from '../cluster.ts';
import { containerAsked } from './container-asked.ts';
import type { Exchange } from './exchange.ts';
import type { ExecTrouble } from './intercept.ts';
import type { Way } from './setting.ts';

const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io', 'channel.k8s.io'];
const channels = { stdin: 0, stdout: 1, stderr: 2, error: 3 } as const;
const controlC = 3;

/** Runs a command in a container over WebSocket. Throws ApiError (400) for SPDY and in the kubelet's words. */
export async function answerExec(exchange: Exchange, pod: KubeObject, way: Way): Promise<void> {
  const upgrade = String(exchange.incoming.headers.upgrade ?? '').toLowerCase();
  if (!('socket' in way) || upgrade !== 'websocket') {
    throw badRequest(
      upgrade.startsWith('spdy')
        ? 'this server speaks exec over WebSocket only (v5.channel.k8s.io, v4.channel.k8s.io): SPDY/3.1 needs kubectl 1.30 or newer'
        : 'Upgrade request required: exec needs a WebSocket (v5.channel.k8s.io or v4.channel.k8s.io)',
    );
  }
  const { query } = exchange.request;
  const container = containerAsked(pod, query.get('container') ?? '', { orInit: false });
  const command = query.getAll('command');
  if (command.length === 0) throw badRequest('you must specify at least one command for the container');
  const session = exchange.cluster.exec(pod, container, command);
  if (session === undefined) throw badRequest(`container not found (${JSON.stringify(container)})`);
  const troubles = exchange.faults.flatMap((fault) => (fault.kind === 'exec' ? [fault.trouble] : []));
  const socket = await accept(exchange, way, troubles);
  const { execs } = exchange;
  execs.total += 1;
  execs.running += 1;
  execs.most = Math.max(execs.most, execs.running);
  try {
    await run({ exchange, socket, session, terminal: isAsked(query, 'tty'), troubles, wire: way.socket });
  } finally {
    execs.running -= 1;
  }
}

type Troubles = readonly ExecTrouble[];

async function accept(
  exchange: Exchange,
  way: { socket: Duplex; first: Buffer },
  troubles: Troubles,
): Promise<WebSocket> {
  const spoken = troubles.includes('old-protocol') ? ['v4.channel.k8s.io'] : protocols;
  const server = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) =>
      troubles.includes('no-protocol') ? false : (spoken.find((one) => offered.has(one)) ?? false),
  });
  exchange.detach(101);
  return new Promise((resolve) => {
    server.handleUpgrade(exchange.incoming, way.socket, way.first, resolve);
  });
}

type Run = {
  exchange: Exchange;
  socket: WebSocket;
  session: ExecSession;
  terminal: boolean;
  troubles: Troubles;
  wire: Duplex;
};

async function run({ exchange, socket, session, terminal, troubles, wire }: Run): Promise<void> {
  const stop = new AbortController();
  let over = false;
  let interrupted = false;
  const gone = () => {
    // A command that goes on does so when its client just goes away: nothing tells it.
    if (session.goesOn && !over && !interrupted && !exchange.signal.aborted) exchange.execs.left += 1;
    stop.abort();
  };
  socket.on('close', gone);
  socket.on('error', gone);
  exchange.signal.addEventListener('abort', () => stop.abort(), { once: true });
  socket.on('message', (message) => {
    const data = message as Buffer;
    if (data[0] !== channels.stdin || !terminal || !data.subarray(1).includes(controlC)) return;
    interrupted = true;
    stop.abort();
  });
  const send = (channel: number, text: string) =>
    new Promise<void>((resolve) => {
      if (socket.readyState !== socket.OPEN) return resolve();
      socket.send(Buffer.concat([Buffer.from([channel]), Buffer.from(text)]), () => resolve());
    });
  // Real servers open every channel with an empty frame.
  await send(channels.stdout, '');
  if (!terminal) await send(channels.stderr, '');
  if (troubles.includes('silent')) {
    if (!stop.signal.aborted) await once(stop.signal, 'abort');
    return;
  }
  let last: Promise<void> = Promise.resolve();
  let held = '';
  const write = (channel: 'stdout' | 'stderr', text: string) => {
    if (troubles.includes('unknown-form')) return;
    if (troubles.includes('late-output')) held += text;
    // A terminal has one output, and ends its lines as terminals do.
    else if (terminal) last = send(channels.stdout, text.replaceAll('\n', '\r\n'));
    else last = send(channels[channel], text);
    if (troubles.includes('odd-frames')) last = oddFrames(socket);
    if (troubles.includes('dropped')) void last.then(() => wire.destroy());
  };
  let status: object;
  try {
    status =
      session.error === undefined ? ended(await session.run(write, stop.signal)) : failed(notStarted(session.error));
  } catch (error) {
    status = failed(messageOf(error));
  }
  over = true;
  await last;
  if (troubles.includes('unknown-form')) await send(channels.stdout, '{"message":"not in this version"}\n');
  await send(channels.error, JSON.stringify(interrupted ? ended(130) : status));
  if (held !== '') await send(channels.stdout, held);
  socket.close(1000);
}

async function oddFrames(socket: WebSocket): Promise<void> {
  for (const frame of [Buffer.from([7, 104, 105]), Buffer.from([200]), Buffer.alloc(0)]) socket.send(frame);
  await new Promise<void>((resolve) => socket.send('text of no channel', () => resolve()));
}

function ended(code: number): Partial<Status> {
  if (code === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${code}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  };
}

/** As the kubelet passes on what containerd and runc said. */
function notStarted(why: string): string {
  const runtime = `OCI runtime exec failed: exec failed: unable to start container process: ${why}: unknown`;
  const passed = `failed to exec in container: failed to start exec "${crypto.randomUUID().replaceAll('-', '')}": ${runtime}`;
  return `Internal error occurred: error executing command in container: ${passed}`;
}

function failed(why: string): Partial<Status> {
  return { metadata: {}, status: 'Failure', message: why, reason: 'InternalError', code: 500 };
}

function isAsked(query: URLSearchParams, name: string): boolean {
  return query.get(name) === 'true' || query.get(name) === '1';
}
