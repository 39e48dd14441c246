// How servers, proxies and runtimes that differ from each other begin, carry and end a command.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { LogEvent } from '../../../src/model/asks.ts';
import type { ApiClient } from '../../../src/sources/kubernetes/api-client.ts';
import { createExecBudget } from '../../../src/sources/kubernetes/exec-budget.ts';
import { runInPod } from '../../../src/sources/kubernetes/pod-exec.ts';
import { followInPod } from '../../../src/sources/kubernetes/pod-follow.ts';

/** What the server does with each upgrade; `program` is the command's first word. */
type Play =
  | { raw: (socket: Duplex) => void }
  | { frames: (program: string, send: (channel: number, text: string) => void, socket: WebSocket) => void };

let server: Server;
let play: Play;
const open = new Set<Duplex>();
const client = () =>
  ({
    credentials: {
      identity: async () => ({ headers: {}, tls: {}, agent: undefined }),
      session: () => ({ cluster: { server: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } }),
      renew: async () => {},
    },
    tellExec: () => () => {},
    count: () => {},
  }) as unknown as ApiClient;

beforeAll(async () => {
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => [...offered][0] ?? false });
  server = createServer();
  server.on('upgrade', (request, socket, head) => {
    open.add(socket);
    socket
      .on('close', () => open.delete(socket))
      .on('end', () => socket.end())
      .on('error', () => {});
    if ('raw' in play) return play.raw(socket.resume());
    const program = new URL(request.url ?? '', 'http://api').searchParams.get('command') ?? '';
    const { frames } = play;
    sockets.handleUpgrade(request, socket, head, (web) => {
      frames(program, (channel, text) => web.send(Buffer.concat([Buffer.from([channel]), Buffer.from(text)])), web);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});
afterAll(() => server.close());

const target = { namespace: 'kube-system', pod: 'cilium-1', container: 'cilium-agent' };
const never = new AbortController().signal;
const run = (limitMs = 5_000) =>
  runInPod(client(), target, ['cilium-dbg', 'status'], { limitMs, silenceMs: 1_000 }, never);
async function follow(): Promise<LogEvent[]> {
  const events: LogEvent[] = [];
  const command = ['cilium-dbg', 'monitor', '--type', 'drop', '-j'];
  const budget = createExecBudget(3, Date.now);
  const options = { client: client(), target, command, silenceMs: 1_000, budget, title: '' };
  for await (const event of followInPod(options, never)) events.push(event);
  return events;
}

const success = JSON.stringify({ metadata: {}, status: 'Success' });
const failure = (message: string, code?: number) =>
  JSON.stringify({
    ...{ status: 'Failure', message, reason: code === undefined ? 'InternalError' : 'NonZeroExitCode' },
    details: { causes: code === undefined ? [{ message }] : [{ reason: 'ExitCode', message: String(code) }] },
  });
const passed = (why: string) =>
  `failed to exec in container: failed to start exec "5d": OCI runtime exec failed: ${why}`;

describe('a program of another name is looked for where the runtime says it is missing', () => {
  test.each([
    [
      'runc',
      passed('unable to start container process: exec: "cilium-dbg": executable file not found in $PATH: unknown'),
    ],
    ['runc, by its path', passed('exec: "/bin/cilium-dbg": stat /bin/cilium-dbg: no such file or directory: unknown')],
    ['crun', 'crun: executable file `cilium-dbg` not found in $PATH: No such file or directory'],
    ['youki', "executable 'cilium-dbg' for container process not found in PATH"],
    ['gVisor', passed('error finding executable "cilium-dbg" in PATH []string{"/bin"}: no such file or directory')],
    ['a shell', 'command terminated with exit code 127', 127],
    ['an older runtime that prints it', 'command terminated with exit code 126', 126],
  ])('%s', async (_, words, code?: number) => {
    play = {
      frames(program, send, socket) {
        if (code === 126 && program === 'cilium-dbg') send(2, 'exec: "cilium-dbg": executable file not found in $PATH');
        else if (program === 'cilium') send(1, 'OK\n');
        send(3, program === 'cilium' ? success : failure(words, code));
        socket.close();
      },
    };
    await expect(run()).resolves.toMatchObject({ exitCode: 0, stdout: 'OK\n' });
  });

  test('and where it has none of them, that is said at once, by what goes on, too', async () => {
    play = { frames: (_, send) => send(3, failure('executable file not found in $PATH')) };
    await expect(run()).rejects.toMatchObject({ what: 'The container cilium-agent has no cilium-dbg.' });
    await expect(follow()).rejects.toMatchObject({ what: 'The container cilium-agent has no cilium-dbg.' });
  });
});

describe('how it ended', () => {
  test.each([
    ['in pieces', ['{"status":"Fail', 'ure","details":{"causes":[{"reason":"Exit', 'Code","message":"3"}]}}'], 3],
    ['in words only', ['command terminated with exit code 137'], 137],
    ['of a permission that the program lacks', [failure('', 126)], 126],
  ])('%s', async (_, pieces, exitCode) => {
    play = {
      frames(_program, send) {
        for (const piece of pieces) send(3, piece);
      },
    };
    await expect(run()).resolves.toMatchObject({ ended: 'exit', exitCode });
  });

  test.each([
    [
      'error dialing backend: dial tcp 10.0.0.4:10250: i/o timeout',
      /did not come to its end: error dialing/,
      /konnectivity/,
    ],
    [passed('cannot exec in a stopped container: unknown'), /stopped container/, /running\?/],
    ['null', /nobody says how it ended/, /Try again/],
  ])('badly: %s', async (words, what, hint) => {
    play = { frames: (_, send) => send(3, words === 'null' ? 'null' : failure(words)) };
    await expect(run()).rejects.toMatchObject({ what: expect.stringMatching(what), hint: expect.stringMatching(hint) });
  });

  test('before its output, which comes for longer than a moment', async () => {
    play = {
      frames(_, send) {
        send(3, success);
        let parts = 0;
        const timer = setInterval(() => {
          send(1, 'x');
          parts += 1;
          if (parts === 5) clearInterval(timer);
        }, 100);
      },
    };
    await expect(run()).resolves.toMatchObject({ ended: 'exit', exitCode: 0, stdout: 'xxxxx' });
  });
});

describe('no WebSocket', () => {
  const http = (status: number, body: string) => ({
    raw: (socket: Duplex) =>
      void socket.write(`HTTP/1.1 ${status} X\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`),
  });
  const status = (code: number, message: string) =>
    http(code, JSON.stringify({ kind: 'Status', status: 'Failure', message, code }));
  const switched = (headers: string) => ({
    raw: (socket: Duplex) => void socket.write(`HTTP/1.1 101 X\r\nConnection: Upgrade\r\n${headers}\r\n\r\n`),
  });
  test.each<[string, Play, RegExp, RegExp]>([
    [
      'SPDY instead',
      switched('Upgrade: SPDY/3.1'),
      /no WebSocket comes to the API server/,
      /proxy .* SPDY is not spoken/,
    ],
    ['a proxy without upgrades', status(400, 'Upgrade request required'), /no WebSocket/, /proxy/],
    ['a page to sign in', http(302, ''), /no WebSocket .*answered 302/, /proxy/],
    [
      'no konnectivity',
      status(500, 'error dialing backend: No agent available'),
      /\(500\): error dialing.*available\.$/,
      /konnectivity/,
    ],
    [
      'in plain words',
      http(500, 'error dialing backend: EOF\n'),
      /\(500\): error dialing backend: EOF/,
      /konnectivity/,
    ],
    ['a gateway’s page', http(502, '<html>Bad Gateway</html>'), /not run \(502\): no reason is given/, /Try again/],
    [
      'a container that is gone',
      status(500, 'unable to upgrade connection: container not found ("cilium-agent")'),
      /container not found/,
      /running\?/,
    ],
    ['a proxy that forbids', http(403, '<html>blocked</html>'), /403.*not in Kubernetes/, /proxy in between/],
    ['a connection that is closed', { raw: (socket) => socket.destroy() }, /closed the connection/, /^Try again/],
  ])('%s', async (_, playing, what, hint) => {
    play = playing;
    await expect(run()).rejects.toMatchObject({ what: expect.stringMatching(what), hint: expect.stringMatching(hint) });
  });

  test('a refusal without an end is told with what came of it, or cut where it is long', async () => {
    const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
    play = {
      raw(socket) {
        socket.write(`HTTP/1.1 503 X\r\nTransfer-Encoding: chunked\r\n\r\n${chunk('maintenance')}`);
      },
    };
    await expect(run()).rejects.toThrow(/\(503\): maintenance/);
    play = {
      raw(socket) {
        const more = () => {
          while (!socket.destroyed && socket.write(chunk('y'.repeat(60_000))));
        };
        socket.on('drain', more);
        socket.write('HTTP/1.1 503 X\r\nTransfer-Encoding: chunked\r\n\r\n');
        more();
      },
    };
    await expect(run()).rejects.toThrow(/\(503\): yyy/);
  });
});

test('whatever came of them, no connection stays', async () => {
  await expect.poll(() => open.size).toBe(0);
});
