import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { messageOf } from '../../errors.ts';
import { badRequest, type Status } from '../api-error.ts';
import type { ExecSession, KubeObject } from '../cluster.ts';
import { containerAsked } from './container-asked.ts';
import type { Exchange } from './exchange.ts';
import type { Way } from './setting.ts';

const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io', 'channel.k8s.io'];
const channels = { stdout: 1, stderr: 2, error: 3 } as const;
/** Only v5 has it: the client closes one of its channels. */
const closeChannel = 255;

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
  const socket = await accept(exchange, way);
  await run(exchange, socket, session, isAsked(query, 'stdin'));
}

async function accept(exchange: Exchange, way: { socket: Duplex; first: Buffer }): Promise<WebSocket> {
  const server = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => protocols.find((one) => offered.has(one)) ?? false,
  });
  exchange.detach(101);
  return new Promise((resolve) => {
    server.handleUpgrade(exchange.incoming, way.socket, way.first, resolve);
  });
}

async function run(exchange: Exchange, socket: WebSocket, session: ExecSession, stdin: boolean): Promise<void> {
  const gone = new AbortController();
  const stop = () => gone.abort();
  socket.on('close', stop);
  socket.on('error', stop);
  exchange.signal.addEventListener('abort', stop, { once: true });
  socket.on('message', (message) => {
    const data = message as Buffer;
    // What is typed has nobody to read it; closing stdin is all that matters, and only v5 can say it.
    if (data[0] === closeChannel || stdin) return;
  });
  const send = (channel: number, text: string) =>
    new Promise<void>((resolve) => {
      if (socket.readyState !== socket.OPEN) return resolve();
      socket.send(Buffer.concat([Buffer.from([channel]), Buffer.from(text)]), () => resolve());
    });
  // Real servers open every channel with an empty frame.
  await send(channels.stdout, '');
  await send(channels.stderr, '');
  let last: Promise<void> = Promise.resolve();
  const write = (channel: 'stdout' | 'stderr', text: string) => {
    last = send(channels[channel], text);
  };
  let status: object;
  try {
    status =
      session.error === undefined ? ended(await session.run(write, gone.signal)) : failed(notStarted(session.error));
  } catch (error) {
    status = failed(messageOf(error));
  }
  await last;
  await send(channels.error, JSON.stringify(status));
  socket.close(1000);
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
