import { connect } from 'node:tls';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type Outlet, writeGzip } from '../../../src/simulator/api/outlet.ts';
import { startSmallCluster } from './small-cluster.ts';

/** Takes so many pieces; from then on the client is gone. */
function client(takes: number) {
  const pieces: Buffer[] = [];
  const outlet = {
    get closed() {
      return pieces.length >= takes;
    },
    async write(piece) {
      if (pieces.length >= takes) return false;
      pieces.push(piece as Buffer);
      return pieces.length < takes;
    },
  } as Partial<Outlet> as Outlet;
  return { outlet, pieces };
}

/** Text that gzip makes little of, so that it comes out in many pieces; tells how much of it was asked for. */
function list(chunks: number, asked: { chunks: number }) {
  const chunk = Array.from({ length: 20_000 }, (_, i) => ((i * 2_654_435_761) % 4_294_967_291).toString(36)).join('');
  return (async function* () {
    for (; asked.chunks < chunks; asked.chunks++) yield chunk;
  })();
}

test('a list is packed as a whole', async () => {
  const { outlet, pieces } = client(Number.POSITIVE_INFINITY);
  const asked = { chunks: 0 };
  await writeGzip(outlet, list(20, asked));
  const text = gunzipSync(Buffer.concat(pieces)).toString();
  let expected = '';
  for await (const chunk of list(20, { chunks: 0 })) expected += chunk;
  expect(text).toBe(expected);
});

test('a client that leaves in the middle ends the list, and is no error', async () => {
  const { outlet, pieces } = client(3);
  const asked = { chunks: 0 };
  await writeGzip(outlet, list(1_000, asked));
  expect(pieces).toHaveLength(3);
  expect(asked.chunks).toBeLessThan(100);
});

test('a list that breaks off is told, rather than waited for', async () => {
  const { outlet } = client(Number.POSITIVE_INFINITY);
  const broken = (async function* () {
    yield 'a';
    throw new Error('the version is forgotten');
  })();
  await expect(writeGzip(outlet, broken)).rejects.toThrow('the version is forgotten');
});

// A client's next question may be read before its last answer has been seen off: that one has no socket yet.
test('questions that come while an answer is on its way are answered whole', async () => {
  const cluster = await startSmallCluster();
  try {
    const { hostname, port } = new URL(cluster.server.url);
    const socket = connect({ host: hostname, port: Number(port), ca: cluster.server.ca });
    const question = (last: boolean) =>
      `GET /api/v1/namespaces HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer admin\r\n${last ? 'Connection: close\r\n' : ''}\r\n`;
    socket.write(question(false) + question(false) + question(true));
    let text = '';
    for await (const piece of socket) text += piece;
    expect(text.match(/"kind":"NamespaceList"/g)).toHaveLength(3);
  } finally {
    await cluster.stop();
  }
}, 10_000);
